import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { Tensor } from "../tensor/index.ts";
import {
  type AttributeProto,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  AttributeProto_AttributeType as Kind,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "./generated/onnx_pb.js";
import type { Attribute, Graph, Model, Node, ValueInfo } from "./graph.ts";
import { dataTypeCode, tensorToProto } from "./tensor-proto.ts";

/** How the initializers of the main graph are written; the default puts their data into the message. */
export type WriteInitializer = (name: string, tensor: Tensor) => TensorProto;

/** The message form of a model. */
export function modelToProto(model: Model, writeInitializer: WriteInitializer = tensorToProto): ModelProto {
  const proto = create(ModelProtoSchema, {
    irVersion: BigInt(model.irVersion),
    graph: graphToProto(model.graph, writeInitializer),
    opsetImport: [...model.opsets].map(([domain, version]) => ({ domain, version: BigInt(version) })),
    metadataProps: entries(model.metadata),
  });
  if (model.producerName) proto.producerName = model.producerName;
  if (model.producerVersion) proto.producerVersion = model.producerVersion;
  if (model.domain) proto.domain = model.domain;
  if (model.modelVersion) proto.modelVersion = BigInt(model.modelVersion);
  if (model.doc) proto.docString = model.doc;
  if (model.functions) proto.functions = model.functions;
  if (model.trainingInfo) proto.trainingInfo = model.trainingInfo;
  if (model.configuration) proto.configuration = model.configuration;
  return proto;
}

function graphToProto(graph: Graph, writeInitializer: WriteInitializer): GraphProto {
  const proto = create(GraphProtoSchema, {
    name: graph.name,
    node: graph.nodes.map(nodeToProto),
    initializer: Array.from(graph.initializers, ([name, tensor]) => writeInitializer(name, tensor)),
    input: graph.inputs.map(valueToProto),
    output: graph.outputs.map(valueToProto),
    valueInfo: Array.from(graph.valueInfo.values(), valueToProto),
    metadataProps: entries(graph.metadata),
  });
  if (graph.doc) proto.docString = graph.doc;
  if (graph.sparseInitializers) proto.sparseInitializer = graph.sparseInitializers;
  if (graph.quantization) proto.quantizationAnnotation = graph.quantization;
  return proto;
}

function nodeToProto(node: Node): NodeProto {
  const proto = create(NodeProtoSchema, {
    input: node.inputs,
    output: node.outputs,
    opType: node.opType,
    attribute: Object.entries(node.attributes).map(([name, value]) => attributeToProto(name, value)),
    metadataProps: entries(node.metadata),
  });
  if (node.name) proto.name = node.name;
  if (node.domain) proto.domain = node.domain;
  if (node.doc) proto.docString = node.doc;
  if (node.overload) proto.overload = node.overload;
  if (node.deviceConfigurations) proto.deviceConfigurations = node.deviceConfigurations;
  return proto;
}

function attributeToProto(name: string, attribute: Attribute): AttributeProto {
  return create(AttributeProtoSchema, { name, ...attributeFields(attribute) });
}

function attributeFields(attribute: Attribute): MessageInitShape<typeof AttributeProtoSchema> {
  switch (attribute.type) {
    case "float":
      return { type: Kind.FLOAT, f: attribute.value };
    case "int":
      return { type: Kind.INT, i: int64(attribute.value) };
    case "string":
      return { type: Kind.STRING, s: new TextEncoder().encode(attribute.value) };
    case "bytes":
      return { type: Kind.STRING, s: attribute.value };
    case "tensor":
      return { type: Kind.TENSOR, t: tensorToProto("", attribute.value) };
    case "graph":
      return { type: Kind.GRAPH, g: graphToProto(attribute.value, tensorToProto) };
    case "floats":
      return { type: Kind.FLOATS, floats: [...attribute.value] };
    case "ints":
      return { type: Kind.INTS, ints: attribute.value.map(int64) };
    case "strings":
      return { type: Kind.STRINGS, strings: attribute.value.map((text) => new TextEncoder().encode(text)) };
    case "tensors":
      return { type: Kind.TENSORS, tensors: attribute.value.map((tensor) => tensorToProto("", tensor)) };
    case "graphs":
      return { type: Kind.GRAPHS, graphs: attribute.value.map((graph) => graphToProto(graph, tensorToProto)) };
    case "sparse":
      return { type: Kind.SPARSE_TENSOR, sparseTensor: attribute.value };
    case "sparses":
      return { type: Kind.SPARSE_TENSORS, sparseTensors: [...attribute.value] };
    case "typeProto":
      return { type: Kind.TYPE_PROTO, tp: attribute.value };
    case "typeProtos":
      return { type: Kind.TYPE_PROTOS, typeProtos: [...attribute.value] };
    case "reference":
      return { type: attribute.of, refAttrName: attribute.value };
  }
}

/** A number as int64; 2⁶³ and above mean the largest int64, as "to the end" is written in Slice. */
function int64(value: number): bigint {
  const whole = BigInt(value);
  return whole > 0x7fffffffffffffffn
    ? 0x7fffffffffffffffn
    : whole < -0x8000000000000000n
      ? -0x8000000000000000n
      : whole;
}

function valueToProto(info: ValueInfo): ValueInfoProto {
  const proto = create(ValueInfoProtoSchema, { name: info.name, metadataProps: entries(info.metadata) });
  if (info.otherType) proto.type = info.otherType;
  else if (info.dtype) proto.type = tensorType(info);
  if (info.doc) proto.docString = info.doc;
  return proto;
}

function tensorType(info: ValueInfo): NonNullable<ValueInfoProto["type"]> {
  const value = { elemType: dataTypeCode(info.dtype!), ...(info.dims && { shape: { dim: info.dims.map(dimension) } }) };
  return create(ValueInfoProtoSchema, { type: { value: { case: "tensorType", value } } }).type!;
}

function dimension(dim: number | string | null) {
  if (dim === null) return {};
  if (typeof dim === "number") return { value: { case: "dimValue", value: BigInt(dim) } as const };
  return { value: { case: "dimParam", value: dim } as const };
}

function entries(record: Record<string, string> = {}) {
  return Object.entries(record).map(([key, value]) => ({ key, value }));
}
