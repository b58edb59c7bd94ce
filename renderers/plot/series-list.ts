import { formatCount, h, numberFormat } from "../mount.ts";
import type { Summary } from "./summary.ts";

/** The series as a table that opens: shown or not, points, last, least and greatest value. */
export interface SeriesList {
  readonly element: HTMLElement;
  readonly show: (series: readonly Summary[], isShown: (series: Summary) => boolean) => void;
}

/** The most series that the list names. */
const most = 50;

/** `setShown` is called when the person shows or hides a series. */
export function seriesList(setShown: (series: Summary, shown: boolean) => void): SeriesList {
  const summary = h("summary", {});
  const holder = h("div", { class: "rows" });
  const element = h("details", { class: "series", hidden: true }, summary, holder);
  let current: readonly Summary[] = [];
  let shownNow: (series: Summary) => boolean = () => true;

  const fill = () => {
    const focused = (element.getRootNode() as ShadowRoot).activeElement?.getAttribute("data-series");
    holder.replaceChildren(rows(current, shownNow, setShown));
    if (focused) holder.querySelector<HTMLElement>(`[data-series="${CSS.escape(focused)}"]`)?.focus();
  };
  element.addEventListener("toggle", () => element.open && fill());
  return {
    element,
    show(series, isShown) {
      current = series;
      shownNow = isShown;
      element.hidden = series.length === 0;
      const points = series.reduce((sum, one) => sum + one.points, 0);
      summary.textContent = `${formatCount(series.length)} series · ${formatCount(points)} ${points === 1 ? "point" : "points"}`;
      if (element.open) fill();
    },
  };
}

function rows(
  series: readonly Summary[],
  isShown: (series: Summary) => boolean,
  setShown: (series: Summary, shown: boolean) => void,
): HTMLElement {
  const number = (one: Summary, value: number | undefined) => {
    if (value === undefined) return "–";
    return numberFormat([one.last, one.least, one.greatest].filter((each) => each !== undefined))(value);
  };
  return h(
    "table",
    {},
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        ["Series", "Points", "Last", "Least", "Greatest"].map((name) => h("th", { scope: "col" }, name)),
      ),
    ),
    h(
      "tbody",
      {},
      series.slice(0, most).map((one) => {
        const box = h("input", { type: "checkbox", "data-series": one.index });
        box.checked = isShown(one);
        box.addEventListener("change", () => setShown(one, box.checked));
        return h(
          "tr",
          {},
          h("th", { scope: "row" }, h("label", {}, box, one.name)),
          h("td", {}, formatCount(one.points)),
          [one.last, one.least, one.greatest].map((value) => h("td", {}, number(one, value))),
        );
      }),
    ),
    series.length > most &&
      h("tfoot", {}, h("tr", {}, h("td", { colspan: 5 }, `and ${formatCount(series.length - most)} more`))),
  );
}
