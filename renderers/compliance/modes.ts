import { type ComplianceMode, complianceModes } from "../../kernel/protocol/compliance.ts";
import type { ComplianceOutput } from "../../kernel/protocol/outputs.ts";
import {
  type Child,
  formatBytes,
  formatCount,
  formatItems,
  h,
  icon,
  licenceChip,
  licenceClassNames,
  modeNames,
} from "../mount.ts";
import { type Admission, byMode, type ClassSummary } from "./summary.ts";

/** The three modes side by side: how much each admits, or that the output does not say. */
export function modeCards({ items, mode: own }: ComplianceOutput): HTMLElement {
  const admissions = byMode(items, own);
  return h(
    "ul",
    { class: "modes", "aria-label": "What each mode admits" },
    complianceModes.map((mode) =>
      h(
        "li",
        { class: mode === own ? "mode own" : "mode", "data-mode": mode },
        h(
          "div",
          { class: "name" },
          icon("shield"),
          modeNames[mode],
          mode === own && h("span", { class: "own-mark" }, "applied here"),
        ),
        admissionWords(admissions[mode], items.length),
      ),
    ),
  );
}

function admissionWords({ admitted, bytes, unstated }: Admission, total: number): Child {
  if (total > 0 && unstated === total) {
    return h("div", { class: "sub" }, "This output does not say what this mode would admit.");
  }
  const share = h("span", {});
  share.style.width = `${total > 0 ? (100 * admitted) / total : 0}%`;
  return [
    h(
      "div",
      { class: "number" },
      formatCount(admitted),
      h("span", { class: "of" }, ` of ${formatItems(total, "item")} admitted`),
    ),
    h("div", { class: "sub bytes" }, formatBytes(bytes)),
    unstated > 0 && h("div", { class: "sub" }, `not said of ${formatItems(unstated, "item")}`),
    h("div", { class: "meter", "aria-hidden": "true" }, share),
  ];
}

/** Items and bytes of each licence class, and what each mode makes of them. */
export function classTable(classes: readonly ClassSummary[], data: ComplianceOutput): HTMLElement {
  const side = (mode: ComplianceMode) => (mode === data.mode ? "mode-column own" : "mode-column");
  const total = byMode(data.items, data.mode);
  return h(
    "div",
    { class: "wide" },
    h(
      "table",
      { class: "classes" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col" }, "Licence class"),
          ["Items", "Bytes"].map((name) => h("th", { scope: "col", class: "right" }, name)),
          complianceModes.map((mode) => h("th", { scope: "col", class: side(mode) }, modeNames[mode])),
        ),
      ),
      h(
        "tbody",
        {},
        classes.map((one) =>
          h(
            "tr",
            {},
            h("td", {}, licenceChip(one.licenceClass)),
            h("td", { class: "right" }, formatCount(one.items)),
            h("td", { class: "right" }, formatBytes(one.bytes)),
            complianceModes.map((mode) => h("td", { class: side(mode) }, verdictOf(one.modes[mode], one.items))),
          ),
        ),
      ),
      h(
        "tfoot",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "row" }, "Total, and what each admits"),
          h("td", { class: "right" }, formatCount(data.items.length)),
          h("td", { class: "right" }, formatBytes(data.items.reduce((sum, item) => sum + item.bytes, 0))),
          complianceModes.map((mode) =>
            h(
              "td",
              { class: side(mode) },
              total[mode].unstated === data.items.length
                ? "not said"
                : `${formatCount(total[mode].admitted)} · ${formatBytes(total[mode].bytes)}`,
            ),
          ),
        ),
      ),
    ),
  );
}

function verdictOf({ admitted, unstated }: Admission, items: number): HTMLElement {
  const words = (tone: string, name: "check" | "close" | "minus", text: string) =>
    h("span", { class: "verdict", "data-tone": tone }, icon(name), text);
  if (unstated === items) return h("span", { class: "verdict", "data-tone": "unknown" }, "not said");
  if (unstated > 0) return words("mixed", "minus", `${formatCount(admitted)}, ${formatCount(unstated)} not said`);
  if (admitted === items) return words("good", "check", "admitted");
  if (admitted === 0) return words("bad", "close", "excluded");
  return words("mixed", "minus", `${formatCount(admitted)} of ${formatCount(items)}`);
}

/** How items and bytes are shared by the licence classes. */
export function classBars(classes: readonly ClassSummary[]): HTMLElement | undefined {
  const items = classes.reduce((sum, summary) => sum + summary.items, 0);
  const bytes = classes.reduce((sum, summary) => sum + summary.bytes, 0);
  if (items === 0) return undefined;
  const bar = (name: string, share: (summary: ClassSummary) => number) =>
    h(
      "div",
      { class: "bar-row" },
      h("span", { class: "sub" }, name),
      h(
        "div",
        {
          class: "stack",
          role: "img",
          "aria-label": `${name} by licence class: ${classes.map((c) => `${licenceClassNames[c.licenceClass]} ${Math.round(100 * share(c))}%`).join(", ")}`,
        },
        classes.map((summary) => {
          const part = h("span", {
            "data-class": summary.licenceClass,
            title: licenceClassNames[summary.licenceClass],
          });
          part.style.flexGrow = String(share(summary));
          return part;
        }),
      ),
    );
  return h(
    "div",
    { class: "bars" },
    bar("Items", (summary) => summary.items / items),
    bytes > 0 && bar("Bytes", (summary) => summary.bytes / bytes),
  );
}
