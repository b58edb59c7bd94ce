import * as vscode from "vscode";
import type { CellDiagnostic, DiagnosticSeverity } from "../../kernel/protocol/language.ts";
import { isTypeScriptNotebook } from "../notebook/metadata.ts";
import type { Sessions } from "../notebook/sessions.ts";
import { codeCells, type LanguageClient } from "./language-client.ts";
import { rangeOf } from "./places.ts";

/** Milliseconds of rest after a change until cells are checked. */
const rest = 500;
/** The same after a notebook is shown: the window has other things to do, and a cell may be run at once. */
const restAfterShowing = 1500;
/** The same after the kernel began to start: the first result comes before the compiler. */
const restAfterStarting = 2500;

const severities: Readonly<Record<DiagnosticSeverity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/** Checks the cells of the active notebook when it is shown and when it rests after a change. */
export function showDiagnostics(client: LanguageClient, sessions: Sessions): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection("assay");
  const timers = new Map<vscode.NotebookDocument, ReturnType<typeof setTimeout>>();

  const check = async (notebook: vscode.NotebookDocument) => {
    timers.delete(notebook);
    for (const cell of codeCells(notebook)) {
      if (notebook.isClosed) return;
      const version = cell.document.version;
      const found = await client.ask("diagnostics", { notebook, cell }, {});
      if (found && cell.document.version === version) collection.set(cell.document.uri, found.map(diagnosticOf));
    }
  };
  const checkSoon = (notebook: vscode.NotebookDocument | undefined, after = rest) => {
    if (!notebook || !isTypeScriptNotebook(notebook)) return;
    clearTimeout(timers.get(notebook));
    timers.set(
      notebook,
      setTimeout(() => void check(notebook), after),
    );
  };
  checkSoon(vscode.window.activeNotebookEditor?.notebook, restAfterShowing);
  return vscode.Disposable.from(
    collection,
    new vscode.Disposable(() => {
      for (const timer of timers.values()) clearTimeout(timer);
    }),
    vscode.window.onDidChangeActiveNotebookEditor((editor) => checkSoon(editor?.notebook, restAfterShowing)),
    sessions.onDidChange((notebook) => {
      if (timers.has(notebook) && sessions.find(notebook)?.standing.state === "starting")
        checkSoon(notebook, restAfterStarting);
    }),
    vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges, cellChanges }) => {
      for (const { removedCells } of contentChanges)
        for (const cell of removedCells) collection.delete(cell.document.uri);
      if (contentChanges.length > 0 || cellChanges.some((change) => change.document)) checkSoon(notebook);
    }),
    vscode.workspace.onDidCloseNotebookDocument((notebook) => {
      clearTimeout(timers.get(notebook));
      timers.delete(notebook);
      for (const cell of notebook.getCells()) collection.delete(cell.document.uri);
    }),
  );
}

function diagnosticOf({ severity, code, message, range, deprecated }: CellDiagnostic): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(rangeOf(range), message, severities[severity]);
  diagnostic.source = "assay";
  diagnostic.code = code;
  if (deprecated) diagnostic.tags = [vscode.DiagnosticTag.Deprecated];
  return diagnostic;
}
