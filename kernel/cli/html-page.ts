import { basename } from "node:path";
import { escapeHtml, highlighted } from "./highlight.ts";
import { outputHtml } from "./html-outputs.ts";
import { pageStyle } from "./html-style.ts";
import { markdownHtml } from "./markdown.ts";
import type { ExecutedCell, NotebookCell, NotebookFile } from "./notebook-file.ts";
import type { CellResult } from "./run-contract.ts";

/** What the page shows. */
export interface PageContent {
  readonly notebook: NotebookFile;
  readonly executed: ReadonlyMap<string, ExecutedCell>;
  readonly runs: readonly CellResult[];
  readonly mode: string;
  readonly seed: number;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A page that needs nothing beside itself and runs no scripts. */
export function htmlPage(content: PageContent): string {
  const { notebook, executed, runs } = content;
  const title = titleOf(notebook);
  const results = new Map(runs.map((run) => [run.id, run]));
  const cells = notebook.cells.map((cell) => cellHtml(cell, notebook, executed.get(cell.id), results.get(cell.id)));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; media-src data:; font-src data:; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}</style>
</head>
<body>
<main>
${header(title, content)}
${cells.join("\n")}
</main>
</body>
</html>
`;
}

function titleOf({ cells, path }: NotebookFile): string {
  const heading = cells.find((cell) => cell.kind === "markdown")?.source.match(/^#\s+(.+)$/m)?.[1];
  return heading?.replace(/[*_`]/g, "") ?? basename(path, ".ipynb");
}

function header(title: string, { notebook, runs, mode, seed, parameters }: PageContent): string {
  const ran = runs.filter((run) => run.status !== "skipped");
  const failed = ran.filter((run) => run.status !== "ok");
  const records = ran.filter((run) => run.contentId !== null).length;
  const time = ran.reduce((sum, run) => sum + (run.duration ?? 0), 0);
  const status = failed.length === 0 ? "complete" : `${failed.length} ${failed.length === 1 ? "cell" : "cells"} failed`;
  const facts: [string, string][] = [
    ["notebook", basename(notebook.path)],
    ["mode", mode],
    ["seed", String(seed)],
    ...Object.entries(parameters).map(([name, value]): [string, string] => [name, JSON.stringify(value)]),
    ["records", String(records)],
    ["time", seconds(time)],
    ["order", orderOf(notebook, runs)],
  ];
  const known = notebook.cells.some((cell) => cell.kind === "markdown" && /^#\s/m.test(cell.source));
  return `<header>
<p class="brand">Assay</p>
${known ? "" : `<h1>${escapeHtml(title)}</h1>`}
<dl>${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${escapeHtml(value)}</dd></div>`).join("")}<div class="${failed.length === 0 ? "good" : "bad"}"><dt>status</dt><dd>${status}</dd></div></dl>
</header>`;
}

/** A run goes from top to bottom; cells that were left out are named. */
function orderOf({ cells }: NotebookFile, runs: readonly CellResult[]): string {
  const written = new Set(cells.filter(({ source }) => source.trim() !== "").map(({ id }) => id));
  const left = runs.filter(({ id, status }) => status === "skipped" && written.has(id)).map(({ cell }) => cell);
  return left.length === 0
    ? "in order"
    : `in order, without ${left.length === 1 ? "cell" : "cells"} ${left.join(", ")}`;
}

function cellHtml(
  cell: NotebookCell,
  notebook: NotebookFile,
  executed: ExecutedCell | undefined,
  result: CellResult | undefined,
): string {
  if (cell.kind === "markdown") return `<section class="prose">${markdownHtml(cell, notebook)}</section>`;
  if (cell.kind === "raw") return `<section class="prose"><pre>${escapeHtml(cell.source)}</pre></section>`;
  if (cell.source.trim() === "") return "";
  const outputs = (executed?.outputs ?? []).map((output) => outputHtml(output)).join("\n");
  const status = result?.status ?? "skipped";
  const note = [
    `[${executed?.executionCount ?? " "}]`,
    ...(result?.duration == null ? [] : [seconds(result.duration)]),
    ...(status === "ok" ? [] : [status]),
  ];
  const record = executed?.record
    ? `<span class="record" title="content id ${executed.record}">record ${executed.record.slice(0, 12)}</span>`
    : "";
  return `<section class="code ${status}">
<div class="note"><span>${note.map(escapeHtml).join(" · ")}</span>${record}</div>
<pre class="source"><code>${highlighted(cell.source)}</code></pre>
${outputs === "" ? "" : `<div class="outputs">${outputs}</div>`}
</section>`;
}

function seconds(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const whole = milliseconds / 1000;
  return whole < 60 ? `${whole.toFixed(1)} s` : `${Math.floor(whole / 60)} min ${Math.round(whole % 60)} s`;
}
