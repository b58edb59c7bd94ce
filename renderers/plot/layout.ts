import { themeColours } from "../mount.ts";

type Layout = Readonly<Record<string, unknown>>;

/** The figure's own layout over defaults in the colours of the theme. */
export function themedLayout(layout: Layout, root: HTMLElement): Layout {
  const colours = themeColours(root);
  const axis = {
    gridcolor: colours.grid,
    linecolor: colours.line,
    zerolinecolor: colours.grid,
    tickcolor: colours.line,
    tickfont: { color: colours.muted, size: 11 },
    automargin: true,
  };
  const themed: Record<string, unknown> = {
    margin: { l: 56, r: 16, t: 12, b: 44 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    colorway: colours.series,
    font: { family: colours.font, size: 12, color: colours.text },
    hoverlabel: {
      bgcolor: colours.background,
      bordercolor: colours.line,
      font: { family: colours.font, size: 12, color: colours.text },
    },
    legend: { orientation: "h", x: 0, y: 1.02, xanchor: "left", yanchor: "bottom", font: { size: 12 } },
    hovermode: "x unified",
    ...layout,
    height: bounded(layout.height),
    width: undefined,
    autosize: true,
  };
  for (const name of ["xaxis", "yaxis"]) themed[name] ??= {};
  for (const [name, value] of Object.entries(themed)) {
    if (/^[xy]axis\d*$/.test(name) && typeof value === "object" && value !== null)
      themed[name] = withTitle({ ...axis, ...value }, colours.muted);
  }
  if (isTitled(layout)) themed.margin = { l: 56, r: 16, t: 44, b: 44 };
  return themed;
}

/** The height of a figure in pixels, within what fits into a notebook. */
function bounded(height: unknown): number {
  return typeof height === "number" && Number.isFinite(height) ? Math.min(1600, Math.max(160, height)) : 320;
}

function withTitle(axis: Record<string, unknown>, colour: string): Record<string, unknown> {
  const title = axis.title;
  if (typeof title !== "object" || title === null) return axis;
  return { ...axis, title: { standoff: 10, font: { size: 12, color: colour }, ...title } };
}

function isTitled(layout: Layout): boolean {
  return layout.title !== undefined && layout.margin === undefined;
}
