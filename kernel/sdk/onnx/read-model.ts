import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { AssayError, problem } from "../errors.ts";
import { externalReader } from "./external-data.ts";
import { foldConstants } from "./fold.ts";
import { ModelProtoSchema } from "./generated/onnx_pb.js";
import type { Model } from "./graph.ts";
import { modelFromProto } from "./graph-from-proto.ts";

export interface ReadModelOptions {
  /** Turn Constant, Identity and widening Cast nodes into plain initializers (see `foldConstants`). Default true. */
  fold?: boolean;
  /** How messages name a model that comes as bytes. */
  name?: string;
  /** Where data outside the file lies, for a model that comes as bytes. */
  folder?: string;
}

/**
 * Reads an ONNX model from a file or from bytes. Weights, also those in a file beside it, are decoded when first used.
 *
 * @throws AssayError `model.unreadable`, `model.corrupt`, `model.data-missing`, `model.data-escapes`.
 */
export function readModel(source: string | Uint8Array, options: ReadModelOptions = {}): Model {
  const name = options.name ?? (typeof source === "string" ? source : "the model");
  const folder = options.folder ?? (typeof source === "string" ? dirname(source) : undefined);
  const bytes = typeof source === "string" ? readFile(source) : source;
  try {
    const proto = fromBinary(ModelProtoSchema, bytes);
    if (proto.opsetImport.length === 0 || proto.irVersion <= 0n)
      throw new RangeError("it is no ONNX model, or its end is missing");
    const model = modelFromProto(proto, externalReader(name, folder));
    if (options.fold !== false) foldConstants(model.graph);
    return model;
  } catch (error) {
    if (error instanceof AssayError) throw error;
    throw problem.corruptModel(name, error instanceof Error ? error.message : String(error), error);
  }
}

function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw problem.unreadableModel(path, error instanceof Error ? error.message : String(error), error);
  }
}
