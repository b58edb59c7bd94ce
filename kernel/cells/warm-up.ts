import { Script } from "node:vm";
import { cellProgram } from "./cell-program.ts";

/** A cell with a bit of everything that cells are made of. */
const sample = `import type { PathLike } from "node:fs";
interface Point { x: number; y?: string }
const points: Point[] = [1, 2, 3].map((x: number) => ({ x, y: \`\${x}\` }));
let { x, ...rest }: Point = points[0]!;
for (const [at, point] of points.entries()) { if (point.x > x && !rest.y) { x += at as number; continue; } else x -= 1; }
async function later<T extends object>(value: T, times = 2): Promise<T[]> {
  try { const found = await Promise.all(Array.from({ length: times }, async () => value)); return found.filter((one) => one !== null); }
  catch (error) { throw new Error("no", { cause: error }); }
}
class Shape<T> { static made = 0; readonly kind?: T; #area = 0; get area(): number { return this.#area; } grow(by: number): this { this.#area *= by ** 2; return this; } }
function area(a: number, b: number = 2): number { const r: number = a * b; while (r > 100) { return r % 7; } return typeof r === "number" ? r : -1; }
switch (x) { case 1: console.log(/a+/g.test(rest.y ?? "")); break; default: x++; }
await later({ ...points[0], [area(1)]: new Shape<string>().grow(3).area });
`;
/** Rounds after which the parts of the compiler are all loaded; more would cost memory and gain little. */
const rounds = 3;

let needed = true;

/** Loads the type stripper, which takes some 50 ms at its first use, and makes the compiler of cells fast, while no cell wants to run. */
export function warmUp(): void {
  let round = 0;
  const next = () => {
    if (!needed || round++ === rounds) return;
    new Script(cellProgram(sample, () => false).code, { filename: "node:assay/warm-up" });
    setImmediate(next);
  };
  setImmediate(next);
}

/** Says that there is a cell to run. */
export function endWarmUp(): void {
  needed = false;
}
