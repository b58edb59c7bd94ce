/** One trace of a Plotly figure, as data. */
export type Trace = Readonly<Record<string, unknown>>;

/** What people call a trace. */
export function traceName(trace: Trace, index: number): string {
  return typeof trace.name === "string" && trace.name !== "" ? trace.name : `series ${index + 1}`;
}

/** Whether a trace is one that people read, and no edge of a band or faint background of another. */
export function isNamed(trace: Trace): boolean {
  return trace.showlegend !== false;
}

/** The values of a trace: `y`, those of a horizontal bar, or the parts of a pie. */
export function valuesOf(trace: Trace): readonly unknown[] {
  const field = trace.type === "pie" ? "values" : trace.type === "bar" && trace.orientation === "h" ? "x" : "y";
  const values = trace[field];
  return Array.isArray(values) ? values : [];
}

/** What the values of a trace stand over: `x`, the other axis of a horizontal bar, the labels of a pie; else 0, 1, 2 … */
export function placesOf(trace: Trace): readonly unknown[] {
  const field = trace.type === "pie" ? "labels" : trace.type === "bar" && trace.orientation === "h" ? "y" : "x";
  const places = trace[field];
  return Array.isArray(places) ? places : valuesOf(trace).map((_, index) => index);
}
