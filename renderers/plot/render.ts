import type { PlotOutput } from "../../kernel/protocol/outputs.ts";
import { h, onThemeChange, type Shown, type Surroundings } from "../mount.ts";
import { themedLayout } from "./layout.ts";
import { withoutMarkup } from "./safe-figure.ts";

const config = {
  responsive: true,
  displaylogo: false,
  modeBarButtonsToRemove: ["lasso2d", "select2d", "autoScale2d"],
  // Neither the chart studio nor map tiles: nothing here talks to the network.
  showSendToCloud: false,
  showLink: false,
  plotlyServerURL: "",
};

/** Draws a Plotly figure in the colours of the theme; updates of a live chart change it in place. */
export function renderPlot(root: HTMLElement, data: PlotOutput, { signal }: Surroundings): Shown<PlotOutput> {
  const title = h("h3", { class: "title" });
  const head = h("div", { class: "head" }, title);
  const canvas = h("div", { class: "canvas", role: "group" });
  const waiting = h("div", { class: "sub", role: "status" }, "Drawing…");
  root.append(head, canvas, waiting);
  let current = data;
  let drawing = Promise.resolve();

  const draw = () => {
    drawing = drawing.then(async () => {
      if (signal.aborted) return;
      const { default: plotly } = await import("plotly.js-basic-dist-min");
      if (signal.aborted) return;
      const figure = withoutMarkup(current);
      await plotly.react(canvas, figure.data, themedLayout(figure.layout, root), config);
      waiting.remove();
      signal.addEventListener("abort", () => plotly.purge(canvas), { once: true });
    });
    drawing = drawing.catch((error: unknown) => {
      waiting.remove();
      canvas.replaceChildren(
        h(
          "p",
          { class: "sub" },
          `This figure cannot be drawn: ${error instanceof Error ? error.message : String(error)}`,
        ),
      );
    });
  };
  const update = (next: PlotOutput) => {
    current = next;
    head.hidden = !next.title;
    title.textContent = next.title ?? "";
    canvas.setAttribute("aria-label", describe(next));
    draw();
    return true;
  };
  update(data);
  onThemeChange(signal, draw);
  return { update };
}

/** The figure in words: its title, and the name of each series with its number of points. */
function describe({ title, data }: PlotOutput): string {
  const series = data
    .filter((trace) => typeof trace.name === "string" && trace.showlegend !== false)
    .slice(0, 12)
    .map((trace) => `${String(trace.name)} (${Array.isArray(trace.y) ? trace.y.length : 0} points)`);
  return `${title ?? "Chart"}${series.length > 0 ? `: ${series.join(", ")}` : ""}`;
}
