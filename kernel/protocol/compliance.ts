import { z } from "zod";

/** From the freest to the unknown. `creative_commons` includes equivalent open licences (FAL, GFDL, OGL). */
export const licenceClasses = [
  "public_domain",
  "creative_commons",
  "fair_use_research",
  "copyrighted",
  "unknown",
] as const;
export const licenceClass = z.enum(licenceClasses);
export type LicenceClass = z.infer<typeof licenceClass>;

/** `open_source_only` admits the first two classes, `research_safe` the first three, `full_dataset` all (for comparison only). */
export const complianceModes = ["open_source_only", "research_safe", "full_dataset"] as const;
export const complianceMode = z.enum(complianceModes);
export type ComplianceMode = z.infer<typeof complianceMode>;
