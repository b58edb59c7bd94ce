import { modePhrase } from "../protocol/classes.ts";
import type { ComplianceMode } from "../protocol/compliance.ts";
import type { Offence } from "./compliance-judge.ts";

/** Sources and reasons that are told in words; the card and the record hold all. */
const most = { offences: 5, reasons: 3 };

/** What an execution broke, in words: a line for all, and one for each source. */
export function violationWords(mode: ComplianceMode, outputs: number, offences: readonly Offence[]): string {
  const what =
    outputs === 1 ? "1 output of this cell comes" : `${outputs.toLocaleString("en-US")} outputs of this cell come`;
  const left = offences.length - most.offences;
  return [
    `${what} from what ${modePhrase(mode)} does not admit.`,
    ...offences.slice(0, most.offences).map(offenceWords),
    ...(left > 0 ? [`And ${left} more.`] : []),
  ].join("\n");
}

function offenceWords({ breach, where, through }: Offence): string {
  const { role, name, refused, of, reasons } = breach;
  if (role !== "dataset") return `${roleNames[role]} ${name}: ${reasons[0]?.reason ?? "not admitted"}.`;
  const over = through.length === 0 ? "" : `, through LoRA ${through.join(" and ")}`;
  const shown = reasons.slice(0, most.reasons).map(({ reason, items, examples }) => {
    const rest = items - examples.length;
    return `${examples.join(", ")}${rest > 0 ? ` and ${rest.toLocaleString("en-US")} more` : ""}: ${reason}`;
  });
  const left = reasons.length - shown.length;
  const more = left > 0 ? `; ${left} more ${left === 1 ? "reason" : "reasons"}` : "";
  return `Data set ${name} (${where})${over}: ${refused.toLocaleString("en-US")} of ${of.toLocaleString("en-US")} items. ${shown.join("; ")}${more}.`;
}

const roleNames = { model: "Base model", lora: "LoRA", item: "Item" } as const;

/** The warning for front ends without Assay's renderers. */
export function violationHtml(words: string): string {
  const lines = words.split("\n").map((line) => `<div>${escaped(line)}</div>`);
  return `<div role="alert" style="border:2px solid #d1495b;border-left-width:10px;border-radius:6px;padding:.6em .9em;margin:.4em 0;overflow-wrap:anywhere"><strong style="color:#d1495b">⚠ This breaks the notebook's compliance mode</strong>${lines.join("")}</div>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
