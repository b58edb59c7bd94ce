import type { CellSource } from "../protocol/messages.ts";
import { Bindings } from "./bindings.ts";
import { type CellProgram, cellProgram } from "./cell-program.ts";
import { type CellDependencies, Dependencies } from "./dependencies.ts";

interface Analysed {
  readonly program: CellProgram;
  readonly names: CellDependencies;
  /** Names that it cannot do without: what it reads, and what it assigns without declaring it. */
  readonly needs: ReadonlySet<string>;
}

/**
 * The cells that must run, in the order of the notebook, so that a cell can: that cell, the last writers above it of what it reads, those
 * of what they read, and so on. Found from the text alone, as if all ran from top to bottom. A cell that evaluates text needs all above
 * it, and counts as a writer of everything.
 *
 * @param cells code cells in the order of the notebook
 * @param kernel the variables that are there before any cell has run
 */
export function neededCells(cells: readonly CellSource[], target: string, kernel: Iterable<string>): string[] {
  const place = cells.findIndex(({ id }) => id === target);
  const analysed = analyse(cells.slice(0, place + 1), kernel);
  const needed = new Set([place]);
  for (const at of needed) for (const writer of writersFor(at, analysed)) needed.add(writer);
  return [...needed].sort((a, b) => a - b).map((at) => cells[at]!.id);
}

/** What each cell does to variables; `undefined` for one that cannot run because of its syntax. */
function analyse(cells: readonly CellSource[], kernel: Iterable<string>): (Analysed | undefined)[] {
  const bindings = new Bindings();
  for (const name of kernel) bindings.get(name).source = "kernel";
  const dependencies = new Dependencies(bindings);
  const known = new Set<string>();
  return cells.map(({ source }) => {
    let program: CellProgram;
    try {
      program = cellProgram(source, (name) => known.has(name));
    } catch {
      return undefined;
    }
    const names = dependencies.of(program);
    dependencies.enter(program);
    const imported = program.imports.flatMap((one) => one.bindings.map(({ local }) => local));
    const declared = new Set([...program.lexical, ...program.functions, ...program.vars, ...imported]);
    for (const name of declared) {
      known.add(name);
      bindings.get(name).source = imported.includes(name) ? "import" : "nothing";
    }
    const needs = new Set([...names.reads, ...names.writes.filter((name) => !declared.has(name))]);
    return { program, names, needs };
  });
}

function writersFor(at: number, cells: readonly (Analysed | undefined)[]): number[] {
  const cell = cells[at];
  if (!cell) return [];
  const above = [...cells.keys()].slice(0, at).reverse();
  if (cell.names.opaque) return above;
  const found = new Set(above.filter((other) => cells[other]?.names.opaque));
  const seen = new Set(cell.needs);
  for (const name of seen) {
    const writer = above.find((other) => cells[other]?.names.writes.includes(name));
    if (writer === undefined) continue;
    found.add(writer);
    // A function sees its free names as they are when it is called.
    for (const used of cells[writer]?.names.later ?? []) seen.add(used);
  }
  return [...found];
}
