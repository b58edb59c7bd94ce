import type { ImageItem, ImagesOutput } from "../../kernel/protocol/outputs.ts";
import { factChip, h, licenceChip, modeChip, type Surroundings } from "../mount.ts";
import { thumb } from "./thumb.ts";

/** Images in reading order, each with its prompt and facts. What all of them share is said once above. */
export function gallery(
  data: ImagesOutput,
  surroundings: Surroundings,
  open: (index: number, from: Element) => void,
): HTMLElement {
  const shared = sharedFacts(data.items);
  const cards = data.items.map((item, index) =>
    h(
      "li",
      { class: "card" },
      thumb(item, String(index + 1), surroundings, (from) => open(index, from)),
      caption(item, shared),
    ),
  );
  const list = h("ul", { class: "cards" }, cards);
  const order = (name: string) => {
    const indices = sorted(data.items, name);
    list.replaceChildren(...indices.map((index) => cards[index]!));
  };
  return h("div", {}, h("div", { class: "shared" }, sharedFactChips(shared), sortChoice(data.items, order)), list);
}

/** A choice of what to sort by: the facts that are numbers and not all alike. Nothing when there is none. */
function sortChoice(items: readonly ImageItem[], order: (name: string) => void): HTMLElement | undefined {
  const names = new Set(items.flatMap((item) => Object.keys(item.badges ?? {})));
  if (items.some((item) => item.seed !== items[0]?.seed)) names.add("seed");
  const sortable = [...names].filter((name) => new Set(items.map((item) => factValue(item, name))).size > 1);
  if (sortable.length === 0 || items.length < 3) return undefined;
  const select = h(
    "select",
    { "aria-label": "Sort by", onchange: () => order(select.value) },
    h("option", { value: "" }, "given order"),
    sortable.flatMap((name) => [
      h("option", { value: `+${name}` }, `${name}, lowest first`),
      h("option", { value: `-${name}` }, `${name}, highest first`),
    ]),
  );
  return h("label", { class: "compare sort" }, h("span", {}, "Sort by"), select);
}

/** Places of the items in the order that a choice names: sign and fact. What has no such number comes last. */
export function sorted(items: readonly ImageItem[], choice: string): number[] {
  const indices = items.map((_, index) => index);
  if (choice === "") return indices;
  const sign = choice.startsWith("-") ? -1 : 1;
  const value = (index: number) => factValue(items[index]!, choice.slice(1));
  return indices.sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
    return sign * (x - y) || a - b;
  });
}

function factValue(item: ImageItem, name: string): number {
  if (name === "seed") return item.seed ?? Number.NaN;
  return Number.parseFloat(item.badges?.[name] ?? "");
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
