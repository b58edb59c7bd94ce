/* The licence classes and the compliance modes with what people call them. Without schemas, so that whoever starts fast can load it. */

/** From the freest to the unknown. `creative_commons` includes equivalent open licences (FAL, GFDL, OGL). */
export const licenceClasses = [
  "public_domain",
  "creative_commons",
  "fair_use_research",
  "copyrighted",
  "unknown",
] as const;
export type LicenceClass = (typeof licenceClasses)[number];

/** `open_source_only` admits the first two classes, `research_safe` the first three, `full_dataset` all (for comparison only). */
export const complianceModes = ["open_source_only", "research_safe", "full_dataset"] as const;
export type ComplianceMode = (typeof complianceModes)[number];

/** What people call the licence classes. */
export const licenceClassNames: Readonly<Record<LicenceClass, string>> = {
  public_domain: "Public domain",
  creative_commons: "Creative Commons",
  fair_use_research: "Fair use, research",
  copyrighted: "Copyrighted",
  unknown: "Unknown licence",
};

/** What people call the compliance modes. */
export const modeNames: Readonly<Record<ComplianceMode, string>> = {
  open_source_only: "Open source only",
  research_safe: "Research safe",
  full_dataset: "Full dataset",
};

/** A mode inside a sentence: `mode “Open source only”`. */
export function modePhrase(mode: ComplianceMode): string {
  return `mode “${modeNames[mode]}”`;
}

/** What a reader can type as well as find on the screen: `“Open source only” (open_source_only)`. */
export function modeWithId(mode: ComplianceMode): string {
  return `“${modeNames[mode]}” (${mode})`;
}

/** A licence class inside a sentence: `class “Public domain”`. */
export function classPhrase(licenceClass: LicenceClass): string {
  return `class “${licenceClassNames[licenceClass]}”`;
}
