import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { readArtifact } from "./read-artifact.ts";
import type { Sessions } from "./sessions.ts";
import { storeSetting } from "./store-setting.ts";

/** The part of our own manifest that names the renderers. */
interface Manifest {
  readonly contributes: { readonly notebookRenderer: readonly { readonly id: string }[] };
}

/** The ids of the renderers that an extension's manifest contributes. */
export function rendererIds(manifest: Manifest): string[] {
  return manifest.contributes.notebookRenderer.map(({ id }) => id);
}

/** Answers the renderers: bytes from the store's artifact folder, checked against their hash and a size limit, and files to save. */
export function answerRenderers(
  ids: readonly string[],
  sessions: Sessions,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const subscriptions = ids.map((id) => {
    const messaging = vscode.notebooks.createRendererMessaging(id);
    return messaging.onDidReceiveMessage(async ({ editor, message }) => {
      // The schemas are loaded with the first message, not when the extension starts.
      const { rendererRequest } = await import("../../kernel/protocol/renderer-messages.ts");
      const request = rendererRequest.safeParse(message);
      if (!request.success) {
        log.warn(`A message of the renderer ${id} was not understood`);
        return;
      }
      if (request.data.type === "save") await save(request.data.name, request.data.base64, editor.notebook);
      else if (request.data.type === "record")
        await vscode.commands.executeCommand("assay.openRecord", request.data.id);
      else {
        const folders = storeFolders(editor.notebook, sessions.find(editor.notebook)?.storeFolder);
        await messaging.postMessage(await readArtifact(request.data.sha256, folders, sizeLimit()), editor);
      }
    });
  });
  return vscode.Disposable.from(...subscriptions);
}

/** Where artifacts of a notebook may lie: the running kernel's store, the setting, and the nearest `.assay` upwards. */
function storeFolders(notebook: vscode.NotebookDocument, running: string | undefined): string[] {
  const folders = [running, storeSetting(notebook.uri).store].filter((folder) => folder !== undefined);
  for (let folder = dirname(notebook.uri.fsPath); ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".assay"))) return [...folders, join(folder, ".assay")];
    if (folder === dirname(folder)) return folders;
  }
}

function sizeLimit(): number {
  return vscode.workspace.getConfiguration("assay").get<number>("renderers.sizeLimit", 64) * 1_000_000;
}

async function save(name: string, base64: string, notebook: vscode.NotebookDocument): Promise<void> {
  const safe = name.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^\.+/, "") || "image";
  const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.joinPath(notebook.uri, "..", safe) });
  if (target) await vscode.workspace.fs.writeFile(target, Buffer.from(base64, "base64"));
}
