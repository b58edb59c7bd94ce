import { z } from "zod";
import { complianceMode, licenceClass } from "./compliance.ts";
import { sha256 } from "./media.ts";

/** One of the things that a place in the graph stands for. */
export const lineageMember = z.strictObject({
  name: z.string(),
  sha256: sha256.optional(),
  licenceClass: licenceClass.optional(),
  /** SPDX id or expression, or `LicenseRef-…`. */
  licence: z.string().optional(),
  licenceUrl: z.string().optional(),
  title: z.string().optional(),
  author: z.string().optional(),
  /** Where it was published. */
  source: z.string().optional(),
});
export type LineageMember = z.infer<typeof lineageMember>;

/** The execution that made something. */
export const lineageOrigin = z.strictObject({
  executionId: z.string(),
  notebookPath: z.string(),
  cellIndex: z.number().int(),
  startedAt: z.iso.datetime(),
  mode: complianceMode,
});
export type LineageOrigin = z.infer<typeof lineageOrigin>;

/** A place in the graph: one thing, or many of one kind that came the same way. */
export const lineageNode = z.strictObject({
  /** Unique in its graph. */
  id: z.string(),
  /** `cell`: the execution that the graph is about. `item`: source items. `unseen`: content whose origin no record tells. */
  role: z.enum(["cell", "item", "input", "model", "lora", "dataset", "module", "output", "unseen"]),
  name: z.string(),
  /** How many things it stands for. */
  count: z.number().int().positive(),
  /** Absent where they are of several classes, or none applies. */
  licenceClass: licenceClass.optional(),
  bytes: z.number().int().nonnegative().optional(),
  /** Short facts by name: mode, steps, prompt, licence of a model. */
  facts: z.record(z.string(), z.string()),
  /** The first of the things that it stands for. */
  members: z.array(lineageMember),
  madeBy: lineageOrigin.optional(),
});
export type LineageNode = z.infer<typeof lineageNode>;

/** From source items over data sets, models and LoRAs to what an execution made or showed. */
export const lineage = z.strictObject({
  nodes: z.array(lineageNode),
  /** From what something was made to what was made of it, by node id. No ring. */
  edges: z.array(z.strictObject({ from: z.string(), to: z.string() })),
  /** What the graph leaves out, in words. */
  notes: z.array(z.string()),
});
export type Lineage = z.infer<typeof lineage>;

/** Something among the sources of an output that the mode does not admit. */
export const breach = z.strictObject({
  /** Content hash of the data set, model, LoRA or item. */
  sha256,
  role: z.enum(["dataset", "model", "lora", "item"]),
  name: z.string(),
  /** How many items of a data set are refused, and of how many; 1 and 1 else. */
  refused: z.number().int().positive(),
  of: z.number().int().positive(),
  /** Rule and reason by how many items they refuse, the commonest first. */
  reasons: z.array(
    z.strictObject({
      rule: z.string(),
      reason: z.string(),
      items: z.number().int().positive(),
      examples: z.array(z.string()),
    }),
  ),
});
export type Breach = z.infer<typeof breach>;

/** How an execution broke its compliance mode by what it made or showed. */
export const violation = z.strictObject({
  mode: complianceMode,
  policyVersion: z.string(),
  /** The same in words, a line each. */
  words: z.string(),
  /** How many things it made or showed that have such sources. */
  outputs: z.number().int().positive(),
  breaches: z.array(breach),
});
export type Violation = z.infer<typeof violation>;
