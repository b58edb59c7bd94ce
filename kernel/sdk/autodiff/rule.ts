import type { Node } from "../onnx/index.ts";
import type { DataType, Tensor } from "../tensor/index.ts";
import type { Emitter, Ref } from "./emitter.ts";

/** What a rule is given: a node of the forward graph, and the gradients of its outputs. */
export interface RuleCall {
  readonly node: Node;
  /** Names of the node's inputs, `""` for one left out. */
  readonly x: readonly Ref[];
  /** Names of the node's outputs. */
  readonly y: readonly Ref[];
  /** Gradient of each output; undefined where nothing that matters reads it. At least one is there. */
  readonly g: readonly (Ref | undefined)[];
  /** Adds the nodes of the gradient. */
  readonly emit: Emitter;
  /** The float type of the gradient. */
  readonly dtype: DataType;
  /** Whether the gradient of input `i` is wanted. */
  needs(i: number): boolean;
  /** Shape of a value of the forward graph. */
  dims(ref: Ref): readonly number[];
  /** The content of a value that depends on constants and shapes only. */
  known(ref: Ref): Tensor | undefined;
  /** The content as numbers. @throws AssayError where it is only known at run time. */
  numbers(ref: Ref): number[];
  /** Stops with a problem that names the node. */
  refuse(reason: string): never;
}

/** Gives the gradient of each input, in order; undefined for those that need none. */
export type Rule = (call: RuleCall) => readonly (Ref | undefined)[];

/** Rules by operator; operators of other domains carry theirs: `com.microsoft:Gelu`. */
export type RuleTable = Readonly<Record<string, Rule>>;

/** The gradient of the first output, for rules that have none for the others. */
export function firstGradient(call: RuleCall): Ref {
  if (call.g.slice(1).some((gradient) => gradient !== undefined))
    call.refuse("one of its further outputs influences the loss");
  return call.g[0]!;
}

/** The key of a node in a {@link RuleTable}. */
export function ruleKey(node: Node): string {
  return node.domain === "" ? node.opType : `${node.domain}:${node.opType}`;
}

/** An axis counted from the front. */
export function positiveAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
