import * as vscode from "vscode";
import { formatBytes } from "../../kernel/protocol/bytes.ts";
import type { ValueKind, ValueMember, Variable } from "../../kernel/protocol/variables.ts";
import { cellId, codeIndex, isTypeScriptNotebook } from "../notebook/metadata.ts";
import type { NotebookSession } from "../notebook/notebook-session.ts";
import type { Sessions } from "../notebook/sessions.ts";
import { TreeChanges } from "./tree-changes.ts";

/** Members that are asked for at a time. */
const page = 100;
/** Milliseconds between looks at the variables of a cell that runs. */
const lookAgain = 2000;

/** An entry of the tree. `expression` is what a cell would write to come to the value. */
export type VariableNode =
  | { readonly kind: "variable"; readonly variable: Variable; readonly expression: string }
  | { readonly kind: "member"; readonly member: ValueMember; readonly expression: string | undefined }
  | { readonly kind: "definitions"; readonly variables: readonly Variable[] }
  | { readonly kind: "more"; readonly of: VariableNode; readonly rest: number };

/** The variables of the active notebook, opened step by step, also while a cell runs. */
export class Variables implements vscode.TreeDataProvider<VariableNode>, vscode.Disposable {
  readonly #sessions: Sessions;
  readonly #changes = new TreeChanges<VariableNode>();
  readonly onDidChangeTreeData = this.#changes.event;
  readonly #view: vscode.TreeView<VariableNode>;
  readonly #subscriptions: vscode.Disposable;
  /** How many members of a value are shown, by its path, where it is more than a page. */
  readonly #shown = new Map<string, number>();
  #notebook: vscode.NotebookDocument | undefined;
  #version = -1;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
    this.#view = vscode.window.createTreeView("assay.variables", { treeDataProvider: this, showCollapseAll: true });
    this.#subscriptions = vscode.Disposable.from(
      this.#changes,
      this.#view,
      sessions.onDidChange((notebook) => notebook === this.#notebook && this.#refreshSoon()),
      sessions.onDidChangeVariables((notebook) => notebook === this.#notebook && this.#refreshSoon()),
      this.#view.onDidChangeVisibility(({ visible }) => visible && this.refresh()),
      vscode.window.onDidChangeActiveNotebookEditor((editor) => {
        // The panel of a record or an output that takes the focus does not change what the variables are of.
        if (editor && editor.notebook !== this.#notebook) this.refresh();
      }),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => notebook === this.#notebook && this.refresh()),
    );
  }

  /** Reads the variables anew. */
  refresh(): void {
    this.#changes.fire();
  }

  /** Shows the next members of a value. */
  showMore(node: VariableNode): void {
    if (node.kind !== "more") return;
    const { of } = node;
    const key = keyOf(of);
    this.#shown.set(key, (this.#shown.get(key) ?? page) + page * 5);
    this.#changes.fire(of);
  }

  /** Brings the cell into view that last wrote a variable. */
  async revealWriter(node: VariableNode | undefined): Promise<void> {
    const writer = node?.kind === "variable" ? node.variable.writer : undefined;
    const cell = this.#notebook?.getCells().find((one) => cellId(one) === writer?.cellId);
    if (!cell) return;
    const editor = await vscode.window.showNotebookDocument(cell.notebook);
    const range = new vscode.NotebookRange(cell.index, cell.index + 1);
    editor.selection = range;
    editor.revealRange(range, vscode.NotebookEditorRevealType.InCenterIfOutsideViewport);
  }

  async getChildren(node?: VariableNode): Promise<VariableNode[]> {
    try {
      return node ? await this.#members(node) : await this.#variables();
    } catch (error) {
      // A value that is gone, or cells that cannot be asked now: the next change asks again.
      if (node) this.#view.message = messageOf(error);
      return [];
    }
  }

  getParent(): undefined {
    return undefined;
  }

  async #variables(): Promise<VariableNode[]> {
    const active = vscode.window.activeNotebookEditor?.notebook;
    if (active && isTypeScriptNotebook(active)) this.#notebook = active;
    else if (this.#notebook?.isClosed) this.#notebook = undefined;
    const session = this.#session;
    this.#view.description = session ? this.#notebook?.uri.path.split("/").at(-1) : undefined;
    const found = await session?.variables("list", {});
    void vscode.commands.executeCommand("setContext", "assay.noVariables", found?.variables.length === 0);
    if (!found) {
      this.#view.message = undefined;
      return [];
    }
    if (found.version < this.#version) this.#shown.clear();
    this.#version = found.version;
    this.#view.message = found.current
      ? undefined
      : "The cells are inside native code; this is how variables were before.";
    if (session?.standing.state === "busy") this.#refreshSoon(lookAgain);
    const definitions = found.variables.filter(({ declared }) => isDefinition(declared));
    const values = found.variables.filter(({ declared }) => !isDefinition(declared));
    const nodes: VariableNode[] = values.map((variable) => ({ kind: "variable", variable, expression: variable.name }));
    return definitions.length === 0 ? nodes : [...nodes, { kind: "definitions", variables: definitions }];
  }

  async #members(node: VariableNode): Promise<VariableNode[]> {
    if (node.kind === "definitions")
      return node.variables.map((variable) => ({ kind: "variable", variable, expression: variable.name }));
    if (node.kind === "more") return [];
    const { path } = node.kind === "variable" ? node.variable : node.member;
    const wanted = this.#shown.get(keyOf(node)) ?? page;
    const members: ValueMember[] = [];
    let total = 0;
    // The protocol gives a thousand at a time.
    while (members.length < wanted) {
      const count = Math.min(1000, wanted - members.length);
      const found = await this.#session?.variables("children", { path: [...path], start: members.length, count });
      total = found?.total ?? 0;
      if (!found || found.members.length === 0) break;
      members.push(...found.members);
    }
    const nodes: VariableNode[] = members.map((member) => ({
      kind: "member",
      member,
      expression:
        node.expression === undefined || member.access === undefined ? undefined : node.expression + member.access,
    }));
    const rest = total - members.length;
    return rest > 0 ? [...nodes, { kind: "more", of: node, rest }] : nodes;
  }

  getTreeItem(node: VariableNode): vscode.TreeItem {
    const { Collapsed, None } = vscode.TreeItemCollapsibleState;
    switch (node.kind) {
      case "definitions": {
        const item = new vscode.TreeItem("Functions, classes and imports", Collapsed);
        item.id = "definitions";
        item.description = String(node.variables.length);
        item.iconPath = new vscode.ThemeIcon("symbol-namespace");
        return item;
      }
      case "more": {
        const item = new vscode.TreeItem(`${node.rest.toLocaleString("en")} more…`, None);
        item.iconPath = new vscode.ThemeIcon("ellipsis");
        item.command = { command: "assay.showMoreMembers", title: "Show More", arguments: [node] };
        return item;
      }
      default: {
        const value = node.kind === "variable" ? node.variable : node.member;
        const label = node.kind === "variable" ? node.variable.name : node.member.label;
        const item = new vscode.TreeItem(label, value.expandable ? Collapsed : None);
        item.id = keyOf(node);
        item.description = describe(value);
        item.iconPath = new vscode.ThemeIcon(icons[value.kind] ?? "symbol-variable");
        item.tooltip = this.#tooltip(node);
        const copyable = node.expression === undefined ? "" : " copyable";
        const written = node.kind === "variable" && node.variable.writer ? " written" : "";
        item.contextValue = `assayVariable${copyable}${written}`;
        item.accessibilityInformation = { label: `${label}, ${value.type}, ${value.preview}` };
        return item;
      }
    }
  }

  #tooltip(node: Extract<VariableNode, { kind: "variable" | "member" }>): vscode.MarkdownString {
    const value = node.kind === "variable" ? node.variable : node.member;
    const text = new vscode.MarkdownString();
    if (node.expression !== undefined) text.appendCodeblock(node.expression, "typescript");
    text.appendText(value.preview).appendMarkdown("\n\n");
    const facts = [value.type, value.shape, value.bytes === undefined ? undefined : formatBytes(value.bytes)];
    text.appendText(facts.filter(Boolean).join(" · "));
    const writer = node.kind === "variable" ? node.variable.writer : undefined;
    const cell = this.#notebook?.getCells().find((one) => cellId(one) === writer?.cellId);
    if (cell) text.appendMarkdown("\n\n").appendText(`Last written by cell ${codeIndex(cell)}`);
    return text;
  }

  get #session(): NotebookSession | undefined {
    return this.#notebook && this.#sessions.find(this.#notebook);
  }

  /** Refreshes after a moment of rest, so that a notebook that runs through does not flicker. */
  #refreshSoon(rest = 250): void {
    this.#changes.afterRest(rest, () => this.#view.visible && this.refresh());
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}

function keyOf(node: VariableNode): string {
  if (node.kind === "variable") return JSON.stringify(node.variable.path);
  if (node.kind === "member") return JSON.stringify(node.member.path);
  return node.kind;
}

function isDefinition(declared: Variable["declared"]): boolean {
  return declared === "function" || declared === "class" || declared === "import";
}

/** The value in a line: numbers, texts and the like as they are, everything else with its shape first. */
function describe({ preview, shape }: Variable | ValueMember): string {
  return shape === undefined || preview.includes(shape) ? preview : `${shape}  ${preview}`;
}

const icons: Readonly<Partial<Record<ValueKind, string>>> = {
  boolean: "symbol-boolean",
  number: "symbol-numeric",
  bigint: "symbol-numeric",
  string: "symbol-string",
  symbol: "symbol-key",
  function: "symbol-method",
  class: "symbol-class",
  array: "symbol-array",
  "typed-array": "symbol-array",
  tensor: "symbol-misc",
  image: "file-media",
  table: "table",
  map: "symbol-structure",
  set: "symbol-structure",
  date: "calendar",
  regexp: "regex",
  error: "error",
  promise: "watch",
  getter: "symbol-property",
  module: "package",
  object: "symbol-object",
};

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
