import type { ComplianceMode, LicenceClass } from "../../kernel/protocol/compliance.ts";
import { h } from "./element.ts";
import { icon } from "./icons.ts";

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

/** A chip with the colour of the licence class and its name in words. */
export function licenceChip(licenceClass: LicenceClass): HTMLElement {
  return h(
    "span",
    { class: "chip", "data-class": licenceClass, title: `Licence class: ${licenceClassNames[licenceClass]}` },
    h("span", { class: "dot" }),
    licenceClassNames[licenceClass],
  );
}

/** A chip that names the compliance mode. */
export function modeChip(mode: ComplianceMode): HTMLElement {
  return h(
    "span",
    { class: "chip", "data-mode": mode, title: `Compliance mode: ${modeNames[mode]}` },
    icon("shield"),
    modeNames[mode],
  );
}

/** A chip with a short fact: "KID 0.021". */
export function factChip(name: string, value: string): HTMLElement {
  return h("span", { class: "chip fact" }, h("span", { class: "name" }, name), h("span", { class: "value" }, value));
}
