import type { ComplianceItem } from "../../kernel/protocol/outputs.ts";
import { formatItems, h, icon, licenceChip } from "../mount.ts";

/** Items drawn at a time. */
const page = 50;

/** Every item with its reason; each opens to show its evidence. Drawn page by page when it is opened. */
export function itemList(items: readonly ComplianceItem[]): HTMLElement {
  const list = h("ul", { class: "items" });
  const more = h("button", { class: "button", type: "button", onclick: () => grow() });
  const search = h("input", {
    type: "search",
    placeholder: "Filter by name, licence, reason",
    "aria-label": "Filter items",
    oninput: () => restart(),
    onkeydown: (event: KeyboardEvent) => event.stopPropagation(),
  });
  let shown: readonly ComplianceItem[] = items;
  let drawn = 0;

  const grow = () => {
    const next = shown.slice(drawn, drawn + page);
    list.append(...next.map(itemEntry));
    drawn += next.length;
    more.hidden = drawn >= shown.length;
    more.textContent = `Show ${Math.min(page, shown.length - drawn)} more of ${formatItems(shown.length, "item")}`;
  };
  const restart = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    shown = items.filter((item) => {
      const text = [item.id, item.title, item.author, item.licence, item.reason, item.rule]
        .join("\u0001")
        .toLowerCase();
      return words.every((word) => text.includes(word));
    });
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
    h("label", { class: "field" }, icon("search"), search),
    list,
    more,
  );
}

function itemEntry(item: ComplianceItem): HTMLElement {
  return h(
    "li",
    {},
    h(
      "details",
      {},
      h(
        "summary",
        {},
        icon("chevron"),
        h(
          "span",
          {
            class: "verdict",
            "data-tone": item.admitted ? "good" : "bad",
            title: item.admitted ? "admitted" : "excluded",
          },
          icon(item.admitted ? "check" : "close"),
          h("span", { class: "visually-hidden" }, item.admitted ? "admitted" : "excluded"),
        ),
        h("span", { class: "name" }, item.title ?? item.id),
        licenceChip(item.licenceClass),
        h("span", { class: "sub" }, item.licence ?? "no licence stated"),
      ),
      h(
        "div",
        { class: "item-body" },
        h("p", {}, item.reason, " ", h("code", {}, item.rule)),
        facts(item),
        item.evidence.length > 0 &&
          h(
            "table",
            {},
            h(
              "thead",
              {},
              h(
                "tr",
                {},
                ["Source", "Field", "Value"].map((name) => h("th", { scope: "col" }, name)),
              ),
            ),
            h(
              "tbody",
              {},
              item.evidence.map(({ source, field, value }) =>
                h("tr", {}, h("td", {}, source), h("td", {}, field), h("td", {}, value.slice(0, 1000))),
              ),
            ),
          ),
      ),
    ),
  );
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
