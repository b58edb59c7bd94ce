import type { OptOut, OptOutSignal } from "../../compliance/index.ts";
import { signal } from "./signal.ts";

/** Categories whose refusal refuses training: `train-ai` and what the drafts before and beside it called it. */
const trainingCategories = /^(?:train-ai|train-genai|ai-train|ai|genai|tdm|all|bots)$/;

/**
 * Reads usage preferences: AIPREF's `Content-Usage: train-ai=n` (IETF drafts) and Cloudflare's `Content-Signal: ai-train=no`. Any
 * refusal wins, else an agreement; a category of training with another value is unreadable.
 */
export function readPreferences(
  name: OptOutSignal,
  values: readonly string[],
  source: string,
  field: string,
): OptOut[] {
  let agreed = false;
  let unreadable = false;
  const all = values.join(", ");
  for (const entry of values.flatMap((value) => value.split(","))) {
    const [key = "", ...rest] = entry.split("=");
    if (!trainingCategories.test(key.trim().toLowerCase())) continue;
    const value = rest
      .join("=")
      .split(";")[0]!
      .trim()
      .replace(/^"(.*)"$/, "$1")
      .toLowerCase();
    if (/^(?:n|no|\?0|false)$/.test(value))
      return [signal(name, "prohibited", `${key.trim()} is refused`, source, field, all)];
    if (/^(?:y|yes|\?1|true)$/.test(value)) agreed = true;
    else unreadable = true;
  }
  if (unreadable) return [signal(name, "unreadable", "the preference is neither yes nor no", source, field, all)];
  return agreed ? [signal(name, "allowed", "training is agreed to", source, field, all)] : [];
}

/** Reads `X-Robots-Tag` headers or robots meta elements for `noai` and `noimageai`, in any case, also behind a user agent's name. */
export function readNoAi(values: readonly string[], source: string, field: string): OptOut[] {
  const directives = values.flatMap((value) => value.toLowerCase().split(/[,;\s:]+/));
  const found = directives.find((directive) => directive === "noai" || directive === "noimageai");
  return found ? [signal("noai", "prohibited", `the directive ${found}`, source, field, values.join(", "))] : [];
}
