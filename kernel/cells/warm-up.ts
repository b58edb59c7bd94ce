import { createRequire } from "node:module";
import { clearTimeout, setImmediate, setTimeout } from "node:timers";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";
import { cellProgram } from "./cell-program.ts";
import { loadStripper } from "./typescript.ts";

/** Short cells with a bit of everything that cells are made of. Each takes well under a millisecond, so that a cell which comes hardly waits. */
const samples = [
  `import type { PathLike } from "node:fs"; import { join, sep as slash } from "node:path";
interface Point { x: number; y?: string } type Named<T> = T & { name: string };
const points: Point[] = [1, 2, 3].map((x: number) => ({ x, y: \`\${x}\${slash}\` }));`,
  `let { x, ...rest }: Point = points[0]!; const [first, , third = 3] = [x, 2] as const;
for (const [at, point] of points.entries()) { if (point.x > x && !rest.y) { x += at as number; continue; } else x -= 1; }`,
  `async function later<T extends object>(value: T, times = 2): Promise<T[]> {
  try { const found = await Promise.all(Array.from({ length: times }, async () => value)); return found.filter((one) => one !== null); }
  catch (error) { throw new Error("no", { cause: error }); } finally { x++; } }`,
  `class Shape<T> extends Base { static made = 0; readonly kind?: T; #area = 0; get area(): number { return this.#area; }
  constructor(area: number) { super(); this.#area = area; } grow(by: number): this { this.#area *= by ** 2; return this; } }`,
  `function area(a: number, b: number = 2): number { const r: number = a * b; while (r > 100) { return r % 7; } return typeof r === "number" ? r : -1; }
function scale(value: number, by: number = 3): number { return value * by + 3; }
scale(area(1, 2), 4)`,
  `interface Row { id: number; name: string } const row: Row = { id: 1, name: 'row' }; const list = Array.from({ length: 5 }, (_, n) => n + row.id);
let sum = 0; for (const one of list) sum += one; for (let i = 0; i < list.length; i++) sum -= list[i]!;
sum`,
  `switch (x) { case 1: console.log(/a+/g.test(rest.y ?? "")); break; default: x++; }
const found = await later({ ...points[0], [area(1)]: new Shape<string>(2).grow(3).area });
console.log(found.length, found?.[0]?.x, { x, list });`,
];
/** After so many V8 has compiled most of the compiler's own code well. */
const enough = 1500;
/** After so many most of it is done, and there is time for what is needed less often. */
const mostUseful = 1200;
/** Milliseconds without a cell after which it goes on: who sends one cell after the other needs the processor for them. */
const pause = 10;

let done = 0;
let idle = false;
let scheduled = false;
let timer: NodeJS.Timeout | undefined;

/**
 * Makes the compiler of cells fast, and loads what else may be needed, a little at a time and only while no cell wants to run: right after
 * the start, and in pauses between the first cells.
 */
export function warmUp(): void {
  if (done === enough) return;
  if (done === 0) return start();
  timer = setTimeout(start, pause).unref();
}

/** Says that there is a cell to run. */
export function endWarmUp(): void {
  clearTimeout(timer);
  if (idle) setFlagsFromString("--lazy-feedback-allocation");
  idle = false;
}

function start(): void {
  idle = true;
  // V8 looks from the first call on at what functions are called with. Else it compiles them for the few steps that it has looked at.
  setFlagsFromString("--no-lazy-feedback-allocation");
  schedule();
}

function schedule(): void {
  if (scheduled || done === enough) return;
  scheduled = true;
  setImmediate(step);
}

function step(): void {
  scheduled = false;
  if (!idle) return;
  if (done === 0) prepare();
  if (done === mostUseful) loadStripper();
  new Script(cellProgram(samples[done++ % samples.length]!, () => false).code, { filename: "node:assay/warm-up" });
  if (done === enough) endWarmUp();
  schedule();
}

function prepare(): void {
  // What `fetch` and the SDK, and local modules, need of Node: a cell that is stopped while it loads would leave half of it.
  createRequire(import.meta.url)("node:zlib");
  // The first memory that is given away, as some of the stripper's is, makes V8 drop all code that trusts memory to stay. So it is done now.
  const memory = new ArrayBuffer(1);
  structuredClone(memory, { transfer: [memory] });
}
