import type { ImageItem } from "../../kernel/protocol/outputs.ts";
import { factChip, h, licenceChip, modeChip } from "../mount.ts";

/** Captions measured for the height of all. */
const measured = 24;

/** What all images of a gallery have in common: it is said once above them. */
export interface SharedFacts {
  readonly prompt?: string | undefined;
  readonly model?: string | undefined;
  readonly mode?: ImageItem["mode"] | undefined;
  readonly licenceClass?: ImageItem["licenceClass"] | undefined;
}

/** The height of the tallest caption at this width: of those with the most text. */
export function captionHeight(
  items: readonly ImageItem[],
  shared: SharedFacts,
  width: number,
  into: HTMLElement,
): number {
  const heavy = items
    .map((item) => ({ item, weight: weightOf(item) }))
    .sort((a, b) => b.weight - a.weight)
    .slice(0, measured);
  const probes = heavy.map(({ item }) => h("li", { class: "card probe" }, caption(item, shared)));
  for (const probe of probes) probe.style.width = `${width}px`;
  into.append(...probes);
  const height = Math.max(0, ...probes.map((probe) => probe.offsetHeight));
  for (const probe of probes) probe.remove();
  return height;
}

/** About the length of what the chips of an image say, and more for its text. */
function weightOf({ badges = {}, seed, mode, licenceClass, model, prompt, alt }: ImageItem): number {
  const chips = Object.entries(badges).reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
  const others = [seed !== undefined, mode, licenceClass, model].filter(Boolean).length * 12;
  return chips + others + Math.min(60, (prompt ?? alt).length);
}

/** Finds what all images have in common. */
export function sharedFacts(items: readonly ImageItem[]): SharedFacts {
  const first = items[0];
  if (!first || items.length < 2) return {};
  const same = <K extends "prompt" | "model" | "mode" | "licenceClass">(key: K) =>
    items.every((item) => item[key] === first[key]) ? first[key] : undefined;
  return { prompt: same("prompt"), model: same("model"), mode: same("mode"), licenceClass: same("licenceClass") };
}

/** The facts in common, as they stand above a gallery. */
export function sharedFactChips(shared: SharedFacts): HTMLElement[] {
  const facts = [
    shared.prompt && h("span", { class: "prompt" }, shared.prompt),
    shared.model && h("span", { class: "model" }, shared.model),
    shared.mode && modeChip(shared.mode),
    shared.licenceClass && licenceChip(shared.licenceClass),
  ];
  return facts.filter((fact) => fact instanceof HTMLElement);
}

/** Prompt, model and chips below a thumbnail, without what all have in common. */
export function caption(item: ImageItem, shared: SharedFacts): HTMLElement | undefined {
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
    model && h("div", { class: "model", title: model }, model),
    facts.length > 0 && h("div", { class: "chips" }, facts as HTMLElement[]),
  );
}
