import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { formatBytes } from "../../kernel/protocol/bytes.ts";
import type { OpenNetwork } from "../../kernel/protocol/cell-context.ts";
import { licenceClassNames } from "../../kernel/protocol/classes.ts";
import type { Sessions } from "../notebook/sessions.ts";
import type { FoundModel } from "./find-models.ts";
import { licenceClassColours } from "./licence-colours.ts";
import { storePlace } from "./store-place.ts";
import { TreeChanges } from "./tree-changes.ts";

/** A model, or a network of it that is in memory. */
export type ModelNode =
  | { readonly kind: "model"; readonly model: FoundModel; readonly open: readonly OpenNetwork[] }
  | { readonly kind: "network"; readonly network: OpenNetwork };

/** The models that a notebook here can load by their id, nearest first: of its folder, of the store, and those that come with Assay. */
export class Models implements vscode.TreeDataProvider<ModelNode>, vscode.Disposable {
  readonly #extensionFolder: string;
  readonly #sessions: Sessions;
  readonly #changes = new TreeChanges();
  readonly onDidChangeTreeData = this.#changes.event;
  readonly #view: vscode.TreeView<ModelNode>;
  readonly #subscription: vscode.Disposable;

  constructor(extensionFolder: string, sessions: Sessions) {
    this.#extensionFolder = extensionFolder;
    this.#sessions = sessions;
    this.#view = vscode.window.createTreeView("assay.models", { treeDataProvider: this });
    this.#subscription = vscode.Disposable.from(
      this.#changes,
      this.#view,
      sessions.onDidChange(() => this.#refreshSoon()),
      vscode.window.onDidChangeActiveNotebookEditor(() => this.#refreshSoon()),
    );
  }

  refresh(): void {
    this.#changes.fire();
  }

  async getChildren(node?: ModelNode): Promise<ModelNode[]> {
    if (node) return node.kind === "model" ? node.open.map((network) => ({ kind: "network", network })) : [];
    const place = storePlace();
    const folders: [string, string][] = [
      ...(place ? ([[join(place.from, "models"), "beside the notebook"]] as [string, string][]) : []),
      ...this.#stores(place?.store).map((store): [string, string] => [join(store, "models"), "in the store"]),
      [join(this.#extensionFolder, "models"), "comes with Assay"],
    ];
    // What reads models is loaded when somebody looks, not when the extension starts.
    const { findModels } = await import("./find-models.ts");
    const found = await findModels(folders);
    const open = this.#sessions.all.flatMap(({ memory }) => memory?.open ?? []);
    const processes = this.#sessions.all.flatMap(({ memory }) =>
      memory && memory.open.length > 0 ? [memory.memory] : [],
    );
    const weights = open.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#view.message =
      processes.length === 0
        ? undefined
        : `${formatBytes(weights)} of weights in memory; the cells' ${processes.length === 1 ? "process takes" : "processes take"} ${formatBytes(processes.reduce((a, b) => a + b, 0))} in all.`;
    return found.map((model) => ({ kind: "model", model, open: open.filter((one) => one.model === model.id) }));
  }

  getTreeItem(node: ModelNode): vscode.TreeItem {
    return node.kind === "model" ? modelItem(node.model, node.open) : networkItem(node.network);
  }

  #stores(chosen: string | undefined): string[] {
    const active = vscode.window.activeNotebookEditor?.notebook;
    const running = active && this.#sessions.find(active)?.storeFolder;
    return [...new Set([chosen, running].filter((store) => store !== undefined))];
  }

  #refreshSoon(): void {
    this.#changes.afterRest(300, () => this.refresh());
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

function modelItem(model: FoundModel, open: readonly OpenNetwork[]): vscode.TreeItem {
  const loaded = open.length > 0;
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(model.id, loaded ? Collapsed : None);
  item.id = model.folder;
  const facts = [loaded && "loaded", formatBytes(model.bytes), model.licence ?? "no licence stated", model.origin];
  item.description = facts.filter(Boolean).join(" · ");
  const colour = new vscode.ThemeColor(licenceClassColours[model.licenceClass]);
  item.iconPath = new vscode.ThemeIcon(loaded ? "layers-active" : "layers", colour);
  const text = new vscode.MarkdownString();
  text.appendMarkdown("**").appendText(model.name).appendMarkdown("**");
  if (model.description) text.appendMarkdown("\n\n").appendText(model.description);
  const rows: [string, string][] = [
    ["Class", licenceClassNames[model.licenceClass]],
    ["Licence", model.licence ?? "none stated"],
    ["Layout", model.layout],
    ["Size", `${formatBytes(model.bytes)} in ${model.files} files`],
    ["In memory", loaded ? open.map(({ part }) => part).join(", ") : "not loaded"],
    ...(model.source ? ([["Source", model.source]] as [string, string][]) : []),
    ["Folder", model.folder],
  ];
  for (const [name, value] of rows) text.appendMarkdown("\n\n").appendText(`${name}: ${value}`);
  item.tooltip = text;
  item.contextValue = "assayModel";
  const card = join(model.folder, "README.md");
  const file = vscode.Uri.file(existsSync(card) ? card : join(model.folder, model.marker));
  const preview = file.path.endsWith(".md") ? "markdown.showPreview" : "vscode.open";
  item.command = { command: preview, title: "Open Model Card", arguments: [file] };
  item.accessibilityInformation = {
    label: `${model.id}, ${licenceClassNames[model.licenceClass]}, ${item.description}`,
  };
  return item;
}

function networkItem({ part, bytes }: OpenNetwork): vscode.TreeItem {
  const item = new vscode.TreeItem(part.replaceAll("_", " "));
  item.description = `${formatBytes(bytes)} of weights`;
  item.iconPath = new vscode.ThemeIcon("symbol-structure");
  item.tooltip =
    "In memory. The size is that of its weights; what ONNX Runtime needs to run it comes on top and is not known.";
  return item;
}
