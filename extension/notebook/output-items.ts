import * as vscode from "vscode";
import type { MimeBundle } from "../../kernel/protocol/mime.ts";
import type { Output } from "../../kernel/protocol/outputs.ts";
import { colouredTrace } from "./trace-colours.ts";

/** Types whose content is base64 text in nbformat and bytes in VS Code. */
const binary = /^(image|audio|video|application\/(pdf|octet-stream|vnd\.apache\.arrow))/;

/** A MIME bundle as items, in its own order: richest first. */
export function itemsOf(bundle: MimeBundle): vscode.NotebookCellOutputItem[] {
  return Object.entries(bundle).map(([mime, value]) => {
    if (typeof value !== "string") return vscode.NotebookCellOutputItem.json(value, mime);
    if (mime.endsWith("json") && mime !== "application/geo+json")
      return vscode.NotebookCellOutputItem.json(value, mime);
    if (binary.test(mime) && mime !== "image/svg+xml") {
      return new vscode.NotebookCellOutputItem(Buffer.from(value, "base64"), mime);
    }
    return vscode.NotebookCellOutputItem.text(value, mime);
  });
}

/** Text of stdout or stderr. */
export function streamItem(name: "stdout" | "stderr", text: string): vscode.NotebookCellOutputItem {
  return name === "stdout" ? vscode.NotebookCellOutputItem.stdout(text) : vscode.NotebookCellOutputItem.stderr(text);
}

/** An output with the metadata from which VS Code's notebook writer makes the same nbformat output again. */
export function outputOf(
  output: Exclude<Output, { type: "clear" }>,
  executionCount?: number,
): vscode.NotebookCellOutput {
  switch (output.type) {
    case "stream":
      return new vscode.NotebookCellOutput([streamItem(output.name, output.text)], { outputType: "stream" });
    case "error": {
      const { ename, evalue, traceback } = output;
      const item = vscode.NotebookCellOutputItem.error({
        name: ename,
        message: evalue,
        stack: colouredTrace(traceback),
      });
      return new vscode.NotebookCellOutput([item], {
        outputType: "error",
        originalError: { output_type: "error", ename, evalue, traceback },
      });
    }
    case "result":
      return new vscode.NotebookCellOutput(itemsOf(output.data), {
        outputType: "execute_result",
        executionCount,
        metadata: output.metadata ?? {},
      });
    case "display":
      return new vscode.NotebookCellOutput(itemsOf(output.data), {
        outputType: "display_data",
        metadata: output.metadata ?? {},
        ...(output.displayId === undefined ? {} : { transient: { display_id: output.displayId } }),
      });
  }
}
