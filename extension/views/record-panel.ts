import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import type { ExecutionRecord } from "../../kernel/protocol/record.ts";

/** Opens a record in an editor tab, drawn by the same renderer that shows records in notebooks. */
export function showRecordPanel(record: ExecutionRecord, extensionUri: vscode.Uri): void {
  const renderers = vscode.Uri.joinPath(extensionUri, "dist/renderers");
  const title = `Record ${(record.contentId ?? record.executionId).slice(0, 8)}`;
  const panel = vscode.window.createWebviewPanel("assay.record", title, vscode.ViewColumn.Active, {
    enableScripts: true,
    localResourceRoots: [renderers],
  });
  const media = vscode.Uri.joinPath(extensionUri, "extension/media");
  panel.iconPath = {
    light: vscode.Uri.joinPath(media, "assay-light.svg"),
    dark: vscode.Uri.joinPath(media, "assay-dark.svg"),
  };
  const { webview } = panel;
  webview.onDidReceiveMessage((message: unknown) => {
    const { type, id } = (message ?? {}) as { readonly type?: unknown; readonly id?: unknown };
    if (type !== "record" || typeof id !== "string" || !/^[0-9a-f-]{6,64}$/.test(id)) return;
    void vscode.commands.executeCommand("assay.openRecord", id);
  });
  const script = webview.asWebviewUri(vscode.Uri.joinPath(renderers, "record.js"));
  const nonce = randomUUID().replaceAll("-", "");
  webview.html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}' ${webview.cspSource}; style-src 'unsafe-inline'; img-src blob:;">
<title>${title}</title>
<style>body { padding: 12px 20px 40px; }</style>
</head>
<body>
<main id="record"></main>
<script type="module" nonce="${nonce}">
import { activate } from "${script}";
const editor = acquireVsCodeApi();
const renderer = activate({ setState() {}, getState() {}, workspace: { isTrusted: true }, postMessage: (message) => editor.postMessage(message) });
const data = ${embedded({ record })};
const text = JSON.stringify(data);
renderer.renderOutputItem({ id: "record", mime: "application/vnd.assay.record.v1+json", text: () => text, json: () => data, data: () => new TextEncoder().encode(text), metadata: {} }, document.getElementById("record"));
</script>
</body>
</html>`;
}

/** JSON that cannot end the script it stands in. */
function embedded(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}
