import * as vscode from "vscode";
import type { LanguageClient } from "./language-client.ts";

/** The parameters of the call that is being written. */
export class SignatureHelpProvider implements vscode.SignatureHelpProvider {
  readonly #client: LanguageClient;

  constructor(client: LanguageClient) {
    this.#client = client;
  }

  async provideSignatureHelp(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.SignatureHelp | undefined> {
    const found = this.#client.find(document);
    if (!found) return undefined;
    const answer = await this.#client.ask("signatureHelp", found, { offset: document.offsetAt(position) }, token);
    if (!answer) return undefined;
    const help = new vscode.SignatureHelp();
    help.activeSignature = answer.activeSignature;
    help.activeParameter = answer.activeParameter;
    help.signatures = answer.signatures.map(({ label, documentation, parameters }) => {
      const signature = new vscode.SignatureInformation(label, new vscode.MarkdownString(documentation));
      signature.parameters = parameters.map(
        (one) => new vscode.ParameterInformation(one.label, new vscode.MarkdownString(one.documentation)),
      );
      return signature;
    });
    return help;
  }
}
