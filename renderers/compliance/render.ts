import type { ComplianceOutput } from "../../kernel/protocol/outputs.ts";
import {
  formatBytes,
  formatCount,
  formatItems,
  h,
  icon,
  licenceChip,
  licenceClassNames,
  modeChip,
  type Shown,
} from "../mount.ts";
import { itemList } from "./item-list.ts";
import { attribution, byClass, type ClassSummary, exclusions } from "./summary.ts";

/** Draws what a mode admits, what it excludes and why, down to the evidence of each item. */
export function renderCompliance(root: HTMLElement, data: ComplianceOutput): Shown<ComplianceOutput> | undefined {
  const admitted = data.items.filter((item) => item.admitted);
  const excluded = data.items.length - admitted.length;
  const classes = byClass(data.items);

  if (data.violation) {
    root.append(
      h(
        "div",
        { class: "violation", role: "alert" },
        icon("warning"),
        h("div", {}, h("strong", {}, "This breaks the notebook's compliance mode"), h("div", {}, data.violation)),
      ),
    );
  }
  root.append(
    h(
      "div",
      {},
      h(
        "div",
        { class: "head" },
        h("h3", { class: "title" }, data.title ?? "Compliance"),
        modeChip(data.mode),
        h("span", { class: "sub" }, `policy ${data.policyVersion}`),
        h("div", { class: "tools" }, admitted.length > 0 && attributionButton(data)),
      ),
      h(
        "div",
        { class: "figures" },
        figure(formatCount(admitted.length), "admitted", "good"),
        figure(formatCount(excluded), "excluded", excluded > 0 ? "bad" : undefined),
        figure(formatBytes(admitted.reduce((sum, item) => sum + item.bytes, 0)), "admitted data"),
      ),
      bars(classes, data.items.length),
      classTable(classes),
      exclusionList(data),
      itemList(data.items),
    ),
  );
  return undefined;
}

function figure(value: string, name: string, tone?: "good" | "bad"): HTMLElement {
  return h(
    "div",
    { class: "figure", "data-tone": tone },
    h("span", { class: "number" }, value),
    h("span", { class: "sub" }, name),
  );
}

function bars(classes: readonly ClassSummary[], total: number): HTMLElement | undefined {
  const bytes = classes.reduce((sum, summary) => sum + summary.bytes, 0);
  if (total === 0) return undefined;
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
    bar("Items", (summary) => summary.items / total),
    bytes > 0 && bar("Bytes", (summary) => summary.bytes / bytes),
  );
}

function classTable(classes: readonly ClassSummary[]): HTMLElement {
  const head = ["Licence class", "Items", "Bytes", "Verdict"];
  return h(
    "table",
    { class: "classes" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        head.map((name, i) => h("th", { scope: "col", class: i === 1 || i === 2 ? "right" : "" }, name)),
      ),
    ),
    h(
      "tbody",
      {},
      classes.map((summary) =>
        h(
          "tr",
          {},
          h("td", {}, licenceChip(summary.licenceClass)),
          h("td", { class: "right" }, formatCount(summary.items)),
          h("td", { class: "right" }, formatBytes(summary.bytes)),
          h("td", {}, verdict(summary)),
        ),
      ),
    ),
  );
}

function verdict({ items, admitted }: ClassSummary): HTMLElement {
  if (admitted === items) return h("span", { class: "verdict", "data-tone": "good" }, icon("check"), "admitted");
  if (admitted === 0) return h("span", { class: "verdict", "data-tone": "bad" }, icon("close"), "excluded");
  return h(
    "span",
    { class: "verdict", "data-tone": "mixed" },
    icon("minus"),
    `${formatCount(admitted)} of ${formatCount(items)} admitted`,
  );
}

function exclusionList(data: ComplianceOutput): HTMLElement | undefined {
  const groups = exclusions(data.items);
  if (groups.length === 0) return undefined;
  const most = groups[0]!.items.length;
  return h(
    "section",
    { class: "exclusions" },
    h("h4", {}, "Why items are excluded"),
    h(
      "ul",
      {},
      groups.slice(0, 12).map((group) => {
        const meter = h("span", { class: "meter", "aria-hidden": "true" });
        meter.style.width = `${Math.max(2, (100 * group.items.length) / most)}%`;
        return h(
          "li",
          {},
          h("span", { class: "count" }, formatCount(group.items.length)),
          h("span", { class: "reason" }, h("span", {}, group.reason), h("code", {}, group.rule), meter),
        );
      }),
      groups.length > 12 &&
        h("li", {}, h("span", { class: "count" }), `and ${formatItems(groups.length - 12, "other reason")}`),
    ),
  );
}

function attributionButton(data: ComplianceOutput): HTMLElement {
  const label = "Copy attributions";
  const button = h(
    "button",
    {
      class: "button",
      type: "button",
      title: "Copy title, author, source and licence of every admitted item",
      onclick: async () => {
        const lines = data.items.filter((item) => item.admitted).map(attribution);
        const done = await navigator.clipboard.writeText(`${lines.join("\n")}\n`).then(
          () => true,
          () => false,
        );
        button.replaceChildren(icon(done ? "check" : "warning"), done ? "Copied" : "No access to the clipboard");
        setTimeout(() => button.replaceChildren(icon("copy"), label), 1600);
      },
    },
    icon("copy"),
    label,
  );
  return button;
}
