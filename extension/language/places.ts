import * as vscode from "vscode";
import type { Location, TextRange } from "../../kernel/protocol/language.ts";
import { cellId } from "../notebook/metadata.ts";

/** A stretch of text as VS Code has it; both count lines and UTF-16 units from 0. */
export function rangeOf({ start, end }: TextRange): vscode.Range {
  return new vscode.Range(start.line, start.column, end.line, end.column);
}

/** A place in a cell of the notebook or in a file; undefined for a cell that is gone. */
export function locationOf(location: Location, notebook: vscode.NotebookDocument): vscode.Location | undefined {
  const range = rangeOf(location.range);
  if ("file" in location) return new vscode.Location(vscode.Uri.file(location.file), range);
  const cell = notebook.getCells().find((one) => cellId(one) === location.cellId);
  return cell && new vscode.Location(cell.document.uri, range);
}

/** A declaration and its documentation, as Markdown that may neither run commands nor hold HTML. */
export function described(declaration: string, documentation: string): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  if (declaration) text.appendCodeblock(declaration, "typescript");
  if (documentation) text.appendMarkdown(`\n${documentation}`);
  return text;
}
