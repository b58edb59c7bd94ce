import * as vscode from "vscode";
import type { NodeSearch } from "../kernel/find-node.ts";
import type { Sessions } from "../notebook/sessions.ts";
import type { DataSets } from "../views/data-sets.ts";
import type { Variables } from "../views/variables.ts";
import { interrupt } from "./interrupt.ts";
import { kernelMenu } from "./kernel-menu.ts";
import { modelCommands } from "./models.ts";
import { newNotebook } from "./new-notebook.ts";
import { openSample } from "./open-sample.ts";
import { openWalkthrough } from "./open-walkthrough.ts";
import { type RecordSurroundings, recordCommands } from "./records.ts";
import { recover } from "./recover.ts";
import { restart } from "./restart.ts";
import { restartAndRunAll } from "./restart-and-run-all.ts";
import { runToHere } from "./run-to-here.ts";
import { selectNode } from "./select-node.ts";
import { setSeed } from "./set-seed.ts";
import { runStaleCells, switchStaleness } from "./staleness.ts";
import { stopKernel } from "./stop-kernel.ts";
import { switchMode } from "./switch-mode.ts";
import { variableCommands } from "./variables.ts";

/** What commands need of the extension. */
export interface CommandSurroundings extends RecordSurroundings {
  readonly sessions: Sessions;
  readonly variables: Variables;
  /** Reads the lists of data sets and models anew. */
  readonly refreshLists: () => void;
  readonly log: vscode.LogOutputChannel;
  readonly nodeSearch: () => NodeSearch;
  readonly dataSets: DataSets;
  /** `publisher.name`. */
  readonly extensionId: string;
}

/** Registers every command of the manifest. */
export function registerCommands(surroundings: CommandSurroundings): vscode.Disposable {
  const { sessions, log, extensionUri, extensionId, nodeSearch } = surroundings;
  const commands: Readonly<Record<string, (argument?: never) => unknown>> = {
    ...recordCommands(surroundings),
    "assay.newNotebook": () => newNotebook(extensionUri),
    "assay.openSample": () => openSample(extensionUri),
    "assay.interrupt": () => interrupt(sessions),
    "assay.restart": () => restart(sessions),
    "assay.restartAndRunAll": () => restartAndRunAll(sessions, extensionId),
    "assay.runToHere": () => runToHere(sessions, extensionId),
    "assay.recover": () => recover(sessions),
    "assay.stopKernel": () => stopKernel(sessions),
    "assay.switchMode": () => switchMode(sessions),
    "assay.setSeed": () => setSeed(sessions),
    "assay.switchStaleness": () => switchStaleness(sessions),
    "assay.runStaleCells": () => runStaleCells(sessions),
    "assay.openWalkthrough": () => openWalkthrough(extensionId),
    ...modelCommands(),
    "assay.loadMoreItems": (node) => node && surroundings.dataSets.loadMore(node),
    "assay.selectNode": () => selectNode(sessions, nodeSearch),
    "assay.kernelMenu": () => kernelMenu(sessions),
    ...variableCommands(surroundings.variables),
    "assay.refreshLists": () => surroundings.refreshLists(),
    "assay.showLog": () => log.show(),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([id, run]) => vscode.commands.registerCommand(id, run)),
  );
}
