import * as vscode from "vscode";
import type { Sessions } from "../notebook/sessions.ts";
import { CompletionProvider } from "./completion.ts";
import { showDiagnostics } from "./diagnostics.ts";
import { HoverProvider } from "./hover.ts";
import { LanguageClient } from "./language-client.ts";
import { NavigationProvider } from "./navigation.ts";
import { SignatureHelpProvider } from "./signature-help.ts";
import { silenceBuiltIn } from "./silence-built-in.ts";

const cells: vscode.DocumentFilter = { notebookType: "jupyter-notebook", language: "typescript" };

/** Completion, hover, signatures, navigation and diagnostics in cells, from the language service in the kernel. */
export function registerLanguage(sessions: Sessions): vscode.Disposable {
  const client = new LanguageClient(sessions);
  const navigation = new NavigationProvider(client);
  return vscode.Disposable.from(
    client,
    silenceBuiltIn(),
    showDiagnostics(client, sessions),
    vscode.languages.registerCompletionItemProvider(
      cells,
      new CompletionProvider(client),
      ".",
      '"',
      "'",
      "/",
      "@",
      "<",
    ),
    vscode.languages.registerHoverProvider(cells, new HoverProvider(client)),
    vscode.languages.registerSignatureHelpProvider(cells, new SignatureHelpProvider(client), "(", ",", "<"),
    vscode.languages.registerDefinitionProvider(cells, navigation),
    vscode.languages.registerReferenceProvider(cells, navigation),
  );
}
