// Time to the first and to later answers of the language service, over a notebook of 30 cells that use the SDK. Processor time of the
// thread says what the work costs; wall time says what a person waits on this machine as it is.
import { fileURLToPath } from "node:url";
import type { LanguageCell } from "../../kernel/protocol/language.ts";

const folder = fileURLToPath(new URL("../../samples", import.meta.url));
const assayTypes = fileURLToPath(new URL("../../dist/types/sdk/index.d.ts", import.meta.url));

const cells: LanguageCell[] = Array.from({ length: 30 }, (_, i) => ({
  id: `c${i}`,
  source:
    i === 0
      ? 'import { data, generate, metrics, train } from "assay";\nimport fs from "node:fs";\nconst items = await data.collect("corpus");\ndata.'
      : `const rows${i} = [{ a: ${i}, b: "x" }].map((row) => ({ ...row, c: row.a * 2 }));
function step${i}(n: number): number { return ${i > 1 ? `step${i - 1}(n) + rows${i - 1}.length` : "n"}; }
let total${i} = step${i}(${i});
total${i} += 1;
display.table(rows${i});
rows${i}`,
}));

const used = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
const report = (what: string, times: { cpu: number; wall: number }[]) => {
  const middle = (list: number[]) => list.sort((a, b) => a - b)[list.length >> 1]!.toFixed(0);
  const [cpu, wall] = [middle(times.map((one) => one.cpu)), middle(times.map((one) => one.wall))];
  console.log(`${what}: ${cpu} ms of processor time, ${wall} ms by the clock`);
};
const timed = <T>(work: () => T): { cpu: number; wall: number; result: T } => {
  const [cpu, wall] = [used(), performance.now()];
  const result = work();
  return { cpu: used() - cpu, wall: performance.now() - wall, result };
};

const loading = [used(), performance.now()] as const;
const { openNotebookService } = await import("../../kernel/language/notebook-service.ts");
report("load the compiler", [{ cpu: used() - loading[0], wall: performance.now() - loading[1] }]);

const service = openNotebookService({ folder, assayTypes });
const first = timed(() => {
  service.updateCells(cells);
  return service.completions("c0", cells[0]!.source.length);
});
if (!first.result.items.some((one) => one.name === "collect"))
  throw new Error("the sdk's types are missing: build first");
report("first completion", [first]);

const edited = (at: number, source: string) => cells.map((cell, i) => (i === at ? { ...cell, source } : cell));
const rounds = Array.from({ length: 15 }, (_, i) => i);
report(
  "members, after an edit that adds a variable",
  rounds.map((i) => {
    const source = `let added${i} = ${i};\nrows28[0]!.`;
    return timed(() => {
      service.updateCells(edited(29, source));
      return service.completions("c29", source.length);
    });
  }),
);
report(
  "names, after an edit",
  rounds.map((i) => {
    const source = `tot${"a".repeat(i)}`;
    return timed(() => {
      service.updateCells(edited(15, source));
      return service.completions("c15", source.length);
    });
  }),
);
report(
  "errors of the edited cell",
  rounds.map((i) => {
    service.updateCells(edited(15, `const x: string = ${i};`));
    return timed(() => service.diagnostics("c15"));
  }),
);
service.updateCells(cells);
report("errors of all 30 cells", [timed(() => cells.map((cell) => service.diagnostics(cell.id)))]);

const { createLanguageService } = await import("../../kernel/language/client.ts");
const threaded = createLanguageService({ folder, assayTypes });
const start = performance.now();
await threaded.updateCells(cells);
await threaded.completions("c0", cells[0]!.source.length);
console.log(`first completion, thread included: ${(performance.now() - start).toFixed(0)} ms by the clock`);
await threaded.dispose();
