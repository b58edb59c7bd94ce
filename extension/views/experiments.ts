import * as vscode from "vscode";
import type { ExecutionSummary } from "../../kernel/protocol/record.ts";
import type { RecordQuery, StorePlace } from "../../kernel/protocol/record-methods.ts";
import type { Services } from "../kernel/services.ts";
import type { Sessions } from "../notebook/sessions.ts";
import { recordItem } from "./record-item.ts";

/** Records that are asked for at a time. */
const page = 200;

/** What the list is narrowed to. */
export type RecordFilter = Pick<RecordQuery, "text" | "status" | "mode">;

/** An entry of the list: a record, or the invitation to load older ones. */
export type RecordNode = { readonly record: ExecutionSummary } | { readonly more: true };

/** The records of the workspace's store, the newest first, loaded page by page. */
export class Experiments implements vscode.TreeDataProvider<RecordNode>, vscode.Disposable {
  readonly #services: Services;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #subscriptions: vscode.Disposable;
  #view: vscode.TreeView<RecordNode> | undefined;
  #records: ExecutionSummary[] = [];
  #more = false;
  #loaded = false;
  #filter: RecordFilter = {};
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(services: Services, sessions: Sessions) {
    this.#services = services;
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      // A cell that ends leaves a record.
      sessions.onDidChange(() => this.#refreshSoon()),
      vscode.window.onDidChangeActiveNotebookEditor(() => this.#refreshSoon()),
    );
  }

  /** Makes the view in the side bar. */
  show(): vscode.TreeView<RecordNode> {
    this.#view = vscode.window.createTreeView("assay.experiments", { treeDataProvider: this, showCollapseAll: false });
    this.#view.onDidChangeVisibility(({ visible }) => visible && this.refresh());
    return this.#view;
  }

  get filter(): RecordFilter {
    return this.#filter;
  }

  /** Narrows the list. */
  setFilter(filter: RecordFilter): void {
    this.#filter = filter;
    const parts = [filter.text && `“${filter.text}”`, filter.status, filter.mode].filter(Boolean);
    if (this.#view) this.#view.description = parts.join(" · ");
    void vscode.commands.executeCommand("setContext", "assay.experimentsFiltered", parts.length > 0);
    this.refresh();
  }

  /** Reads the list anew. */
  refresh(): void {
    this.#loaded = false;
    this.#changed.fire(undefined);
  }

  /** Loads the next page. */
  async loadMore(): Promise<void> {
    await this.#load(this.#records.at(-1)?.executionId);
    this.#changed.fire(undefined);
  }

  async getChildren(node?: RecordNode): Promise<RecordNode[]> {
    if (node) return [];
    if (!this.#loaded) await this.#load(undefined);
    const nodes: RecordNode[] = this.#records.map((record) => ({ record }));
    return this.#more ? [...nodes, { more: true }] : nodes;
  }

  getTreeItem(node: RecordNode): vscode.TreeItem {
    if ("record" in node) return recordItem(node.record);
    const item = new vscode.TreeItem("Load older records");
    item.iconPath = new vscode.ThemeIcon("ellipsis");
    item.command = { command: "assay.loadMoreRecords", title: "Load older records" };
    return item;
  }

  async #load(before: string | undefined): Promise<void> {
    const place = storePlace();
    if (!place) return;
    const asked = this.#filter;
    try {
      const found = await this.#services.records("list", { ...place, ...asked, before, limit: page });
      if (asked !== this.#filter) return;
      this.#records = before === undefined ? [...found.items] : [...this.#records, ...found.items];
      this.#more = found.more;
      this.#loaded = true;
      if (this.#view) this.#view.message = this.#records.length === 0 ? emptyMessage(asked) : undefined;
    } catch (error) {
      this.#loaded = true;
      if (this.#view) this.#view.message = error instanceof Error ? error.message : String(error);
    }
  }

  #refreshSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#view?.visible) this.refresh();
      else this.#loaded = false;
    }, 400);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscriptions.dispose();
  }
}

/** Where to look for the store: from the active notebook's folder, else from the workspace. */
export function storePlace(): StorePlace | undefined {
  const notebook = vscode.window.activeNotebookEditor?.notebook.uri;
  const from =
    notebook && notebook.scheme !== "untitled"
      ? vscode.Uri.joinPath(notebook, "..")
      : vscode.workspace.workspaceFolders?.[0]?.uri;
  if (!from) return undefined;
  const store = vscode.workspace.getConfiguration("assay").get<string>("store", "");
  return { from: from.fsPath, ...(store === "" ? {} : { store }) };
}

function emptyMessage(filter: RecordFilter): string {
  return Object.values(filter).some(Boolean)
    ? "No record fits the filter."
    : "No records yet. Every cell that runs leaves one here.";
}
