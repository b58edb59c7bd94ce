import { type LicenceClass, licenceClasses } from "../../protocol/compliance.ts";
import type { Licence, TermFlags } from "./standing.ts";

/** The least free of several classes; `unknown` when there is none, because nothing is known. */
export function worstClass(classes: Iterable<LicenceClass>): LicenceClass {
  let worst = -1;
  for (const licenceClass of classes) worst = Math.max(worst, licenceClasses.indexOf(licenceClass));
  return licenceClasses[worst] ?? "unknown";
}

/** The class of a data set: that of its least free item. */
export function datasetClass(items: Iterable<{ readonly licence: Licence }>): LicenceClass {
  return worstClass(Array.from(items, ({ licence }) => licence.licenceClass));
}

/** The class of a model or a LoRA: the least free of what it was trained on and of the base it was trained from. */
export function modelClass(trainedOn: readonly LicenceClass[], base?: LicenceClass): LicenceClass {
  return worstClass(base === undefined ? trainedOn : [...trainedOn, base]);
}

/** The class of an output: the least free of the models that made it. */
export function outputClass(models: Iterable<{ readonly licenceClass: LicenceClass }>): LicenceClass {
  return worstClass(Array.from(models, ({ licenceClass }) => licenceClass));
}

/** What the licences of many items ask of what is made from all of them together. */
export interface InheritedTerms {
  readonly licenceClass: LicenceClass;
  readonly flags: TermFlags;
  /** Licences by id with the number of items under each, the commonest first. */
  readonly licences: readonly { readonly id: string; readonly items: number }[];
  /** Terms that cannot all be met at once, if derivatives of the items are what is made. */
  readonly tensions: readonly string[];
}

/** The terms that a data set hands on. A LoRA may or may not be a derivative in law: this says what follows if it is. */
export function inheritedTerms(items: Iterable<{ readonly licence: Licence }>): InheritedTerms {
  const licences = Array.from(items, ({ licence }) => licence);
  const any = (flag: keyof TermFlags) => licences.some(({ flags }) => flags[flag]);
  const flags: TermFlags = { by: any("by"), sa: any("sa"), nc: any("nc"), nd: any("nd") };
  const counts = Map.groupBy(licences, ({ id }) => id ?? "none");
  const alike = new Set(licences.filter((licence) => licence.flags.sa).map(familyOf));
  return {
    licenceClass: worstClass(licences.map(({ licenceClass }) => licenceClass)),
    flags,
    licences: [...counts]
      .map(([id, group]) => ({ id, items: group.length }))
      .sort((a, b) => b.items - a.items || (a.id < b.id ? -1 : 1)),
    tensions: [
      ...(flags.nd ? ["some items allow no derivatives"] : []),
      ...(alike.size > 1 ? [`share-alike licences of different kinds: ${[...alike].sort().join(", ")}`] : []),
      ...(flags.nc && licences.some(({ flags: own }) => own.sa && !own.nc)
        ? ["share-alike without NC beside non-commercial items"]
        : []),
    ],
  };
}

/** "CC-BY-SA" for every version of it: later versions accept the earlier ones' derivatives. */
function familyOf({ id }: Licence): string {
  return (id ?? "none").replace(/-\d.*$/, "");
}
