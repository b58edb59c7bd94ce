import { complianceModes, type LicenceClass } from "../../kernel/protocol/compliance.ts";
import type { ComplianceItem, ComplianceOutput } from "../../kernel/protocol/outputs.ts";
import { choice, formatCount, formatItems, h, icon, licenceChip, licenceClassNames, modeNames } from "../mount.ts";
import { verdictIn } from "./summary.ts";

/** Items drawn at a time. */
const page = 50;

/** Every item with its reason; each opens to show its evidence. Drawn page by page when it is opened, so that ten thousand stay quick. */
export function itemList(data: ComplianceOutput): HTMLElement {
  const { items } = data;
  const list = h("ul", { class: "items" });
  const more = h("button", { class: "button", type: "button", onclick: () => grow() });
  const count = h("span", { class: "sub", role: "status" });
  const search = h("input", {
    type: "search",
    placeholder: "Filter by name, licence, reason",
    "aria-label": "Filter items",
    oninput: () => restart(),
    onkeydown: (event: KeyboardEvent) => event.stopPropagation(),
  });
  const present = new Set(items.map(({ licenceClass }) => licenceClass));
  const classNames = Object.entries(licenceClassNames).filter(([name]) => present.has(name as LicenceClass));
  let verdict = "all";
  let licenceClass = "all";
  let shown: readonly ComplianceItem[] = items;
  let drawn = 0;
  let texts: readonly string[] | undefined;

  const grow = () => {
    const next = shown.slice(drawn, drawn + page);
    list.append(...next.map((item) => itemEntry(item, data)));
    drawn += next.length;
    more.hidden = drawn >= shown.length;
    more.textContent = `Show ${Math.min(page, shown.length - drawn)} more`;
    count.textContent = `${formatCount(drawn)} of ${formatItems(shown.length, "item")}`;
  };
  const restart = () => {
    texts ??= items.map(searchable);
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = items.filter(
      (item, index) =>
        (verdict === "all" || item.admitted === (verdict === "admitted")) &&
        (licenceClass === "all" || item.licenceClass === licenceClass) &&
        words.every((word) => texts![index]!.includes(word)),
    );
    list.replaceChildren();
    drawn = 0;
    grow();
  };

  return h(
    "details",
    {
      class: "all-items",
      ontoggle: () => {
        if (drawn === 0) grow();
      },
    },
    h("summary", {}, icon("chevron"), `All ${formatItems(items.length, "item")} with their evidence`),
    h(
      "div",
      { class: "filters" },
      h("label", { class: "field" }, icon("search"), search),
      choice<string>(
        "Verdict",
        { all: "admitted and excluded", admitted: "admitted", excluded: "excluded" },
        "all",
        (value) => {
          verdict = value;
          restart();
        },
      ),
      choice<string>("Licence class", { all: "all classes", ...Object.fromEntries(classNames) }, "all", (value) => {
        licenceClass = value;
        restart();
      }),
      count,
    ),
    list,
    more,
  );
}

function searchable(item: ComplianceItem): string {
  return [item.id, item.title, item.author, item.licence, item.reason, item.rule, ...item.flags]
    .join("\u0001")
    .toLowerCase();
}

function itemEntry(item: ComplianceItem, data: ComplianceOutput): HTMLElement {
  const body = h("div", { class: "item-body" });
  const words = item.admitted ? "admitted" : "excluded";
  return h(
    "li",
    {},
    h(
      "details",
      {
        ontoggle: () => {
          if (!body.hasChildNodes()) body.append(...itemBody(item, data));
        },
      },
      h(
        "summary",
        {},
        icon("chevron"),
        h(
          "span",
          { class: "verdict", "data-tone": item.admitted ? "good" : "bad", title: words },
          icon(item.admitted ? "check" : "close"),
          h("span", { class: "visually-hidden" }, words),
        ),
        h("span", { class: "name", title: item.title ?? item.id }, item.title ?? item.id),
        licenceChip(item.licenceClass),
        h("span", { class: "sub" }, item.licence ?? "no licence stated"),
      ),
      body,
    ),
  );
}

function itemBody(item: ComplianceItem, { mode: own }: ComplianceOutput): HTMLElement[] {
  const known = complianceModes.filter((mode) => verdictIn(item, mode, own));
  const verdicts = known.map((mode) => {
    const { admitted, rule, reason } = verdictIn(item, mode, own)!;
    return h(
      "tr",
      { class: mode === own ? "own" : "" },
      h("td", {}, modeNames[mode]),
      h(
        "td",
        {},
        h(
          "span",
          { class: "verdict", "data-tone": admitted ? "good" : "bad" },
          icon(admitted ? "check" : "close"),
          admitted ? "admitted" : "excluded",
        ),
      ),
      h("td", {}, reason, " ", h("code", {}, rule)),
    );
  });
  const evidence = item.evidence.map(({ source, field, value }) =>
    h("tr", {}, h("td", {}, source), h("td", {}, field), h("td", {}, clip(value, 1000))),
  );
  return [
    facts(item),
    table(["Mode", "Verdict", "Reason"], verdicts),
    evidence.length > 0
      ? table(["Source", "Field", "Value"], evidence)
      : h("p", { class: "sub" }, "No evidence was found: nothing speaks of its licence."),
  ];
}

function table(names: readonly string[], rows: readonly HTMLElement[]): HTMLElement {
  const head = h(
    "tr",
    {},
    names.map((name) => h("th", { scope: "col" }, name)),
  );
  return h("div", { class: "wide" }, h("table", {}, h("thead", {}, head), h("tbody", {}, rows)));
}

function clip(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}… (${formatCount(text.length)} characters)` : text;
}

function facts(item: ComplianceItem): HTMLElement {
  const parts = [
    item.id,
    item.author && `by ${item.author}`,
    item.source && link(item.source),
    item.licenceUrl && link(item.licenceUrl),
    item.flags.length > 0 && item.flags.join(", "),
  ].filter((part): part is string | HTMLElement => Boolean(part));
  return h(
    "p",
    { class: "sub" },
    parts.map((part, index) => [index > 0 && " · ", part]),
  );
}

/** A link where the text is a web address, else the text itself: data must not choose the protocol. */
function link(text: string): HTMLElement | string {
  if (!/^https?:\/\//i.test(text) || text.length > 2000) return text.slice(0, 300);
  return h("a", { href: text, rel: "noreferrer" }, text.replace(/^https?:\/\//i, "").slice(0, 120));
}
