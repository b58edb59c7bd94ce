import { basename, dirname, join } from "node:path";
import { toBinary } from "@bufbuild/protobuf";
import type { Tensor } from "../tensor/index.ts";
import { ModelProtoSchema } from "./generated/onnx_pb.js";
import type { Model, Node } from "./graph.ts";
import { modelToProto, type WriteInitializer } from "./graph-to-proto.ts";
import { dataTypeCode, externalTensorToProto, tensorBytes, tensorToProto } from "./tensor-proto.ts";
import { writeAtomically } from "./write-atomically.ts";

export interface EncodeOptions {
  /**
   * Store float32 weights of at least 16 elements as float16 with a Cast to float32 after each: half the size, and the model still
   * computes in float32. `readModel` folds the Casts away.
   */
  halfWeights?: boolean;
}

export interface WriteModelOptions extends EncodeOptions {
  /** Put weights of at least 1 KiB into `<file>_data` beside the model, as files beyond 2 GB must. Default false. */
  externalData?: boolean;
}

const leastHalfElements = 16;
const leastExternalBytes = 1024;
const externalAlignment = 64;

/** The bytes of a model's file; equal models give equal bytes. */
export function encodeModel(model: Model, options: EncodeOptions = {}): Uint8Array {
  return toBinary(ModelProtoSchema, modelToProto(options.halfWeights ? withHalfWeights(model) : model));
}

/** The bytes of a model without its larger weights, and those apart, as ONNX Runtime takes them without a copy into one file. */
export interface SplitModel {
  readonly bytes: Uint8Array;
  readonly externalData: readonly { readonly path: string; readonly data: Uint8Array }[];
}

/** Encodes a model for an engine in the same process. It may be larger than the 2 GB that one protobuf message can hold. */
export function splitModel(model: Model): SplitModel {
  const externalData: { path: string; data: Uint8Array }[] = [];
  const writeInitializer: WriteInitializer = (name, tensor) => {
    if (!liesBeside(tensor)) return tensorToProto(name, tensor);
    const path = `weights/${externalData.length}`;
    externalData.push({ path, data: tensorBytes(tensor) });
    return externalTensorToProto(name, tensor, path, 0);
  };
  return { bytes: toBinary(ModelProtoSchema, modelToProto(model, writeInitializer)), externalData };
}

function liesBeside(tensor: Tensor): boolean {
  return tensor.dtype !== "string" && tensorBytes(tensor).length >= leastExternalBytes;
}

/** Writes a model, and its data file where asked for, atomically. Nothing half-written stays. */
export function writeModel(model: Model, path: string, options: WriteModelOptions = {}): void {
  const prepared = options.halfWeights ? withHalfWeights(model) : model;
  if (!options.externalData) {
    writeAtomically(path, [encodeModel(prepared)]);
    return;
  }
  const location = `${basename(path)}_data`;
  const chunks: Uint8Array[] = [];
  let offset = 0;
  const writeInitializer: WriteInitializer = (name, tensor) => {
    if (!liesBeside(tensor)) return tensorToProto(name, tensor);
    const proto = externalTensorToProto(name, tensor, location, offset);
    const bytes = tensorBytes(tensor);
    const padding = (externalAlignment - (bytes.length % externalAlignment)) % externalAlignment;
    chunks.push(bytes, new Uint8Array(padding));
    offset += bytes.length + padding;
    return proto;
  };
  const encoded = toBinary(ModelProtoSchema, modelToProto(prepared, writeInitializer));
  writeAtomically(join(dirname(path), location), chunks);
  writeAtomically(path, [encoded]);
}

/** The model with its larger float32 weights in float16 behind Casts. Weights that are also inputs stay. */
function withHalfWeights(model: Model): Model {
  const inputs = new Set(model.graph.inputs.map(({ name }) => name));
  const initializers = new Map<string, Tensor>();
  const casts: Node[] = [];
  for (const [name, tensor] of model.graph.initializers) {
    if (tensor.dtype !== "float32" || tensor.size < leastHalfElements || inputs.has(name)) {
      initializers.set(name, tensor);
      continue;
    }
    initializers.set(`${name}.float16`, tensor.toFloat16());
    casts.push({
      name: `${name}.float32`,
      opType: "Cast",
      domain: "",
      inputs: [`${name}.float16`],
      outputs: [name],
      attributes: { to: { type: "int", value: dataTypeCode("float32") } },
    });
  }
  return { ...model, graph: { ...model.graph, initializers, nodes: [...casts, ...model.graph.nodes] } };
}
