export {
  type AttributeSpec,
  attribute,
  floatAttribute,
  intAttribute,
  intsAttribute,
  stringAttribute,
} from "./attribute.ts";
export {
  Engine,
  type EngineOptions,
  EngineSession,
  type LoadOptions,
  type RunOptions,
  sharedEngine,
} from "./engine.ts";
export { checkFeeds, fromWire, runProblem, type TensorMap, toWire } from "./engine-feeds.ts";
export type {
  EngineSessionOptions,
  TrainingSetup,
  TrainingState,
  TrainingStep,
  TrainingStepResult,
  WireParameter,
  WireValue,
} from "./engine-protocol.ts";
export { foldConstants } from "./fold.ts";
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
export { type ReadModelOptions, readModel } from "./read-model.ts";
export { dataTypeCode, dataTypeOf } from "./tensor-proto.ts";
export { writeAtomically } from "./write-atomically.ts";
export { type EncodeOptions, encodeModel, type WriteModelOptions, writeModel } from "./write-model.ts";
