import { seriesColours } from "../../kernel/protocol/series-colours.ts";
import type { Trace } from "./trace.ts";

/** Members of a trace that hold its colour, or an object with it. */
const coloured = ["line", "marker", "error_x", "error_y", "fillcolor"] as const;

/** The traces with the theme's colours in place of those that the kernel gives to series. Colours that somebody chose stay. */
export function themedTraces(traces: readonly Trace[], series: readonly string[]): Trace[] {
  const themed = (value: unknown): unknown => {
    if (typeof value === "object" && value !== null && "color" in value && typeof value.color === "string")
      return { ...value, color: themed(value.color) };
    if (typeof value !== "string") return value;
    const at = seriesColours.findIndex((colour) => value.startsWith(colour));
    const colour = series[at];
    if (colour === undefined) return value;
    const opacity = /^[0-9a-f]{2}$/i.exec(value.slice(7))?.[0];
    if (opacity !== undefined) return translucent(colour, Number.parseInt(opacity, 16) / 255);
    return value.length === 7 ? colour : value;
  };
  return traces.map((trace) => {
    const own = coloured.filter((name) => name in trace).map((name) => [name, themed(trace[name])] as const);
    return own.length === 0 ? trace : { ...trace, ...Object.fromEntries(own) };
  });
}

/** `rgb(…)`, as browsers compute colours, with an opacity. */
function translucent(colour: string, opacity: number): string {
  const parts = colour.match(/[\d.]+/g) ?? [];
  return colour.startsWith("rgb") && parts.length >= 3
    ? `rgba(${parts.slice(0, 3).join(", ")}, ${opacity.toFixed(3)})`
    : colour;
}
