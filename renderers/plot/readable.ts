import type { PlotOutput } from "../../kernel/protocol/outputs.ts";
import { formatCount } from "../mount.ts";
import { type Trace, traceName, valuesOf } from "./trace.ts";

/** The traces that can be drawn, and a line for each thing that cannot be, or not as it was meant. */
export interface Readable {
  readonly data: readonly Trace[];
  readonly notes: readonly string[];
}

/** More than so many traces are not drawn: nobody can tell them apart, and each costs. */
const mostTraces = 200;
const drawable = new Set(["scatter", "bar", "pie"]);

/** Checks the traces of a figure one by one, so that a wrong one does not take the others with it. */
export function readable(figure: Pick<PlotOutput, "data" | "layout">): Readable {
  const notes: string[] = [];
  const data: Trace[] = [];
  figure.data.forEach((given, index) => {
    const name = traceName(given, index).slice(0, 60);
    // Drawn with SVG here, so a trace for WebGL is the same trace.
    const trace = given.type === "scattergl" ? { ...given, type: "scatter" } : given;
    const fault = faultOf(trace);
    if (fault) notes.push(`“${name}” is left out: ${fault}`);
    else if (data.length === mostTraces) {
      if (!notes.some((note) => note.startsWith("Only the first")))
        notes.push(`Only the first ${mostTraces} of ${formatCount(figure.data.length)} series are drawn`);
    } else {
      data.push(trace);
      notes.push(...oddities(trace, name, figure.layout));
    }
  });
  return { data, notes };
}

function faultOf(trace: Trace): string | undefined {
  const type = trace.type ?? "scatter";
  if (typeof type !== "string" || !drawable.has(type))
    return `charts of the kind “${String(type).slice(0, 40)}” are not drawn here, only scatter, bar and pie`;
  for (const field of type === "pie" ? ["values", "labels"] : ["x", "y"]) {
    const list = trace[field];
    if (list !== undefined && !Array.isArray(list) && !isPacked(list))
      return `its ${field} is ${kindOf(list)}, no list`;
  }
  return undefined;
}

function oddities(trace: Trace, name: string, layout: PlotOutput["layout"]): string[] {
  const notes: string[] = [];
  const { x, y } = trace;
  if (Array.isArray(x) && Array.isArray(y) && x.length !== y.length)
    notes.push(
      `“${name}” has ${formatCount(x.length)} x and ${formatCount(y.length)} y; the first ${formatCount(Math.min(x.length, y.length))} are drawn`,
    );
  const values = valuesOf(trace);
  const words = values.filter((value) => typeof value === "object" && value !== null).length;
  if (words > 0)
    notes.push(`${formatCount(words)} of ${formatCount(values.length)} values of “${name}” are no numbers`);
  const axis = layout.yaxis;
  if (typeof axis === "object" && axis !== null && "type" in axis && axis.type === "log") {
    const below = values.filter((value) => typeof value === "number" && value <= 0).length;
    if (below > 0)
      notes.push(`${formatCount(below)} values of “${name}” are 0 or less and have no place on a logarithmic axis`);
  }
  return notes;
}

/** Plotly's own packed form of typed arrays. */
function isPacked(value: unknown): boolean {
  return typeof value === "object" && value !== null && "bdata" in value && typeof value.bdata === "string";
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
