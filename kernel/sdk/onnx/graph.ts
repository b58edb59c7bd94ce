import type { DataType, Tensor } from "../tensor/index.ts";
import type {
  DeviceConfigurationProto,
  FunctionProto,
  NodeDeviceConfigurationProto,
  SparseTensorProto,
  TensorAnnotation,
  TrainingInfoProto,
  TypeProto,
} from "./generated/onnx_pb.js";

/** A length, a symbolic length (`"batch_size"`), or unknown. */
export type Dim = number | string | null;

/** A graph input or output, or what is known of a value in between. */
export interface ValueInfo {
  name: string;
  /** Element type; undefined where the value is no dense tensor or has no type. */
  dtype?: DataType;
  /** Shape; undefined where even the rank is unknown. */
  dims?: Dim[];
  /** The type of sequences, maps, optionals and sparse tensors, as the file has it. */
  otherType?: TypeProto;
  doc?: string;
  metadata?: Record<string, string>;
}

/** The value of a node attribute. Whole numbers beyond 2⁵³ are clamped to the int64 range when written. */
export type Attribute =
  | { readonly type: "float"; readonly value: number }
  | { readonly type: "int"; readonly value: number }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "bytes"; readonly value: Uint8Array }
  | { readonly type: "tensor"; readonly value: Tensor }
  | { readonly type: "graph"; readonly value: Graph }
  | { readonly type: "floats"; readonly value: readonly number[] }
  | { readonly type: "ints"; readonly value: readonly number[] }
  | { readonly type: "strings"; readonly value: readonly string[] }
  | { readonly type: "tensors"; readonly value: readonly Tensor[] }
  | { readonly type: "graphs"; readonly value: readonly Graph[] }
  | { readonly type: "sparse"; readonly value: SparseTensorProto }
  | { readonly type: "sparses"; readonly value: readonly SparseTensorProto[] }
  | { readonly type: "typeProto"; readonly value: TypeProto }
  | { readonly type: "typeProtos"; readonly value: readonly TypeProto[] }
  | { readonly type: "reference"; readonly value: string; readonly of: number };

/** One operation. Names of values are the edges of the graph; `""` stands for an optional input or output left out. */
export interface Node {
  name: string;
  opType: string;
  /** `""` is the standard operator set. */
  domain: string;
  inputs: string[];
  outputs: string[];
  attributes: Record<string, Attribute>;
  doc?: string;
  overload?: string;
  metadata?: Record<string, string>;
  deviceConfigurations?: NodeDeviceConfigurationProto[];
}

/** A dataflow graph; `nodes` are in topological order. Plain data: edit it in place. */
export interface Graph {
  name: string;
  nodes: Node[];
  /** Weights and constants by name, in file order. */
  initializers: Map<string, Tensor>;
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  valueInfo: Map<string, ValueInfo>;
  doc?: string;
  metadata?: Record<string, string>;
  sparseInitializers?: SparseTensorProto[];
  quantization?: TensorAnnotation[];
}

/** An ONNX model in memory. */
export interface Model {
  irVersion: number;
  /** Operator set version by domain; `""` is the standard set. */
  opsets: Map<string, number>;
  graph: Graph;
  metadata: Record<string, string>;
  producerName?: string;
  producerVersion?: string;
  domain?: string;
  modelVersion?: number;
  doc?: string;
  functions?: FunctionProto[];
  trainingInfo?: TrainingInfoProto[];
  configuration?: DeviceConfigurationProto[];
}

/** A model whose node list, maps and value lists can be edited without touching `model`; the tensors are shared. */
export function cloneModel(model: Model): Model {
  return { ...model, opsets: new Map(model.opsets), metadata: { ...model.metadata }, graph: cloneGraph(model.graph) };
}

/** As {@link cloneModel}, for a graph. Subgraphs in attributes are shared. */
export function cloneGraph(graph: Graph): Graph {
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({
      ...node,
      inputs: [...node.inputs],
      outputs: [...node.outputs],
      attributes: { ...node.attributes },
    })),
    initializers: new Map(graph.initializers),
    inputs: graph.inputs.map((input) => ({ ...input })),
    outputs: graph.outputs.map((output) => ({ ...output })),
    valueInfo: new Map(graph.valueInfo),
  };
}

/** Graphs nested in the attributes of a node (the branches of If, the bodies of Loop and Scan). */
export function subgraphs(node: Node): Graph[] {
  return Object.values(node.attributes).flatMap((attribute) => {
    if (attribute.type === "graph") return [attribute.value];
    return attribute.type === "graphs" ? [...attribute.value] : [];
  });
}

/** Values that a graph reads from the graph around it. */
export function outerReads(graph: Graph): Set<string> {
  const own = new Set([...graph.initializers.keys(), ...graph.inputs.map((input) => input.name)]);
  const reads = new Set<string>();
  for (const node of graph.nodes) {
    for (const name of [...node.inputs, ...subgraphs(node).flatMap((inner) => [...outerReads(inner)])]) {
      if (name !== "" && !own.has(name)) reads.add(name);
    }
    for (const name of node.outputs) own.add(name);
  }
  for (const output of graph.outputs) if (!own.has(output.name)) reads.add(output.name);
  return reads;
}
