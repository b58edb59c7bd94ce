import type { ComplianceItem, ComplianceOutput } from "../../kernel/protocol/outputs.ts";
import { copyButton, formatCount, formatItems, h, icon, modeNames, type Shown, violationNotice } from "../mount.ts";
import { itemList } from "./item-list.ts";
import { classBars, classTable, modeCards } from "./modes.ts";
import { attribution, byClass, exclusions } from "./summary.ts";

/** Reasons drawn before one asks for the rest, and attributions shown at a time. */
const page = { reasons: 12, attributions: 50 };

/** Draws what each mode admits, what the output's own excludes and why, down to the evidence of each item. */
export function renderCompliance(root: HTMLElement, data: ComplianceOutput): Shown<ComplianceOutput> | undefined {
  const admitted = data.items.filter((item) => item.admitted);
  const classes = byClass(data);
  root.classList.add("report");
  // Above all else, also above what is said of parts that could not be read.
  if (data.violation) root.prepend(violationNotice(data.violation));
  root.append(
    h(
      "div",
      { class: "head" },
      h("h3", { class: "title" }, data.title ?? "Compliance"),
      h("span", { class: "sub" }, `policy ${data.policyVersion}`),
      h(
        "div",
        { class: "tools" },
        admitted.length > 0 &&
          copyButton(
            "Copy attributions",
            () => attributions(admitted),
            "Copy title, author, source and licence of every admitted item",
          ),
      ),
    ),
  );
  if (data.items.length === 0) {
    root.append(h("p", { class: "sub" }, "There is no item to judge."));
    return undefined;
  }
  root.append(modeCards(data), ...[classBars(classes)].filter((bars) => bars !== undefined));
  root.append(classTable(classes, data));
  const why = exclusionList(data);
  if (why) root.append(why);
  if (admitted.length > 0) root.append(attributionList(admitted));
  root.append(itemList(data));
  return undefined;
}

function exclusionList(data: ComplianceOutput): HTMLElement | undefined {
  const groups = exclusions(data.items);
  if (groups.length === 0) return undefined;
  const most = groups[0]!.items.length;
  const list = h("ul");
  const more = h("button", { class: "button", type: "button", onclick: () => grow() });
  let drawn = 0;
  const grow = () => {
    const next = groups.slice(drawn, drawn + page.reasons);
    drawn += next.length;
    for (const group of next) {
      const meter = h("span", { class: "meter", "aria-hidden": "true" });
      meter.style.width = `${Math.max(2, (100 * group.items.length) / most)}%`;
      const reason = h(
        "span",
        { class: "reason" },
        h("span", {}, sentence(group.reason)),
        h("code", {}, group.rule),
        meter,
      );
      list.append(h("li", {}, h("span", { class: "count" }, formatCount(group.items.length)), reason));
    }
    more.hidden = drawn >= groups.length;
    more.textContent = `Show more of ${formatItems(groups.length, "reason")}`;
  };
  grow();
  return h("section", { class: "exclusions" }, h("h4", {}, `Why ${modeNames[data.mode]} excludes items`), list, more);
}

/** A reason is a clause, which here stands alone. */
function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? "" : "."}`;
}

function attributions(admitted: readonly ComplianceItem[]): string {
  return `${admitted.map(attribution).join("\n")}\n`;
}

function attributionList(admitted: readonly ComplianceItem[]): HTMLElement {
  const text = h("pre", { tabindex: "0", "aria-label": "Attributions" });
  const rest = admitted.length - page.attributions;
  return h(
    "details",
    {
      class: "attributions",
      ontoggle: () => {
        text.textContent ||= attributions(admitted.slice(0, page.attributions));
      },
    },
    h("summary", {}, icon("chevron"), `Attributions of ${formatItems(admitted.length, "admitted item")}`),
    text,
    rest > 0 && h("p", { class: "sub" }, `and ${formatCount(rest)} more; “Copy attributions” copies all`),
  );
}
