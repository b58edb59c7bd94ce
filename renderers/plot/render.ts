import type { PlotOutput } from "../../kernel/protocol/outputs.ts";
import { formatCount, h, onThemeChange, type Shown, type Surroundings, sayWhy } from "../mount.ts";
import { Chart, type SafeFigure } from "./chart.ts";
import { chartCsv } from "./csv.ts";
import type { Thinned } from "./decimate.ts";
import { readable } from "./readable.ts";
import { withoutMarkup } from "./safe-figure.ts";
import { seriesList } from "./series-list.ts";
import { describe, type Summary, summaries } from "./summary.ts";
import { toolbar } from "./toolbar.ts";

/** Draws a Plotly figure in the colours of the theme; updates of a live chart change it in place. */
export function renderPlot(root: HTMLElement, data: PlotOutput, { media, signal }: Surroundings): Shown<PlotOutput> {
  const title = h("h3", { class: "title" });
  const canvas = h("div", { class: "canvas", role: "group", tabindex: 0 });
  const empty = h("div", { class: "nothing", role: "note", hidden: true });
  const waiting = h("div", { class: "sub", role: "status" }, "Drawing…");
  const footer = h("ul", { class: "footer" });
  const keys = h("span", { class: "sub keys" }, "Arrows move · + − zoom · 0 shows all");

  let figure: SafeFigure = { data: [], layout: {} };
  let faults: readonly string[] = [];
  let current = data;
  let series: readonly Summary[] = [];

  const chart = new Chart(canvas, root, signal, {
    drawn: (thinned) => {
      waiting.remove();
      tools.showDrag(chart.view.dragMode);
      say([...faults, ...thinning(thinned)]);
      list.show(series, isShown);
    },
    failed: (error) => {
      waiting.remove();
      canvas.replaceChildren(sayWhy("This figure cannot be drawn", error));
    },
  });
  const isShown = (one: Summary) => chart.view.isShown(figure.data[one.index] ?? {}, one.index);
  const list = seriesList((one, shown) => {
    chart.view.setShown(figure.data[one.index] ?? {}, one.index, shown);
    chart.draw();
  });
  const zoom = (factor: number) => chart.move("xaxis", { zoom: factor });
  const tools = toolbar({
    zoom,
    reset: () => chart.reset(),
    setDrag: (mode) => {
      chart.view.dragMode = mode;
      chart.draw();
    },
    csv: () => chartCsv(figure.data, axisTitle(figure.layout) || "x"),
    ...(media.canSave
      ? {
          save: async (format) =>
            media.saveBytes(fileName(current.title, format), await chart.picture(format, current.title)),
        }
      : {}),
  });
  canvas.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target !== canvas) return;
    if (!act(chart, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  });
  root.append(
    h("div", { class: "head" }, title, tools.element),
    empty,
    canvas,
    waiting,
    h("div", { class: "below" }, list.element, keys),
    footer,
  );

  const say = (lines: readonly string[]) => {
    footer.hidden = lines.length === 0;
    if (lines.join("\n") === [...footer.children].map((line) => line.textContent).join("\n")) return;
    footer.replaceChildren(...lines.map((line) => h("li", {}, line)));
  };
  const update = (next: PlotOutput) => {
    current = next;
    const safe = withoutMarkup(next);
    const checked = readable(safe);
    const many = next.note === undefined ? [] : [next.note];
    faults = [...many, ...checked.notes.slice(0, 12)];
    if (checked.notes.length > 12)
      faults = [...faults, `and ${formatCount(checked.notes.length - 12)} more remarks of this kind`];
    figure = { data: checked.data, layout: safe.layout };
    series = summaries(figure.data);
    title.textContent = next.title ?? "";
    canvas.setAttribute("aria-label", describe(next.title, series));
    const points = series.reduce((sum, one) => sum + one.points, 0);
    empty.hidden = points > 0 || hasPacked(figure);
    canvas.hidden = !empty.hidden;
    empty.textContent = whyEmpty(next, checked.data.length);
    say(faults);
    list.show(series, isShown);
    if (canvas.hidden) waiting.remove();
    else chart.show(figure);
    return true;
  };
  update(data);
  onThemeChange(signal, () => canvas.hidden || chart.draw());
  return { update };
}

/** Does what a key stands for; false where it stands for nothing. */
function act(chart: Chart, key: string): boolean {
  if (key === "ArrowLeft" || key === "ArrowRight") return chart.move("xaxis", { by: key === "ArrowLeft" ? -0.1 : 0.1 });
  if (key === "ArrowUp" || key === "ArrowDown") return chart.move("yaxis", { by: key === "ArrowDown" ? -0.1 : 0.1 });
  if (key === "+" || key === "=") return chart.move("xaxis", { zoom: 0.5 });
  if (key === "-") return chart.move("xaxis", { zoom: 2 });
  if (key !== "0") return false;
  chart.reset();
  return true;
}

function thinning(thinned: readonly Thinned[]): string[] {
  if (thinned.length === 0) return [];
  const sum = (field: "drawn" | "of") => formatCount(thinned.reduce((total, one) => total + one[field], 0));
  const how = thinned.some(({ trace }) => trace.mode === "markers")
    ? "points that lie on others are left out"
    : "first, least, greatest and last of each pixel column; zooming in draws the rest";
  return [`${sum("drawn")} of ${sum("of")} points are drawn: ${how}. CSV has all of them.`];
}

function whyEmpty({ data, live }: PlotOutput, drawable: number): string {
  if (data.length > 0 && drawable === 0) return "No series of this chart can be drawn.";
  if (live) return "Waiting for the first point…";
  return data.length === 0 ? "This chart has no series." : "The series of this chart have no points.";
}

function hasPacked({ data }: SafeFigure): boolean {
  return data.some(({ y, x, values }) =>
    [y, x, values].some((list) => typeof list === "object" && list !== null && "bdata" in list),
  );
}

function axisTitle({ xaxis }: PlotOutput["layout"]): string {
  if (typeof xaxis !== "object" || xaxis === null || !("title" in xaxis)) return "";
  const { title } = xaxis;
  const text = typeof title === "object" && title !== null && "text" in title ? title.text : title;
  return typeof text === "string" ? text : "";
}

function fileName(title: string | undefined, ending: string): string {
  const name = (title ?? "chart").replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60) || "chart";
  return `${name}.${ending}`;
}
