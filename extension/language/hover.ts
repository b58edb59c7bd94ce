import * as vscode from "vscode";
import type { LanguageClient } from "./language-client.ts";
import { described, rangeOf } from "./places.ts";

/** What a name is, when the pointer rests on it. */
export class HoverProvider implements vscode.HoverProvider {
  readonly #client: LanguageClient;

  constructor(client: LanguageClient) {
    this.#client = client;
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const found = this.#client.find(document);
    if (!found) return undefined;
    const hover = await this.#client.ask("hover", found, { offset: document.offsetAt(position) }, token);
    return hover
      ? new vscode.Hover(described(hover.declaration, hover.documentation), rangeOf(hover.range))
      : undefined;
  }
}
