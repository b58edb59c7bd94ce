import {
  type AttributeProto,
  type GraphProto,
  AttributeProto_AttributeType as Kind,
  type ModelProto,
  type NodeProto,
  type StringStringEntryProto,
  type ValueInfoProto,
} from "./generated/onnx_pb.js";
import type { Attribute, Dim, Graph, Model, Node, ValueInfo } from "./graph.ts";
import { dataTypeOf, type ReadExternal, tensorFromProto } from "./tensor-proto.ts";

/** The in-memory form of a decoded model. */
export function modelFromProto(proto: ModelProto, readExternal: ReadExternal): Model {
  if (!proto.graph) throw new RangeError("it has no graph");
  const model: Model = {
    irVersion: Number(proto.irVersion),
    opsets: new Map(
      proto.opsetImport.map(({ domain, version }) => [domain === "ai.onnx" ? "" : domain, Number(version)]),
    ),
    graph: graphFromProto(proto.graph, readExternal),
    metadata: entries(proto.metadataProps),
  };
  if (proto.producerName) model.producerName = proto.producerName;
  if (proto.producerVersion) model.producerVersion = proto.producerVersion;
  if (proto.domain) model.domain = proto.domain;
  if (proto.modelVersion) model.modelVersion = Number(proto.modelVersion);
  if (proto.docString) model.doc = proto.docString;
  if (proto.functions.length > 0) model.functions = proto.functions;
  if (proto.trainingInfo.length > 0) model.trainingInfo = proto.trainingInfo;
  if (proto.configuration.length > 0) model.configuration = proto.configuration;
  return model;
}

function graphFromProto(proto: GraphProto, readExternal: ReadExternal): Graph {
  const graph: Graph = {
    name: proto.name,
    nodes: proto.node.map((node) => nodeFromProto(node, readExternal)),
    initializers: new Map(proto.initializer.map((tensor) => [tensor.name, tensorFromProto(tensor, readExternal)])),
    inputs: proto.input.map(valueFromProto),
    outputs: proto.output.map(valueFromProto),
    valueInfo: new Map(proto.valueInfo.map((info) => [info.name, valueFromProto(info)])),
  };
  if (proto.docString) graph.doc = proto.docString;
  if (proto.metadataProps.length > 0) graph.metadata = entries(proto.metadataProps);
  if (proto.sparseInitializer.length > 0) graph.sparseInitializers = proto.sparseInitializer;
  if (proto.quantizationAnnotation.length > 0) graph.quantization = proto.quantizationAnnotation;
  return graph;
}

function nodeFromProto(proto: NodeProto, readExternal: ReadExternal): Node {
  const node: Node = {
    name: proto.name,
    opType: proto.opType,
    domain: proto.domain === "ai.onnx" ? "" : proto.domain,
    inputs: [...proto.input],
    outputs: [...proto.output],
    attributes: Object.fromEntries(proto.attribute.map((item) => [item.name, attributeFromProto(item, readExternal)])),
  };
  if (proto.docString) node.doc = proto.docString;
  if (proto.overload) node.overload = proto.overload;
  if (proto.metadataProps.length > 0) node.metadata = entries(proto.metadataProps);
  if (proto.deviceConfigurations.length > 0) node.deviceConfigurations = proto.deviceConfigurations;
  return node;
}

function attributeFromProto(proto: AttributeProto, readExternal: ReadExternal): Attribute {
  if (proto.refAttrName) return { type: "reference", value: proto.refAttrName, of: proto.type };
  switch (proto.type) {
    case Kind.FLOAT:
      return { type: "float", value: proto.f };
    case Kind.INT:
      return { type: "int", value: Number(proto.i) };
    case Kind.STRING:
      return stringFromBytes(proto.s);
    case Kind.TENSOR:
      return { type: "tensor", value: tensorFromProto(proto.t!, readExternal) };
    case Kind.GRAPH:
      return { type: "graph", value: graphFromProto(proto.g!, readExternal) };
    case Kind.FLOATS:
      return { type: "floats", value: proto.floats };
    case Kind.INTS:
      return { type: "ints", value: proto.ints.map(Number) };
    case Kind.STRINGS:
      return { type: "strings", value: proto.strings.map((bytes) => new TextDecoder().decode(bytes)) };
    case Kind.TENSORS:
      return { type: "tensors", value: proto.tensors.map((tensor) => tensorFromProto(tensor, readExternal)) };
    case Kind.GRAPHS:
      return { type: "graphs", value: proto.graphs.map((graph) => graphFromProto(graph, readExternal)) };
    case Kind.SPARSE_TENSOR:
      return { type: "sparse", value: proto.sparseTensor! };
    case Kind.SPARSE_TENSORS:
      return { type: "sparses", value: proto.sparseTensors };
    case Kind.TYPE_PROTO:
      return { type: "typeProto", value: proto.tp! };
    case Kind.TYPE_PROTOS:
      return { type: "typeProtos", value: proto.typeProtos };
    default:
      throw new RangeError(`attribute ${proto.name} has the unknown type ${proto.type}`);
  }
}

function stringFromBytes(bytes: Uint8Array): Attribute {
  try {
    return { type: "string", value: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { type: "bytes", value: bytes };
  }
}

function valueFromProto(proto: ValueInfoProto): ValueInfo {
  const info: ValueInfo = { name: proto.name };
  const type = proto.type?.value;
  if (type?.case === "tensorType") {
    const dtype = dataTypeOf(type.value.elemType);
    if (dtype) info.dtype = dtype;
    if (type.value.shape) {
      info.dims = type.value.shape.dim.map(({ value }): Dim => {
        if (value.case === "dimValue") return Number(value.value);
        return value.case === "dimParam" && value.value !== "" ? value.value : null;
      });
    }
  } else if (proto.type) {
    info.otherType = proto.type;
  }
  if (proto.docString) info.doc = proto.docString;
  if (proto.metadataProps.length > 0) info.metadata = entries(proto.metadataProps);
  return info;
}

function entries(list: readonly StringStringEntryProto[]): Record<string, string> {
  return Object.fromEntries(list.map(({ key, value }) => [key, value]));
}
