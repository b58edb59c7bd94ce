import type { ImageItem } from "../../kernel/protocol/outputs.ts";
import { h, licenceClassNames, modeNames } from "../mount.ts";

/** Something that images can be sorted by: a number or a word of each. */
export interface SortFact {
  readonly name: string;
  readonly kind: "number" | "text";
  of(item: ImageItem): number | string | undefined;
}

/** What to sort by, and how two values compare then. */
export interface SortChoice {
  readonly fact: SortFact;
  readonly compare: (a: number | string, b: number | string) => number;
}

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** The number that a badge begins with: "0.021 ± 0.002" is 0.021. */
export function badgeNumber(text: string | undefined): number | undefined {
  const value = Number.parseFloat((text ?? "").replace(/^\s*\u2212/, "-").replace(/,(?=\d{3})/g, ""));
  return Number.isNaN(value) ? undefined : value;
}

/** The facts that are not alike in all images: badges and seeds first, then words. */
export function sortFacts(items: readonly ImageItem[]): SortFact[] {
  const badges = [...new Set(items.flatMap((item) => Object.keys(item.badges ?? {})))].map((name): SortFact => {
    const numeric = items.some((item) => badgeNumber(item.badges?.[name]) !== undefined);
    return numeric
      ? { name, kind: "number", of: (item) => badgeNumber(item.badges?.[name]) }
      : { name, kind: "text", of: (item) => item.badges?.[name] };
  });
  const others: SortFact[] = [
    { name: "seed", kind: "number", of: (item) => item.seed },
    { name: "prompt", kind: "text", of: (item) => item.prompt ?? (item.alt || undefined) },
    { name: "model", kind: "text", of: (item) => item.model },
    { name: "mode", kind: "text", of: (item) => item.mode && modeNames[item.mode] },
    { name: "licence class", kind: "text", of: (item) => item.licenceClass && licenceClassNames[item.licenceClass] },
  ];
  return [...badges, ...others].filter((fact) => new Set(items.map((item) => fact.of(item))).size > 1);
}

/** A choice of what to sort by; `undefined` means the given order. Nothing where there is nothing to choose. */
export function sortSelect(
  label: string,
  facts: readonly SortFact[],
  choose: (choice: SortChoice | undefined) => void,
): HTMLElement | undefined {
  if (facts.length === 0) return undefined;
  const choices = facts.flatMap((fact): [string, SortChoice][] => {
    const [up, down] = fact.kind === "number" ? ["lowest first", "highest first"] : ["A to Z", "Z to A"];
    return [
      [`${fact.name}, ${up}`, { fact, compare }],
      [`${fact.name}, ${down}`, { fact, compare: (a, b) => compare(b, a) }],
    ];
  });
  const select = h(
    "select",
    {
      class: "choice",
      "aria-label": label,
      onchange: () => choose(select.value === "" ? undefined : choices[Number(select.value)]?.[1]),
    },
    h("option", { value: "" }, "given order"),
    choices.map(([text], index) => h("option", { value: index }, text)),
  );
  return h("label", { class: "compare" }, h("span", {}, label), select);
}

function compare(a: number | string, b: number | string): number {
  return typeof a === "number" && typeof b === "number" ? a - b : collator.compare(String(a), String(b));
}
