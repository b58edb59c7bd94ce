import { z } from "zod";
import { complianceMode, licenceClass } from "./compliance.ts";
import { sha256 } from "./media.ts";

/** Raised whenever the reproducible part of a record changes its meaning. */
export const recordVersion = 1;

/** A file, model, data set, LoRA, local module or output of an execution, by content. */
export const participant = z.strictObject({
  role: z.enum(["input", "model", "lora", "dataset", "module", "output"]),
  name: z.string(),
  sha256,
  bytes: z.number().int().nonnegative(),
  mime: z.string().optional(),
  licenceClass: licenceClass.optional(),
});

/** The reproducible part: its canonical JSON (RFC 8785) hashed with SHA-256 is the content id. No ids, times, host or progress. */
export const reproducible = z.strictObject({
  version: z.literal(recordVersion),
  source: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  seed: z.number().int(),
  mode: complianceMode,
  policyVersion: z.string(),
  /** Content ids of the executions this one reads, in order. */
  upstream: z.array(sha256),
  participants: z.array(participant),
  /** SHA-256 of each output that is not transient, in order. */
  outputs: z.array(sha256),
  status: z.enum(["ok", "error", "interrupted", "crashed", "aborted"]),
});
export type Reproducible = z.infer<typeof reproducible>;

/** The record of one cell execution as `assay records show --json` prints it. */
export const executionRecord = z.strictObject({
  executionId: z.uuidv7(),
  contentId: sha256.nullable(),
  notebookId: z.string(),
  notebookPath: z.string(),
  cellId: z.string(),
  cellIndex: z.number().int(),
  /** Counts the executions of one kernel epoch, from 1. */
  executionCount: z.number().int().positive(),
  /** Starts with 1 and grows by one with every new cell process of a session. */
  epoch: z.number().int().positive(),
  sessionId: z.string(),
  /** Execution ids of the upstream executions. */
  closure: z.array(z.string()),
  /** SHA-256 of the environment snapshot. */
  environment: sha256.nullable(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  /** Milliseconds. */
  duration: z.number().nullable(),
  /** Peak resident memory of the cell process in bytes. */
  peakMemory: z.number().nullable(),
  /** `running` while its session lives, `crashed` with a reason when the session is gone. */
  state: z.enum(["running", "ok", "error", "interrupted", "crashed", "aborted"]),
  stateDetail: z.string().nullable(),
  stdout: z.string(),
  stderr: z.string(),
  error: z.strictObject({ ename: z.string(), evalue: z.string(), traceback: z.array(z.string()) }).nullable(),
  metrics: z.array(z.strictObject({ name: z.string(), value: z.number(), facts: z.record(z.string(), z.unknown()) })),
  reproducible: reproducible.nullable(),
});
export type ExecutionRecord = z.infer<typeof executionRecord>;
