// The speed of the kernel through Jupyter's own client, against Deno's and tslab's in the same run, taking turns. Prints a table, and
// writes it into docs/benchmarks.md when WRITE is set. ROUNDS (default 3), ONLY (cold_start, cells, new_cells, interrupts, flood).
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { installJupyter } from "../support/jupyter/install.ts";
import { installPeers, peers } from "../support/jupyter/peer-kernels.ts";
import { runScript } from "../support/jupyter/python.ts";

const kernels = ["assay", "deno", "tslab"] as const;
type Kernel = (typeof kernels)[number];

interface Row {
  readonly measure: string;
  readonly what: string;
  readonly show: (value: number) => string;
  /** Whether more is worse, so that a ratio says something. */
  readonly ratio: boolean;
}

const ms = (value: number) => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
const rows: readonly Row[] = [
  { measure: "ready", what: "cold start to ready", show: ms, ratio: true },
  { measure: "first", what: "cold start to the first result", show: ms, ratio: true },
  { measure: "trivial", what: "trivial cell, the same 200 times, median", show: ms, ratio: true },
  { measure: "new", what: "trivial cell, 200 different ones, median", show: ms, ratio: true },
  { measure: "typed", what: "50 typed functions, median of 15", show: ms, ratio: true },
  { measure: "long", what: "200-line cell, median of 15", show: ms, ratio: true },
  { measure: "flood", what: "100,000 lines to the last byte", show: ms, ratio: true },
  {
    measure: "complete",
    what: "of these lines arrive",
    show: (value) => `${(value * 100).toFixed(1)} %`,
    ratio: false,
  },
  {
    measure: "memory",
    what: "memory of all processes, idle",
    show: (value) => `${(value / 1e6).toFixed(0)} MB`,
    ratio: true,
  },
  { measure: "interrupt-loop", what: "interrupt a loop", show: ms, ratio: false },
  { measure: "interrupt-await", what: "interrupt a pending await", show: ms, ratio: false },
  { measure: "interrupt-after-await", what: "interrupt a loop after an await", show: ms, ratio: false },
];

using jupyter = await installJupyter();
await installPeers(jupyter.dataFolder);
const folder = mkdtempSync(join(tmpdir(), "assay-bench-"));
const values = new Map<string, number[]>();
const input = {
  kernels,
  folder,
  rounds: Number(process.env.ROUNDS ?? 3),
  only: process.env.ONLY?.split(","),
};
try {
  for await (const line of runScript("time_kernels.py", input, jupyter.env)) {
    const { kernel, measure, value } = line as { kernel: Kernel; measure: string; value: number | null };
    if (value !== null) (values.get(`${kernel} ${measure}`) ?? setDefault(`${kernel} ${measure}`)).push(value);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
const text = table();
console.log(text);
if (process.env.WRITE !== undefined) writeTable(text);

function setDefault(key: string): number[] {
  const list: number[] = [];
  values.set(key, list);
  return list;
}

function median(kernel: Kernel, measure: string): number | undefined {
  const list = [...(values.get(`${kernel} ${measure}`) ?? [])].sort((a, b) => a - b);
  return list[list.length >> 1];
}

function table(): string {
  const measured = rows.filter(({ measure }) => kernels.some((kernel) => values.has(`${kernel} ${measure}`)));
  const lines = measured.map(({ measure, what, show, ratio }) => {
    const [own, deno] = kernels.map((kernel) => median(kernel, measure));
    const shown = kernels.map((kernel) => {
      const value = median(kernel, measure);
      // A time to the last byte says nothing where most of them are missing.
      if (measure === "flood" && (median(kernel, "complete") ?? 0) < 0.99) return "–";
      return value === undefined ? "never" : show(value);
    });
    const factor = ratio && own !== undefined && deno !== undefined ? (own / deno).toFixed(2) : "";
    return `| ${[what, ...shown, factor].join(" | ")} |`;
  });
  return [
    `| | Assay | Deno ${peers.deno} | tslab ${peers.tslab} | Assay / Deno |`,
    "|---|---:|---:|---:|---:|",
    ...lines,
  ].join("\n");
}

/** Replaces the table between the marks in the docs. */
function writeTable(markdown: string): void {
  const file = fileURLToPath(new URL("../../docs/benchmarks.md", import.meta.url));
  const processor = cpus()[0]?.model.trim() ?? "unknown processor";
  const machine = `${processor}, ${availableParallelism()} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${process.platform}, Node ${process.versions.node}; medians of ${input.rounds} rounds (${input.rounds * 3} cold starts).`;
  const [before, after] = [/[\s\S]*<!-- kernels -->\n/, /<!-- \/kernels -->[\s\S]*/].map(
    (part) => part.exec(readFileSync(file, "utf8"))?.[0],
  );
  if (before === undefined || after === undefined) throw new Error("docs/benchmarks.md has no place for the table");
  writeFileSync(file, `${before}\n${markdown}\n\n${machine}\n\n${after}`);
}
