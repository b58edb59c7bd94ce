import * as vscode from "vscode";
import type { ModelNode } from "../views/models.ts";

/** The commands on entries of the Models view, by id. */
export function modelCommands(): Readonly<Record<string, (node?: ModelNode) => unknown>> {
  return {
    "assay.copyModelId": async (node) => {
      if (node?.kind === "model") await vscode.env.clipboard.writeText(node.model.id);
    },
    "assay.revealModelFolder": async (node) => {
      if (node?.kind === "model")
        await vscode.commands.executeCommand("revealFileInOS", vscode.Uri.file(node.model.folder));
    },
  };
}
