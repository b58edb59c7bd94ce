import { z } from "zod";
import { complianceMode, licenceClass } from "./compliance.ts";
import { lineage, violation } from "./lineage.ts";
import { artifactRef, sha256 } from "./media.ts";
import { recordVersion } from "./record-version.ts";

/** A file, model, data set, LoRA, local module or output of an execution, by content. */
export const participant = z.strictObject({
  /** Whether the execution read it or made it. */
  direction: z.enum(["used", "produced"]),
  role: z.enum(["input", "model", "lora", "dataset", "module", "output"]),
  name: z.string(),
  sha256,
  bytes: z.number().int().nonnegative(),
  mime: z.string().optional(),
  licenceClass: licenceClass.optional(),
});
export type RecordedParticipant = z.infer<typeof participant>;

/** The reproducible part: its canonical JSON (RFC 8785) hashed with SHA-256 is the content id. No ids, times, host or progress. */
export const reproducible = z.strictObject({
  version: z.literal(recordVersion),
  source: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  seed: z.number().int(),
  mode: complianceMode,
  policyVersion: z.string(),
  /** Content ids of the executions that this one depends on directly, each once, sorted; they carry those of theirs. */
  upstream: z.array(sha256),
  /** Each once, sorted by their canonical JSON: the order in which a cell happened to touch them does not count. */
  participants: z.array(participant),
  /** Standard output and standard error as one text each, then each display that is not transient, in order. */
  outputs: z.array(sha256),
  status: z.enum(["ok", "error", "interrupted", "crashed", "aborted"]),
});
export type Reproducible = z.infer<typeof reproducible>;

const facts = z.record(z.string(), z.unknown());

/** One output of a record without its body. */
export const outputSummary = z.strictObject({
  type: z.enum(["stream", "display", "result", "error"]),
  /** `stdout` or `stderr`, MIME types, or the name of the error. */
  name: z.string(),
  /** Content hash: of two equal outputs the same. */
  sha256,
  /** Size of its JSON in bytes. */
  bytes: z.number().int().nonnegative(),
  /** Arrived after the cell had ended; not part of the content id. */
  late: z.boolean(),
});
export type OutputSummary = z.infer<typeof outputSummary>;

/** What a replay found. */
export const replayVerdict = z.strictObject({
  at: z.iso.datetime(),
  verdict: z.enum(["bit-identical", "within tolerance", "different", "cannot run"]),
  /** Outputs in the order of the record, each with its own verdict. */
  outputs: z.array(z.strictObject({ name: z.string(), verdict: z.string() })),
  /** The first execution of the replay that diverged. */
  firstDiverging: z.string().nullable(),
  reason: z.string().nullable(),
});
export type ReplayVerdict = z.infer<typeof replayVerdict>;

/**
 * How an execution stands to the order of the notebook, within its kernel epoch. `out of order`: cells below had run before, so that
 * a run from top to bottom may give something else.
 */
export const runOrder = z.strictObject({
  state: z.enum(["in order", "out of order"]),
  /** Cells below this one that had run before it, those that it read from first; `names` are the variables. At most 20 of them. */
  ranBefore: z.array(
    z.strictObject({
      cellId: z.string(),
      cellIndex: z.number().int(),
      executionId: z.string(),
      names: z.array(z.string()),
    }),
  ),
  ranBeforeTotal: z.number().int(),
  /** Cells above this one that had not run. At most 20 of them. */
  notRun: z.array(z.strictObject({ cellId: z.string(), cellIndex: z.number().int() })),
  notRunTotal: z.number().int(),
});
export type RunOrder = z.infer<typeof runOrder>;

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
  /** Execution ids of all upstream executions, in the order in which they ran. */
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
  source: z.string(),
  parameters: z.record(z.string(), z.unknown()),
  seed: z.number().int(),
  mode: complianceMode,
  policyVersion: z.string(),
  /** Tags of the cell, for example `parameters`. */
  tags: z.array(z.string()),
  stdout: z.string(),
  stderr: z.string(),
  error: z.strictObject({ ename: z.string(), evalue: z.string(), traceback: z.array(z.string()) }).nullable(),
  outputs: z.array(outputSummary),
  participants: z.array(participant.extend({ late: z.boolean(), facts: facts.optional() })),
  /** A value that was not a number is `null`. */
  metrics: z.array(z.strictObject({ name: z.string(), value: z.number().nullable(), facts })),
  params: z.record(z.string(), z.unknown()),
  datasets: z.array(
    z.strictObject({
      sha256,
      name: z.string(),
      mode: complianceMode,
      policyVersion: z.string(),
      size: z.number().int(),
      excluded: z.number().int(),
      licenceClass,
    }),
  ),
  trainings: z.array(
    z.strictObject({
      name: z.string(),
      base: z.string(),
      dataset: z.string(),
      steps: z.number().int(),
      result: z.string(),
      losses: z.array(z.number()),
      licenceClass,
      facts,
    }),
  ),
  /** Network responses that were kept. */
  responses: z.array(
    z.strictObject({
      request: z.string(),
      occurrence: z.number().int(),
      status: z.number().int(),
      body: artifactRef,
    }),
  ),
  verdicts: z.array(replayVerdict),
  /**
   * `null` when the session was not told the cells of the notebook, and in records of before. `upstream` are the executions that this
   * one depends on and that were out of order themselves.
   */
  order: runOrder.extend({ upstream: z.array(z.string()) }).nullable(),
  /** How what it made or showed breaks its mode; absent in records of before. */
  violation: violation.nullable().optional(),
  /** Where what it used, made and showed comes from; only where a record is asked for by itself. */
  lineage: lineage.nullable().optional(),
  reproducible: reproducible.nullable(),
});
export type ExecutionRecord = z.infer<typeof executionRecord>;

/** One line of `assay records list --json`. */
export const executionSummary = executionRecord
  .pick({
    executionId: true,
    contentId: true,
    notebookId: true,
    notebookPath: true,
    cellId: true,
    cellIndex: true,
    executionCount: true,
    epoch: true,
    sessionId: true,
    startedAt: true,
    duration: true,
    state: true,
    stateDetail: true,
    mode: true,
    seed: true,
    source: true,
  })
  // How what it made or showed breaks its mode, in words.
  .extend({ violationWords: z.string().nullable() });
export type ExecutionSummary = z.infer<typeof executionSummary>;
