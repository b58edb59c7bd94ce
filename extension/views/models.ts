import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import { z } from "zod";
import { licenceClass } from "../../kernel/protocol/compliance.ts";
import type { Sessions } from "../notebook/sessions.ts";
import { bytesText, licenceClassColours, licenceClassNames } from "./names.ts";
import { storePlace } from "./store-place.ts";

/** The part of a `model.json` that the list shows. */
const manifest = z.looseObject({
  id: z.string(),
  name: z.string(),
  layout: z.string(),
  description: z.string().default(""),
  source: z.string(),
  licence: z.string(),
  licenceClass,
  files: z.record(z.string(), z.object({ bytes: z.number() })),
});

/** A model that was found in a folder of models. */
export interface FoundModel extends z.infer<typeof manifest> {
  readonly folder: string;
  readonly origin: string;
}

/** The models that a notebook here can load by their id: of its folder, of the store, and those that come with Assay. */
export class Models implements vscode.TreeDataProvider<FoundModel>, vscode.Disposable {
  readonly #extensionFolder: string;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscription: vscode.Disposable;

  constructor(extensionFolder: string, sessions: Sessions) {
    this.#extensionFolder = extensionFolder;
    this.#subscription = vscode.Disposable.from(
      sessions.onDidChange(() => this.refresh()),
      vscode.window.onDidChangeActiveNotebookEditor(() => this.refresh()),
    );
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  async getChildren(node?: FoundModel): Promise<FoundModel[]> {
    if (node) return [];
    const place = storePlace();
    const folders: [string, string][] = [
      ...(place ? ([[join(place.from, "models"), "beside the notebook"]] as [string, string][]) : []),
      ...(place?.store ? ([[join(place.store, "models"), "in the store"]] as [string, string][]) : []),
      [join(this.#extensionFolder, "models"), "comes with Assay"],
    ];
    const found = (await Promise.all(folders.map(([folder, origin]) => modelsIn(folder, origin)))).flat();
    // The nearest of a name is the one that is loaded.
    return [...new Map(found.reverse().map((model) => [model.id, model])).values()].sort((a, b) =>
      a.id.localeCompare(b.id),
    );
  }

  getTreeItem(model: FoundModel): vscode.TreeItem {
    const bytes = Object.values(model.files).reduce((sum, file) => sum + file.bytes, 0);
    const item = new vscode.TreeItem(model.id);
    item.description = `${bytesText(bytes)} · ${model.licence} · ${model.origin}`;
    item.iconPath = new vscode.ThemeIcon(
      "symbol-structure",
      new vscode.ThemeColor(licenceClassColours[model.licenceClass]),
    );
    item.tooltip = [
      `${model.name}: ${model.description}`,
      `Licence: ${model.licence} (${licenceClassNames[model.licenceClass]})`,
      `Layout: ${model.layout}`,
      `Source: ${model.source}`,
      `${Object.keys(model.files).length} files, ${bytesText(bytes)}`,
      model.folder,
    ].join("\n");
    item.contextValue = "assayModel";
    item.command = {
      command: "vscode.open",
      title: "Open Manifest",
      arguments: [vscode.Uri.file(join(model.folder, "model.json"))],
    };
    return item;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

async function modelsIn(folder: string, origin: string): Promise<FoundModel[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      try {
        const text = await readFile(join(folder, name, "model.json"), "utf8");
        return { ...manifest.parse(JSON.parse(text)), folder: join(folder, name), origin };
      } catch {
        // A folder without a readable manifest is no model of ours.
        return undefined;
      }
    }),
  );
  return found.filter((model) => model !== undefined);
}
