import { z } from "zod";
import { complianceMode, licenceClass } from "./compliance.ts";
import { media } from "./media.ts";
import { generationFacts } from "./media-outputs.ts";
import type { MimeBundle } from "./mime.ts";
import { valueSummary } from "./variables.ts";

export {
  type AudioItem,
  type AudioOutput,
  audioItem,
  audioOutput,
  type MeshItem,
  type MeshOutput,
  meshItem,
  meshOutput,
  type VideoItem,
  type VideoOutput,
  videoItem,
  videoOutput,
} from "./media-outputs.ts";

/** What a cell sends while it runs, in order. The shapes follow nbformat 4.5, so that a notebook file stores them as they are. */
export type Output =
  | { readonly type: "stream"; readonly name: "stdout" | "stderr"; readonly text: string }
  | {
      readonly type: "display";
      readonly data: MimeBundle;
      readonly metadata?: Readonly<Record<string, unknown>>;
      /** Names the display, so that a later output with `update` replaces it in place. */
      readonly displayId?: string;
      /** Replaces the display of the same id instead of adding one. */
      readonly update?: boolean;
      /** Progress and other output that no hash or comparison covers. */
      readonly transient?: boolean;
    }
  | { readonly type: "result"; readonly data: MimeBundle; readonly metadata?: Readonly<Record<string, unknown>> }
  | { readonly type: "error"; readonly ename: string; readonly evalue: string; readonly traceback: readonly string[] }
  | { readonly type: "clear"; readonly wait: boolean };

/** One picture of a gallery, with what the researcher wants to know about it. */
export const imageItem = z.strictObject({
  media,
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Alternative text, for screen readers and the fallback. */
  alt: z.string().default(""),
  ...generationFacts,
  /** Row and column labels in a grid. */
  row: z.string().optional(),
  column: z.string().optional(),
  /** The label that its column stands under, where columns are grouped: a third dimension. */
  group: z.string().optional(),
});
export type ImageItem = z.infer<typeof imageItem>;

/** Short facts about a whole row, column or group of a grid: a mean, a KID. What it names says where it stands. */
export const gridSummary = z.strictObject({
  row: z.string().optional(),
  column: z.string().optional(),
  group: z.string().optional(),
  badges: z.record(z.string(), z.string()),
});
export type GridSummary = z.infer<typeof gridSummary>;

/** `application/vnd.assay.images.v1+json`: a gallery, or a grid when rows and columns are named; `groups` stand above the columns. */
export const imagesOutput = z.strictObject({
  title: z.string().optional(),
  layout: z.enum(["gallery", "grid"]),
  rows: z.array(z.string()).optional(),
  columns: z.array(z.string()).optional(),
  groups: z.array(z.string()).optional(),
  summaries: z.array(gridSummary).optional(),
  items: z.array(imageItem),
});
export type ImagesOutput = z.infer<typeof imagesOutput>;

/** `application/vnd.assay.table.v1+json`: columns by name, cells row by row; large tables travel as Arrow IPC in `arrow`. */
export const tableOutput = z.strictObject({
  title: z.string().optional(),
  columns: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.enum(["number", "text", "boolean", "date", "json"]),
      unit: z.string().optional(),
    }),
  ),
  rows: z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()]))).optional(),
  arrow: media.optional(),
  /** How many rows the whole table has, when `rows` holds only the first. */
  total: z.number().int().nonnegative().optional(),
});
export type TableOutput = z.infer<typeof tableOutput>;

/** `application/vnd.assay.plot.v1+json`: a Plotly figure; `live` marks a chart that is updated in place. */
export const plotOutput = z.strictObject({
  title: z.string().optional(),
  /** What has to be known of the data, in words: that they are thinned, for example. */
  note: z.string().optional(),
  data: z.array(z.record(z.string(), z.unknown())),
  layout: z.record(z.string(), z.unknown()).default({}),
  live: z.boolean().optional(),
});
export type PlotOutput = z.infer<typeof plotOutput>;

/** How a piece of work goes on. */
const progressFacts = {
  label: z.string(),
  done: z.number().nonnegative(),
  /** Absent where nobody knows; the bar is open-ended then. */
  total: z.number().positive().optional(),
  unit: z.string().default("step"),
  /** Units per second. */
  rate: z.number().optional(),
  /** Seconds. */
  remaining: z.number().optional(),
  /** Short facts that change, for example `{ loss: "0.0421" }`. */
  facts: z.record(z.string(), z.string()).optional(),
  state: z.enum(["running", "done", "failed", "interrupted"]).default("running"),
};

/** A part of a piece of work, with a bar of its own. */
export const progressPart = z.strictObject(progressFacts);
export type ProgressPart = z.infer<typeof progressPart>;

/** `application/vnd.assay.progress.v1+json`: determinate when `total` is known. */
export const progressOutput = z.strictObject({
  ...progressFacts,
  /** Parts of it, in the order in which they began; those that ended long ago are left out. */
  parts: z.array(progressPart).optional(),
});
export type ProgressOutput = z.infer<typeof progressOutput>;

/** What a mode makes of an item. */
export const itemVerdict = z.strictObject({
  admitted: z.boolean(),
  /** The rule that decided, for example `mode.class` or `optout.aipref`. */
  rule: z.string(),
  reason: z.string(),
});
export type ItemVerdict = z.infer<typeof itemVerdict>;

/** One item's standing: what its licence is, why, and what the mode makes of it. */
export const complianceItem = z.strictObject({
  id: z.string(),
  title: z.string().optional(),
  author: z.string().optional(),
  source: z.string().optional(),
  licence: z.string().optional(),
  licenceUrl: z.string().optional(),
  licenceClass,
  bytes: z.number().int().nonnegative(),
  /** Verdict of the output's own mode. */
  ...itemVerdict.shape,
  /** Verdicts of the modes beside the output's own; outputs of before have none. */
  verdicts: z.partialRecord(complianceMode, itemVerdict).optional(),
  evidence: z.array(z.strictObject({ source: z.string(), field: z.string(), value: z.string() })),
  flags: z.array(z.string()).default([]),
});
export type ComplianceItem = z.infer<typeof complianceItem>;

/** `application/vnd.assay.compliance.v1+json`. */
export const complianceOutput = z.strictObject({
  title: z.string().optional(),
  mode: complianceMode,
  policyVersion: z.string(),
  items: z.array(complianceItem),
  /** Set when something shown or used here breaks the notebook's mode; the renderer must not let it be overlooked. */
  violation: z.string().optional(),
});
export type ComplianceOutput = z.infer<typeof complianceOutput>;

/** One line of a tree of values. */
export const valueNode = valueSummary.extend({
  type: z.string().default(""),
  expandable: z.boolean().default(false),
  /** 0 for the value itself; a node belongs to the last one before it whose depth is one less. */
  depth: z.number().int().nonnegative().max(100),
  /** A property's name, an index, a key; absent at the top. */
  label: z.string().optional(),
  role: z.enum(["property", "index", "symbol", "entry", "hidden"]).default("property"),
  /** What to write after the parent's expression to come here, where a label of a property or index does not say it: `.get("k")`. */
  access: z.string().optional(),
  /** The whole text of a string or trace whose preview is cut. */
  text: z.string().optional(),
  /** The first items of a list of plain values, in place of a node for each. */
  items: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  /** How many members there are, where not all are here. */
  total: z.number().int().nonnegative().optional(),
});
export type ValueNode = z.infer<typeof valueNode>;
/** A line as it is written: what the schema fills in may be left out. */
export type ValueLine = z.input<typeof valueNode>;

/** `application/vnd.assay.value.v1+json`: a value as a tree, written line by line from the top. It holds a bounded part of the value. */
export const valueOutput = z.strictObject({
  nodes: z.array(valueNode).min(1),
});
export type ValueOutput = z.infer<typeof valueOutput>;
export type ValueTree = z.input<typeof valueOutput>;
