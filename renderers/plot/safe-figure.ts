import type { PlotOutput } from "../../kernel/protocol/outputs.ts";

/** Longest text of a figure that is drawn. */
const longestText = 400;

/** Members that Plotly takes an address from. */
const addresses = new Set(["source", "href", "url", "src", "__proto__"]);

/**
 * A copy of a figure in which no text can load or run anything. Plotly draws text as SVG and knows a few tags; links and styles in them, images of the
 * layout and addresses anywhere are taken out.
 */
export function withoutMarkup(figure: PlotOutput): Pick<PlotOutput, "data" | "layout"> {
  const { images: _images, updatemenus: _menus, sliders: _sliders, template: _template, ...rest } = figure.layout;
  // The title stands above the chart already.
  const { title, ...untitled } = rest;
  const layout = figure.title === undefined && title !== undefined ? rest : untitled;
  return { data: clean(figure.data, 0) as PlotOutput["data"], layout: clean(layout, 0) as PlotOutput["layout"] };
}

function clean(value: unknown, depth: number): unknown {
  if (typeof value === "string") {
    const text = value.length > longestText ? `${value.slice(0, longestText)}…` : value;
    return text.replace(/<(?!\/?(?:b|i|br|sub|sup)\s*\/?>)/gi, "&lt;").replace(/url\s*\(/gi, "url ");
  }
  if (typeof value !== "object" || value === null) return value;
  if (depth > 12) return null;
  if (Array.isArray(value)) return isPlainNumbers(value) ? value : value.map((member) => clean(member, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !addresses.has(name))
      .map(([name, member]) => [name, clean(member, depth + 1)]),
  );
}

function isPlainNumbers(values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === "number" || value === null);
}
