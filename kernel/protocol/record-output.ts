import { z } from "zod";
import { executionRecord } from "./record.ts";

/** `application/vnd.assay.record.v1+json`: the card of one record. */
export const recordOutput = z.strictObject({ record: executionRecord });
export type RecordOutput = z.infer<typeof recordOutput>;
