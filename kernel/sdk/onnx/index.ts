export {
  type AttributeSpec,
  attribute,
  floatAttribute,
  intAttribute,
  intsAttribute,
  stringAttribute,
} from "./attribute.ts";
export {
  type Attribute,
  cloneGraph,
  cloneModel,
  type Dim,
  type Graph,
  type Model,
  type Node,
  outerReads,
  subgraphs,
  type ValueInfo,
} from "./graph.ts";
export { GraphBuilder, type GraphBuilderOptions, graphBuilder, type Operand, type Value } from "./graph-builder.ts";
