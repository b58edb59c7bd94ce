import * as vscode from "vscode";
import { modeNames } from "../../kernel/protocol/classes.ts";
import type { ListedRecord, NotebookDay, NotebookRecords, RecordQuery } from "../../kernel/protocol/record-methods.ts";
import type { Services } from "../kernel/services.ts";
import { readSettings } from "../notebook/metadata.ts";
import type { Sessions } from "../notebook/sessions.ts";
import { dayItem, moreItem, notebookItem, type RecordGroup, recordItem, violatingWords } from "./record-item.ts";
import { storePlace } from "./store-place.ts";
import { TreeChanges } from "./tree-changes.ts";

/** Records that are asked for at a time; a notebook with more is divided by days. */
const page = 200;
/** Most records of a group that are read again when the list is refreshed. */
const mostRefreshed = 2000;

/** What the list is narrowed to. */
export type RecordFilter = Pick<RecordQuery, "text" | "status" | "mode" | "violating">;

/** An entry of the tree. */
export type RecordNode =
  | { readonly kind: "notebook"; readonly notebook: NotebookRecords }
  | { readonly kind: "day"; readonly notebookId: string; readonly day: NotebookDay }
  | { readonly kind: "record"; readonly record: ListedRecord; readonly mixed: boolean }
  | { readonly kind: "more"; readonly group: RecordGroup };

interface Loaded {
  readonly records: readonly ListedRecord[];
  readonly more: boolean;
}

/** The records of the store, by notebook and, where there are many, by day; loaded page by page when they are looked at. */
export class Experiments implements vscode.TreeDataProvider<RecordNode>, vscode.Disposable {
  readonly #services: Services;
  readonly #changes = new TreeChanges();
  readonly onDidChangeTreeData = this.#changes.event;
  readonly #subscriptions: vscode.Disposable;
  readonly #view: vscode.TreeView<RecordNode>;
  #loaded = new Map<string, Loaded>();
  #stale = false;
  #filter: RecordFilter = {};

  constructor(services: Services, sessions: Sessions) {
    this.#services = services;
    this.#view = vscode.window.createTreeView("assay.experiments", {
      treeDataProvider: this,
      showCollapseAll: true,
      canSelectMany: true,
    });
    this.#subscriptions = vscode.Disposable.from(
      this.#changes,
      this.#view,
      this.#view.onDidChangeVisibility(({ visible }) => visible && this.#stale && this.refresh()),
      // A cell that ends leaves a record.
      sessions.onDidChange(() => this.#refreshSoon()),
      vscode.window.onDidChangeActiveNotebookEditor(() => this.#refreshSoon()),
      vscode.workspace.onDidChangeConfiguration(
        (change) => change.affectsConfiguration("assay.store") && this.refresh(),
      ),
    );
  }

  get filter(): RecordFilter {
    return this.#filter;
  }

  /** The records that are selected in the tree, in its order. */
  get selected(): readonly ListedRecord[] {
    return this.#view.selection.flatMap((node) => (node.kind === "record" ? [node.record] : []));
  }

  /** Narrows the list. */
  setFilter(filter: RecordFilter): void {
    this.#filter = filter;
    const { text, status, mode, violating } = filter;
    const parts = [text && `“${text}”`, status, mode && modeNames[mode], violating && violatingWords].filter(Boolean);
    this.#view.description = parts.join(" · ");
    void vscode.commands.executeCommand("setContext", "assay.experimentsFiltered", parts.length > 0);
    this.#loaded.clear();
    this.refresh();
  }

  /** Reads the list anew. */
  refresh(): void {
    this.#stale = false;
    this.#changes.fire();
  }

  /** Loads the next page of a group. */
  async loadMore(group: RecordGroup): Promise<void> {
    const { records } = this.#loaded.get(group.key) ?? { records: [] };
    const found = await this.#list(group, page, records.at(-1)?.executionId);
    this.#loaded.set(group.key, { records: [...records, ...found.records], more: found.more });
    this.#changes.fire();
  }

  async getChildren(node?: RecordNode): Promise<RecordNode[]> {
    try {
      const children = await this.#children(node);
      if (!node) this.#view.message = undefined;
      return children;
    } catch (error) {
      this.#view.message = error instanceof Error ? error.message : String(error);
      return [];
    }
  }

  async #children(node: RecordNode | undefined): Promise<RecordNode[]> {
    const place = storePlace();
    if (!place) return [];
    const { text, ...filter } = this.#filter;
    // Whether an open record runs or was left behind is told by its session, so these are listed, not counted.
    const counted = text === undefined && filter.status !== "running" && filter.status !== "crashed";
    if (!node) {
      if (!counted) return this.#records({ key: "found", query: {}, mixed: true });
      const notebooks = await this.#services.records("notebooks", { ...place, ...filter });
      return notebooks.map((notebook) => ({ kind: "notebook", notebook }));
    }
    if (node.kind === "notebook") {
      const { notebookId, records } = node.notebook;
      if (records <= page) return this.#records({ key: notebookId, query: { notebookId }, mixed: false });
      const days = await this.#services.records("days", { ...place, ...filter, notebookId });
      return days.map((day) => ({ kind: "day", notebookId, day }));
    }
    if (node.kind !== "day") return [];
    const { notebookId } = node;
    const { since, until } = node.day;
    return this.#records({ key: `${notebookId} ${since}`, query: { notebookId, since, until }, mixed: false });
  }

  getTreeItem(node: RecordNode): vscode.TreeItem {
    switch (node.kind) {
      case "notebook": {
        const active = vscode.window.activeNotebookEditor?.notebook;
        return notebookItem(
          node.notebook,
          active !== undefined && readSettings(active).id === node.notebook.notebookId,
        );
      }
      case "day":
        return dayItem(node.notebookId, node.day);
      case "record":
        return recordItem(node.record, node.mixed);
      case "more":
        return moreItem(node.group);
    }
  }

  async #records(group: RecordGroup): Promise<RecordNode[]> {
    const known = this.#loaded.get(group.key)?.records.length ?? 0;
    const loaded = await this.#list(group, Math.min(mostRefreshed, Math.max(page, known)));
    this.#loaded.set(group.key, loaded);
    const nodes: RecordNode[] = loaded.records.map((record) => ({ kind: "record", record, mixed: group.mixed }));
    return loaded.more ? [...nodes, { kind: "more", group }] : nodes;
  }

  async #list({ query }: RecordGroup, limit: number, before?: string): Promise<Loaded> {
    const place = storePlace();
    if (!place) return { records: [], more: false };
    const found = await this.#services.records("list", { ...place, ...this.#filter, ...query, before, limit });
    return { records: found.items, more: found.more };
  }

  #refreshSoon(): void {
    this.#changes.afterRest(400, () => {
      if (this.#view.visible) this.refresh();
      else this.#stale = true;
    });
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}
