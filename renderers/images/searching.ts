import type { ImageItem } from "../../kernel/protocol/outputs.ts";
import { h, icon } from "../mount.ts";

/** A field for words; `search` hears of every change. */
export function searchField(search: (text: string) => void): HTMLElement {
  const input = h("input", {
    type: "search",
    placeholder: "Find images",
    "aria-label": "Find images by words of the prompt and facts",
    oninput: () => search(input.value),
    // Keys that are typed here are text, not commands of the notebook.
    onkeydown: (event: KeyboardEvent) => event.stopPropagation(),
  });
  return h("label", { class: "field" }, icon("search"), input);
}

const texts = new WeakMap<ImageItem, string>();

/** All words that are known of an image, in lower case. */
export function textOf(item: ImageItem): string {
  const known = texts.get(item);
  if (known !== undefined) return known;
  const { prompt, negativePrompt, alt, model, mode, licenceClass, seed, loras = [], badges = {} } = item;
  const all = [prompt, negativePrompt, alt, model, mode, licenceClass, seed, ...loras.map(({ name }) => name)];
  const text = [...all, ...Object.entries(badges).flat()]
    .filter((word) => word !== undefined)
    .join(" ")
    .toLowerCase();
  texts.set(item, text);
  return text;
}
