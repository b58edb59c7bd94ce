import type { Media } from "../../protocol/media.ts";
import type { ImageItem } from "../../protocol/outputs.ts";
import { badge, escapeHtml, ink } from "./html.ts";

/** What is said of anything generated. */
export type GenerationFacts = Pick<
  Partial<ImageItem>,
  "prompt" | "negativePrompt" | "seed" | "model" | "loras" | "mode" | "licenceClass" | "badges"
>;

/** Prompt, seed, model, mode and badges under a medium, in the fallback. */
export function captionHtml(facts: GenerationFacts, withPrompt: boolean): string {
  const parts: string[] = [];
  if (withPrompt && facts.prompt) parts.push(`<div>${escapeHtml(facts.prompt)}</div>`);
  const notes = [
    ...(facts.seed === undefined ? [] : [`seed ${facts.seed}`]),
    ...(withPrompt && facts.model ? [facts.model] : []),
    ...(withPrompt && facts.mode ? [facts.mode] : []),
  ];
  if (notes.length > 0) parts.push(`<span style="color:${ink.muted}">${escapeHtml(notes.join(" · "))}</span>`);
  for (const [name, value] of Object.entries(facts.badges ?? {})) parts.push(badge(`${name} ${value}`));
  return parts.join(" ");
}

/** Media side by side with what is said of each. */
export function figuresHtml(
  figures: readonly { readonly body: string; readonly note: string; readonly facts: CardFacts }[],
): string {
  const cards = figures.map(({ body, note, facts }) => {
    const name = facts.label ? `<div style="font-weight:600">${escapeHtml(facts.label)}</div>` : "";
    const line = `<div style="color:${ink.muted}">${escapeHtml(note)}</div>`;
    return `<figure style="margin:0;max-width:480px">${name}${body}<figcaption style="font-size:.8em;overflow-wrap:anywhere">${line}${captionHtml(facts, true)}</figcaption></figure>`;
  });
  return `<div style="display:flex;flex-wrap:wrap;gap:12px;align-items:flex-start">${cards.join("")}</div>`;
}

export interface CardFacts extends GenerationFacts {
  readonly label?: string;
}

/** One line of plain text for a medium: what it is, then prompt and seed. */
export function plainLine(what: string, { label, prompt, seed }: CardFacts): string {
  return [label && `${label}:`, what, prompt && `“${prompt}”`, seed !== undefined && `seed ${seed}`]
    .filter(Boolean)
    .join(", ")
    .replace(":,", ":");
}

/** The content of a piece that stays inside the output as an address for `src`; nothing for what went to the store. */
export function inlineUrl(media: Media): string | undefined {
  return "base64" in media ? `data:${media.mime};base64,${media.base64}` : undefined;
}

/** A box in place of what lies in the store, or cannot be shown without Assay. */
export function placeholderHtml(text: string): string {
  return `<div style="border:1px solid ${ink.line};background:${ink.faint};border-radius:6px;padding:1em 1.4em;color:${ink.muted}">${escapeHtml(text)}</div>`;
}
