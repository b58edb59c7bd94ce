import type { ImageItem, ImagesOutput } from "../../kernel/protocol/outputs.ts";
import { factChip, h, licenceChip, modeChip, type Surroundings } from "../mount.ts";
import type { Opener } from "./grid.ts";
import { rowOrder } from "./grid-model.ts";
import { type SortChoice, sortFacts, sortSelect } from "./sorting.ts";
import { thumb } from "./thumb.ts";

/** Images in reading order, each with its prompt and facts. What all of them share is said once above. */
export function gallery(data: ImagesOutput, surroundings: Surroundings, opener: Opener): HTMLElement {
  const shared = sharedFacts(data.items);
  const cards = data.items.map((item, index) =>
    h("li", { class: "card" }, thumb(item, index, String(index + 1), surroundings, opener), caption(item, shared)),
  );
  const list = h("ul", { class: "cards" }, cards);
  const facts = data.items.length < 3 ? [] : sortFacts(data.items);
  const by = sortSelect("Sort by", facts, (choice) => {
    const indices = sorted(data.items, choice);
    list.replaceChildren(...indices.map((index) => cards[index]!));
    opener.reorder(indices);
  });
  return h("div", {}, h("div", { class: "shared" }, sharedFactChips(shared), by), list);
}

/** Places of the items in the order of a choice; what has no such value comes last. */
export function sorted(items: readonly ImageItem[], choice: SortChoice | undefined): number[] {
  if (!choice) return items.map((_, index) => index);
  return rowOrder(items.length, (index) => choice.fact.of(items[index]!), choice.compare);
}

interface SharedFacts {
  readonly prompt?: string;
  readonly model?: string;
  readonly mode?: ImageItem["mode"];
  readonly licenceClass?: ImageItem["licenceClass"];
}

function sharedFacts(items: readonly ImageItem[]): SharedFacts {
  const first = items[0];
  if (!first || items.length < 2) return {};
  const same = <K extends "prompt" | "model" | "mode" | "licenceClass">(key: K) =>
    items.every((item) => item[key] === first[key]) ? first[key] : undefined;
  return { prompt: same("prompt"), model: same("model"), mode: same("mode"), licenceClass: same("licenceClass") };
}

function sharedFactChips(shared: SharedFacts): HTMLElement[] {
  const facts = [
    shared.prompt && h("span", { class: "prompt" }, shared.prompt),
    shared.model && h("span", { class: "model" }, shared.model),
    shared.mode && modeChip(shared.mode),
    shared.licenceClass && licenceChip(shared.licenceClass),
  ];
  return facts.filter((fact) => fact instanceof HTMLElement);
}

function caption(item: ImageItem, shared: SharedFacts): HTMLElement | undefined {
  const facts = [
    item.seed !== undefined && factChip("seed", String(item.seed)),
    ...Object.entries(item.badges ?? {}).map(([name, value]) => factChip(name, value)),
    item.mode && !shared.mode && modeChip(item.mode),
    item.licenceClass && !shared.licenceClass && licenceChip(item.licenceClass),
  ].filter((fact) => fact);
  const text = item.prompt ?? item.alt;
  const model = !shared.model && item.model;
  if (facts.length === 0 && !text && !model) return undefined;
  return h(
    "div",
    { class: "caption" },
    text && text !== shared.prompt && h("div", { class: "prompt clamp", title: text }, text),
    model && h("div", { class: "model" }, model),
    facts.length > 0 && h("div", { class: "chips" }, facts as HTMLElement[]),
  );
}
