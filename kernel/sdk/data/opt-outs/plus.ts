import type { OptOut } from "../../compliance/index.ts";
import { signal } from "./signal.ts";

const prohibitions: Readonly<Record<string, readonly [OptOut["decision"], string]>> = {
  ALLOWED: ["allowed", "data mining is allowed"],
  PROHIBITED: ["prohibited", "data mining is prohibited"],
  "PROHIBITED-AIMLTRAINING": ["prohibited", "training of AI and machine learning is prohibited"],
  "PROHIBITED-GENAIMLTRAINING": ["prohibited", "training of generative AI is prohibited"],
  "PROHIBITED-EXCEPTSEARCHENGINEINDEXING": ["prohibited", "data mining is prohibited except for search engines"],
  "PROHIBITED-SEECONSTRAINT": ["constrained", "data mining is prohibited, with constraints given elsewhere"],
  "PROHIBITED-SEEEMBEDDEDRIGHTSEXPR": ["constrained", "data mining is prohibited, with an embedded rights expression"],
  "PROHIBITED-SEELINKEDRIGHTSEXPR": ["constrained", "data mining is prohibited, with a linked rights expression"],
};

/** Reads the PLUS property `plus:DataMining`: an address of its vocabulary, or the last part of one, in any case. */
export function readPlus(value: unknown, source: string, field: string): OptOut[] {
  if (value === undefined || value === null || value === "") return [];
  const text = typeof value === "string" ? value.trim().toUpperCase() : "";
  const name = text.replace(/^HTTPS?:\/\/NS\.USEPLUS\.ORG\/LDF\/VOCAB\//, "").replace(/^DMI-/, "");
  if (name === "UNSPECIFIED") return [];
  const [decision, detail] = prohibitions[name] ?? ["unreadable", "the value is not in the PLUS vocabulary"];
  return [signal("plus", decision, detail, source, field, value)];
}
