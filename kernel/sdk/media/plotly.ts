import { types } from "node:util";
import { assayMime, type MimeBundle } from "../../protocol/mime.ts";
import { plotOutput } from "../../protocol/outputs.ts";
import { checkOptions } from "../options.ts";

/** A Plotly figure: traces and layout. */
export interface PlotlyFigure {
  readonly data: readonly Readonly<Record<string, unknown>>[];
  readonly layout?: Readonly<Record<string, unknown>>;
}

/** A Plotly figure, for Assay's renderer and for Jupyter's. Typed arrays become lists; what is not JSON is left out. */
export function plotlyBundle({ data, layout = {} }: PlotlyFigure): MimeBundle {
  const figure = JSON.parse(JSON.stringify({ data, layout }, asJson)) as {
    data: Record<string, unknown>[];
    layout: Record<string, unknown>;
  };
  const kinds = [...new Set(figure.data.map(({ type }) => (typeof type === "string" ? type : "scatter")))];
  const title = titleOf(figure.layout);
  return {
    [assayMime("plot")]: checkOptions("display", plotOutput, { ...figure, ...(title === undefined ? {} : { title }) }),
    "application/vnd.plotly.v1+json": figure,
    "text/plain": `Plotly figure${title === undefined ? "" : ` “${title}”`}: ${figure.data.length} ${figure.data.length === 1 ? "trace" : "traces"} (${kinds.join(", ")})`,
  };
}

function asJson(_: string, value: unknown): unknown {
  if (types.isTypedArray(value)) return Array.from(value as Float64Array, (one) => asJson("", one));
  return typeof value === "bigint" ? Number(value) : value;
}

function titleOf({ title }: Readonly<Record<string, unknown>>): string | undefined {
  const text = typeof title === "object" && title !== null && "text" in title ? title.text : title;
  return typeof text === "string" && text !== "" ? text.replace(/<[^>]*>/g, "") : undefined;
}
