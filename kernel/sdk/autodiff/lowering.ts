import type { Node } from "../onnx/index.ts";
import type { Emitter, Ref } from "./emitter.ts";

/** What a lowering is given: a composite node, and what it may add in its place. */
export interface LowerCall {
  readonly node: Node;
  readonly emit: Emitter;
  readonly x: readonly Ref[];
  dims(ref: Ref): readonly number[];
}

/** Writes a node in terms of simpler ones and returns what replaces its output, or undefined to leave the node as it is. */
export type Lowering = (call: LowerCall) => Ref | undefined;

/** Lowerings by operator, keyed like rules. */
export type LoweringTable = Readonly<Record<string, Lowering>>;

/** Types and shapes of what a lowering makes must be known to the rules. */
export function known(emit: Emitter, like: Ref, dims: readonly number[]) {
  return (ref: Ref) => emit.know(ref, emit.facts.dtypes.get(like)!, dims);
}
