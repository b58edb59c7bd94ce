import type { Child } from "./element.ts";
import { h } from "./element.ts";
import { icon } from "./icons.ts";

/** A card in place of an output that cannot be shown: what it is, and why. */
export function problemCard(what: string, reasons: readonly string[]): HTMLElement {
  return h(
    "div",
    { class: "problem", role: "alert" },
    icon("warning"),
    h(
      "div",
      {},
      h("div", { class: "problem-title" }, what),
      h(
        "ul",
        {},
        reasons.map((reason) => h("li", {}, reason)),
      ),
    ),
  );
}

/** A line above an output of which a part could not be shown; opens to say what and why. `fault`, of one and of several, is said instead of that it could not be read. */
export function partNotice(leftOut: readonly string[], fault?: readonly [one: string, several: string]): HTMLElement {
  const shown = leftOut.slice(0, 20);
  const more = leftOut.length - shown.length;
  const [parts, are] = leftOut.length === 1 ? ["part", "is"] : ["parts", "are"];
  const what = fault?.[leftOut.length === 1 ? 0 : 1] ?? `could not be read and ${are} left out`;
  const summary: Child = `${leftOut.length} ${parts} of this output ${what}`;
  return h(
    "details",
    { class: "notice" },
    h("summary", {}, icon("warning"), summary),
    h(
      "ul",
      {},
      shown.map((line) => h("li", {}, line)),
      more > 0 && h("li", {}, `and ${more} more`),
    ),
  );
}

/** The warning that an output breaks the notebook's compliance mode; its style comes with `report.css`. */
export function violationNotice(words: string): HTMLElement {
  return h(
    "div",
    { class: "violation", role: "alert" },
    icon("warning"),
    h(
      "div",
      {},
      h("strong", {}, "This breaks the notebook's compliance mode"),
      h("div", { class: "words", tabindex: words.length > 600 ? "0" : undefined }, words),
    ),
  );
}
