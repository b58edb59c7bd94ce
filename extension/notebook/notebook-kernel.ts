import { dirname } from "node:path";
import * as vscode from "vscode";
import type { NotebookInfo, SessionEvent, SessionState } from "../../kernel/protocol/messages.ts";
import { type NodeRuntime, NoNodeError } from "../kernel/find-node.ts";
import type { KernelProcess, StartProcess } from "../kernel/kernel-process.ts";
import { offerNode } from "./kernel-trouble.ts";
import { notebookPath, readSettings, settingsOf, sourcesOf, writeSettings } from "./metadata.ts";
import { storeSetting } from "./store-setting.ts";

/** What the kernel of a notebook needs of its surroundings. */
export interface KernelSurroundings {
  readonly log: vscode.LogOutputChannel;
  /** The kernel's program: `dist/kernel/main.js`. */
  readonly entry: string;
  readonly findRuntime: () => Promise<NodeRuntime>;
  readonly start: StartProcess;
}

/** Who hears of what happens to the process. */
interface Listeners {
  readonly onEvent: (event: SessionEvent) => void;
  /** It is being started, is ready, or cannot be started. */
  readonly onState: (state: SessionState, detail?: string) => void;
  /** The process ended without being asked to; it is forgotten already. */
  readonly onExit: (reason: string) => void;
}

/** The kernel process of one notebook, in two steps: a process that answers questions about the language, then a session in it that runs cells. */
export class NotebookKernel {
  readonly #notebook: vscode.NotebookDocument;
  readonly #surroundings: KernelSurroundings;
  readonly #listeners: Listeners;
  #process: Promise<KernelProcess> | undefined;
  /** Resolves when the process holds a session for this notebook. */
  #opened: Promise<KernelProcess> | undefined;
  #storeFolder: string | undefined;
  #runtime: NodeRuntime | undefined;
  #generation = 0;
  #written: Promise<void> = Promise.resolve();
  #starting = false;
  /** Whether the kernel knows the cells as they are now. */
  #cellsKnown = false;
  #cellsTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(notebook: vscode.NotebookDocument, surroundings: KernelSurroundings, listeners: Listeners) {
    this.#notebook = notebook;
    this.#surroundings = surroundings;
    this.#listeners = listeners;
  }

  get runtime(): NodeRuntime | undefined {
    return this.#runtime;
  }

  /** The store's folder, when the kernel told it. */
  get storeFolder(): string | undefined {
    return this.#storeFolder;
  }

  /** Grows by one with every process: what was told to an earlier one, this one does not know. */
  get generation(): number {
    return this.#generation;
  }

  /** Whether there is a session, or one is being opened. */
  get isOpen(): boolean {
    return this.#opened !== undefined;
  }

  /** The process with its session; undefined where there is none. */
  async opened(): Promise<KernelProcess | undefined> {
    return this.#opened?.catch(() => undefined);
  }

  /** The process, started when there is none. */
  process(): Promise<KernelProcess> {
    this.#process ??= this.#start().catch((error: unknown) => {
      this.#forget();
      throw error;
    });
    return this.#process;
  }

  /** The process with a session for the notebook, opened when there is none. */
  open(): Promise<KernelProcess> {
    this.#opened ??= this.#initialize().catch((error: unknown) => {
      this.#opened = undefined;
      this.#listeners.onState("crashed", messageOf(error));
      throw error;
    });
    return this.#opened;
  }

  /** Resolves when the notebook says how it is run. */
  get written(): Promise<void> {
    return this.#written;
  }

  /** Says that cells were added, removed, moved or edited; the kernel hears of it when the typing rests, or before the next cell runs. */
  cellsChanged(): void {
    this.#cellsKnown = false;
    clearTimeout(this.#cellsTimer);
    this.#cellsTimer = setTimeout(async () => {
      const kernel = await this.opened();
      if (kernel) await this.tellCells(kernel);
    }, 400);
  }

  /** Tells the kernel the cells as they are now, unless it knows them. */
  async tellCells(kernel: KernelProcess): Promise<void> {
    if (this.#cellsKnown) return;
    clearTimeout(this.#cellsTimer);
    this.#cellsKnown = true;
    try {
      await kernel.request("notebook/cells", { cells: sourcesOf(this.#notebook) });
    } catch (error) {
      // Without it no cell is called stale; cells still run.
      this.#surroundings.log.warn(`The kernel does not know the cells: ${messageOf(error)}`);
    }
  }

  /** Ends the process, after it wrote its records. */
  async stop(): Promise<void> {
    const kernel = this.#process;
    this.#forget();
    await (await kernel?.catch(() => undefined))?.[Symbol.asyncDispose]();
  }

  async #start(): Promise<KernelProcess> {
    const { log, entry, findRuntime, start } = this.#surroundings;
    const runtime = await findRuntime().catch((error: unknown) => {
      if (error instanceof NoNodeError) void offerNode(error);
      throw error;
    });
    this.#runtime = runtime;
    this.#generation++;
    log.info(`Starting a kernel for ${this.#notebook.uri.fsPath} on Node ${runtime.version} from ${runtime.origin}`);
    return start({
      runtime,
      entry,
      folder: dirname(notebookPath(this.#notebook)),
      onEvent: (event) => {
        if (event.type === "state") this.#starting = false;
        this.#listeners.onEvent(event);
      },
      onLog: (text) => log.info(text.trimEnd()),
      onExit: (reason) => {
        this.#forget();
        log.error(`The kernel of ${this.#notebook.uri.fsPath} ${reason}`);
        this.#listeners.onExit(reason);
      },
    });
  }

  async #initialize(): Promise<KernelProcess> {
    this.#starting = true;
    this.#listeners.onState("starting");
    // The kernel need not wait until the editor has taken the change of the file.
    const settings = settingsOf(this.#notebook);
    this.#written = writeSettings(this.#notebook, settings).then(undefined, (error: unknown) =>
      this.#surroundings.log.warn(`The notebook does not say how it was run: ${messageOf(error)}`),
    );
    const kernel = await this.process();
    const { staleness } = readSettings(this.#notebook);
    const notebook: NotebookInfo = {
      path: notebookPath(this.#notebook),
      ...settings,
      staleness,
      ...kernelOptions(this.#notebook),
    };
    const facts = await kernel.request<{ storeFolder?: string }>("initialize", notebook);
    this.#storeFolder = facts.storeFolder;
    if (this.#starting) this.#listeners.onState("idle");
    await this.tellCells(kernel);
    return kernel;
  }

  #forget(): void {
    this.#process = undefined;
    this.#opened = undefined;
    this.#storeFolder = undefined;
    this.#starting = false;
    this.#cellsKnown = false;
    clearTimeout(this.#cellsTimer);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function kernelOptions({ uri }: vscode.NotebookDocument): Pick<NotebookInfo, "store" | "workspace" | "inlineLimit"> {
  const configuration = vscode.workspace.getConfiguration("assay", uri);
  return { ...storeSetting(uri), inlineLimit: configuration.get<number>("inlineLimit", 65_536) };
}
