import type { AudioItem, VideoItem } from "../../kernel/protocol/outputs.ts";
import { h } from "./element.ts";
import { factChip, licenceChip, modeChip } from "./labels.ts";

/** What films, recordings and 3D objects say of themselves. */
export type Captioned = Pick<
  Partial<VideoItem & AudioItem>,
  "alt" | "label" | "prompt" | "negativePrompt" | "seed" | "model" | "loras" | "mode" | "licenceClass" | "badges"
>;

/** A short name for an item among others. */
export function itemName(item: Captioned, index: number, kind: string): string {
  return item.label || item.prompt || item.alt || `${kind} ${index + 1}`;
}

/** Prompt, model, LoRAs and short facts under a medium. `facts` come first, as plain text. */
export function caption(item: Captioned, facts: readonly string[]): HTMLElement {
  const loras = item.loras?.map(({ name, weight }) => `${name} × ${weight}`).join(", ");
  const chips = [
    item.seed !== undefined && factChip("seed", String(item.seed)),
    ...Object.entries(item.badges ?? {}).map(([name, value]) => factChip(name, value)),
    item.mode && modeChip(item.mode),
    item.licenceClass && licenceChip(item.licenceClass),
  ].filter((chip) => chip instanceof HTMLElement);
  return h(
    "div",
    { class: "media-caption" },
    item.label && h("div", { class: "media-label" }, item.label),
    facts.length > 0 && h("div", { class: "media-facts" }, facts.join(" · ")),
    item.prompt && h("div", { class: "media-prompt" }, item.prompt),
    item.negativePrompt && h("div", { class: "media-facts" }, `without: ${item.negativePrompt}`),
    (item.model || loras) && h("div", { class: "media-facts" }, [item.model, loras].filter(Boolean).join(" + ")),
    chips.length > 0 && h("div", { class: "chips" }, chips),
  );
}
