import type { ImageItem, ImagesOutput } from "../../kernel/protocol/outputs.ts";
import { formatCount, h } from "../mount.ts";
import { caption, captionHeight, sharedFactChips, sharedFacts } from "./card-caption.ts";
import type { Section } from "./card-layout.ts";
import { CardList } from "./card-list.ts";
import { rowOrder } from "./grid-model.ts";
import { searchField, textOf } from "./searching.ts";
import { type SortChoice, type SortFact, sortFacts, sortSelect } from "./sorting.ts";
import { type Thumbs, thumb } from "./thumb.ts";

/** What the head of the output does with what lies below it. */
export interface Overview {
  readonly element: HTMLElement;
  /** Makes the thumbnails this wide, in CSS pixels; called once it is on the page, too. */
  resize(width: number): void;
  /** Brings an image into view and gives its thumbnail the focus. */
  focus(index: number): void;
}

/** From this many images on a gallery can be searched and grouped. */
const manyFrom = 12;
/** More groups than this are a list of their own. */
const mostGroups = 60;

/** Images in reading order, each with its prompt and facts. What all of them share is said once above. */
export function gallery(data: ImagesOutput, thumbs: Thumbs, signal: AbortSignal): Overview {
  const { items } = data;
  const shared = sharedFacts(items);
  const aspect = boxAspect(items);
  const card = (index: number, end: AbortSignal) => {
    const item = items[index]!;
    const button = thumb(item, index, String(index + 1), thumbs, end);
    button.style.aspectRatio = String(aspect);
    return h("li", { class: "card" }, button, caption(item, shared));
  };
  const list = new CardList(
    { card, height: (across, into) => across / aspect + captionHeight(items, shared, across, into) },
    data.title ?? "Images",
    signal,
  );

  const facts = items.length < 3 ? [] : sortFacts(items);
  const matches = h("span", { class: "sub", "aria-live": "polite" });
  const nothing = h("p", { class: "nothing-shown", hidden: true });
  let choice: SortChoice | undefined;
  let group: SortFact | undefined;
  let words: readonly string[] = [];
  const arrange = () => {
    const found = sorted(items, choice).filter((index) => words.every((word) => textOf(items[index]!).includes(word)));
    list.show(group ? sections(items, found, group) : [{ indices: found }]);
    thumbs.opener.reorder(found);
    matches.textContent = words.length > 0 ? `${formatCount(found.length)} of ${formatCount(items.length)}` : "";
    nothing.hidden = found.length > 0;
    nothing.textContent = items.length === 0 ? "There are no images" : "No image has these words";
  };
  const groups = items.length < manyFrom ? [] : facts.filter((fact) => isGrouping(items, fact));
  const tools = h(
    "div",
    { class: "arrangement" },
    matches,
    items.length >= manyFrom &&
      searchField((text) => {
        words = text.toLowerCase().split(/\s+/).filter(Boolean);
        arrange();
      }),
    groupSelect(groups, (fact) => {
      group = fact;
      arrange();
    }),
    sortSelect("Sort by", facts, (chosen) => {
      choice = chosen;
      arrange();
    }),
  );
  arrange();
  const above = h("div", { class: "shared" }, sharedFactChips(shared), tools.querySelector("label") && tools);
  return {
    element: h("div", {}, above, list.element, nothing),
    resize: (across) => list.resize(across),
    focus: (index) => list.focus(index),
  };
}

/** Places of the items in the order of a choice; what has no such value comes last. */
export function sorted(items: readonly ImageItem[], choice: SortChoice | undefined): number[] {
  if (!choice) return items.map((_, index) => index);
  return rowOrder(items.length, (index) => choice.fact.of(items[index]!), choice.compare);
}

/** The items under what they have in common, in the order of their names; those without it come last. */
function sections(items: readonly ImageItem[], indices: readonly number[], fact: SortFact): Section[] {
  const named = Map.groupBy(indices, (index) => fact.of(items[index]!));
  const names = [...named.keys()].sort((a, b) =>
    a === undefined || b === undefined
      ? Number(a === undefined) - Number(b === undefined)
      : String(a).localeCompare(String(b), "en"),
  );
  return names.map((name) => ({
    name: name === undefined ? `no ${fact.name}` : String(name),
    indices: named.get(name) ?? [],
  }));
}

function isGrouping(items: readonly ImageItem[], fact: SortFact): boolean {
  if (fact.kind !== "text") return false;
  const values = new Set(items.map((item) => fact.of(item))).size;
  return values <= mostGroups && values < items.length;
}

function groupSelect(
  facts: readonly SortFact[],
  choose: (fact: SortFact | undefined) => void,
): HTMLElement | undefined {
  if (facts.length === 0) return undefined;
  const select = h(
    "select",
    { class: "choice", "aria-label": "Group by", onchange: () => choose(facts[Number(select.value)]) },
    h("option", { value: -1 }, "nothing"),
    facts.map(({ name }, at) => h("option", { value: at }, name)),
  );
  return h("label", { class: "compare" }, h("span", {}, "Group by"), select);
}

/** Width by height of the place for a picture: that of all where they are alike, else a square in which each is fitted. */
function boxAspect(items: readonly ImageItem[]): number {
  const first = items[0] ? items[0].width / items[0].height : 1;
  const alike = items.every(({ width, height }) => Math.abs(width / height / first - 1) < 0.02);
  return alike ? Math.min(4, Math.max(0.625, first)) : 1;
}
