import type * as vscode from "vscode";
import type { LanguageClient } from "./language-client.ts";
import { locationOf } from "./places.ts";

/** Where a name is declared, and where it is used: across the cells of the notebook and the files they import. */
export class NavigationProvider implements vscode.DefinitionProvider, vscode.ReferenceProvider {
  readonly #client: LanguageClient;

  constructor(client: LanguageClient) {
    this.#client = client;
  }

  provideDefinition(document: vscode.TextDocument, position: vscode.Position, token: vscode.CancellationToken) {
    return this.#locations("definition", document, position, token);
  }

  provideReferences(
    document: vscode.TextDocument,
    position: vscode.Position,
    _context: vscode.ReferenceContext,
    token: vscode.CancellationToken,
  ) {
    return this.#locations("references", document, position, token);
  }

  async #locations(
    method: "definition" | "references",
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Location[]> {
    const found = this.#client.find(document);
    if (!found) return [];
    const answer = await this.#client.ask(method, found, { offset: document.offsetAt(position) }, token);
    return (answer ?? []).map((one) => locationOf(one, found.notebook)).filter((one) => one !== undefined);
  }
}
