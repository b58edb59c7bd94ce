import { stripVTControlCharacters } from "node:util";
import { escapeHtml } from "./highlight.ts";
import { sanitized } from "./markdown.ts";
import type { NotebookOutput } from "./notebook-file.ts";

const images = ["image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"];

/** One output by its best form that needs no script. */
export function outputHtml(output: NotebookOutput): string {
  if (output.output_type === "stream")
    return `<pre class="stream ${output.name === "stderr" ? "stderr" : "stdout"}">${text(output.text)}</pre>`;
  if (output.output_type === "error")
    return `<pre class="error">${text((output.traceback as string[]).join("\n"))}</pre>`;
  const data = output.data as Record<string, unknown>;
  const html = data["text/html"];
  if (html !== undefined) return `<div class="rich">${joined(html)}</div>`;
  if (data["image/svg+xml"] !== undefined) return `<div class="rich">${joined(data["image/svg+xml"])}</div>`;
  for (const mime of images)
    if (data[mime] !== undefined)
      return `<img class="rich" alt="${escapeHtml(joined(data["text/plain"] ?? ""))}" src="data:${mime};base64,${escapeHtml(joined(data[mime]).replace(/\s/g, ""))}">`;
  if (data["text/markdown"] !== undefined)
    return `<div class="prose">${sanitized(joined(data["text/markdown"]))}</div>`;
  if (data["text/latex"] !== undefined) return `<pre class="result">${text(data["text/latex"])}</pre>`;
  if (data["text/plain"] !== undefined) return `<pre class="result">${text(data["text/plain"])}</pre>`;
  const json = data["application/json"] ?? data;
  return `<pre class="result">${escapeHtml(JSON.stringify(json, undefined, 2))}</pre>`;
}

function text(value: unknown): string {
  return escapeHtml(stripVTControlCharacters(joined(value)));
}

function joined(value: unknown): string {
  return Array.isArray(value) ? value.join("") : String(value);
}
