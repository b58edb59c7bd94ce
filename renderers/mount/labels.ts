import { type ComplianceMode, type LicenceClass, licenceClassNames, modeNames } from "../../kernel/protocol/classes.ts";
import { h } from "./element.ts";
import { icon } from "./icons.ts";

/** A chip with the colour of the licence class and its name in words. */
export function licenceChip(licenceClass: LicenceClass): HTMLElement {
  return h(
    "span",
    { class: "chip", "data-class": licenceClass, title: `Licence class: ${licenceClassNames[licenceClass]}` },
    h("span", { class: "dot" }),
    h("span", { class: "words" }, licenceClassNames[licenceClass]),
  );
}

/** A chip that names the compliance mode. */
export function modeChip(mode: ComplianceMode): HTMLElement {
  return h(
    "span",
    { class: "chip", "data-mode": mode, title: `Compliance mode: ${modeNames[mode]}` },
    icon("shield"),
    h("span", { class: "words" }, modeNames[mode]),
  );
}

/** A chip with a short fact: "KID 0.021". */
export function factChip(name: string, value: string): HTMLElement {
  return h("span", { class: "chip fact" }, h("span", { class: "name" }, name), h("span", { class: "value" }, value));
}
