import * as vscode from "vscode";
import type { Completion, SymbolKind } from "../../kernel/protocol/language.ts";
import type { FoundCell, LanguageClient } from "./language-client.ts";
import { described, rangeOf } from "./places.ts";

const kinds: Readonly<Record<SymbolKind, vscode.CompletionItemKind>> = {
  class: vscode.CompletionItemKind.Class,
  constant: vscode.CompletionItemKind.Constant,
  enum: vscode.CompletionItemKind.Enum,
  "enum-member": vscode.CompletionItemKind.EnumMember,
  field: vscode.CompletionItemKind.Field,
  file: vscode.CompletionItemKind.File,
  folder: vscode.CompletionItemKind.Folder,
  function: vscode.CompletionItemKind.Function,
  interface: vscode.CompletionItemKind.Interface,
  keyword: vscode.CompletionItemKind.Keyword,
  method: vscode.CompletionItemKind.Method,
  module: vscode.CompletionItemKind.Module,
  property: vscode.CompletionItemKind.Property,
  text: vscode.CompletionItemKind.Text,
  type: vscode.CompletionItemKind.Interface,
  "type-parameter": vscode.CompletionItemKind.TypeParameter,
  variable: vscode.CompletionItemKind.Variable,
};

/** What may be written at a place; the details of an item are asked for when it is looked at. */
export class CompletionProvider implements vscode.CompletionItemProvider {
  readonly #client: LanguageClient;
  readonly #origins = new WeakMap<vscode.CompletionItem, { readonly found: FoundCell; readonly offset: number }>();

  constructor(client: LanguageClient) {
    this.#client = client;
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.CompletionList | undefined> {
    const found = this.#client.find(document);
    if (!found) return undefined;
    const offset = document.offsetAt(position);
    const answer = await this.#client.ask("completions", found, { offset }, token);
    if (!answer) return undefined;
    const items = answer.items.map((one) => {
      const item = itemOf(one);
      this.#origins.set(item, { found, offset });
      return item;
    });
    return new vscode.CompletionList(items);
  }

  async resolveCompletionItem(
    item: vscode.CompletionItem,
    token: vscode.CancellationToken,
  ): Promise<vscode.CompletionItem> {
    const origin = this.#origins.get(item);
    if (!origin) return item;
    const name = typeof item.label === "string" ? item.label : item.label.label;
    const details = await this.#client.ask("completionDetails", origin.found, { offset: origin.offset, name }, token);
    if (details) item.documentation = described(details.declaration, details.documentation);
    return item;
  }
}

function itemOf({ name, kind, sortText, insertText, replace, detail, deprecated }: Completion): vscode.CompletionItem {
  const item = new vscode.CompletionItem({ label: name, description: detail }, kinds[kind]);
  item.sortText = sortText;
  if (insertText !== undefined) item.insertText = insertText;
  if (replace) item.range = rangeOf(replace);
  if (deprecated) item.tags = [vscode.CompletionItemTag.Deprecated];
  return item;
}
