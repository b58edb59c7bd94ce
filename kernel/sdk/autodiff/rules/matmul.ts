import { floatAttribute, intAttribute } from "../../onnx/index.ts";
import { elementCount } from "../../tensor/index.ts";
import type { Emitter, Ref } from "../emitter.ts";
import type { Rule, RuleCall, RuleTable } from "../rule.ts";

/** Swaps the last two axes. */
function swapped(emit: Emitter, x: Ref, rank: number): Ref {
  const perm = Array.from({ length: rank }, (_, axis) => axis);
  return emit.transpose(x, [...perm.slice(0, -2), rank - 1, rank - 2]);
}

/** Both gradients where the right side is one matrix for all rows: two plain matrix products over flattened rows. */
function sharedRight(
  call: RuleCall,
  a: readonly number[],
  [inner, width]: readonly [number, number],
): (Ref | undefined)[] {
  const { emit, x, g } = call;
  const rows = elementCount(a.slice(0, -1));
  const flatG = emit.reshape(g[0]!, [rows, width]);
  const left = call.needs(0) ? emit.reshape(emit.op("Gemm", [flatG, x[1]!], { transB: 1 }), a) : undefined;
  const right = call.needs(1) ? emit.op("Gemm", [emit.reshape(x[0]!, [rows, inner]), flatG], { transA: 1 }) : undefined;
  return [left, right];
}

const matMul: Rule = (call) => {
  const { emit, x, g } = call;
  const given = [call.dims(x[0]!), call.dims(x[1]!)] as const;
  const a = given[0].length === 1 ? [1, given[0][0]!] : given[0];
  const b = given[1].length === 1 ? [given[1][0]!, 1] : given[1];
  const [inner, width] = [b.at(-2)!, b.at(-1)!];
  if (given[1].length === 2 && given[0].length >= 2) return sharedRight(call, a, [inner, width]);
  const batch = batchDims(a.slice(0, -2), b.slice(0, -2));
  const full = [...batch, a.at(-2)!, width];
  const gradient = full.length === call.dims(call.y[0]!).length ? g[0]! : emit.reshape(g[0]!, full);
  const shaped = (i: 0 | 1, dims: readonly number[]) => (given[i].length === 1 ? emit.reshape(x[i]!, dims) : x[i]!);
  const left = () => {
    const product = emit.op("MatMul", [gradient, swapped(emit, shaped(1, b), b.length)]);
    return restore(emit, product, [...batch, a.at(-2)!, inner], a, given[0]);
  };
  const right = () => {
    const product = emit.op("MatMul", [swapped(emit, shaped(0, a), a.length), gradient]);
    return restore(emit, product, [...batch, inner, width], b, given[1]);
  };
  return [call.needs(0) ? left() : undefined, call.needs(1) ? right() : undefined];
};

function batchDims(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const at = (dims: readonly number[], axis: number) => dims[axis - rank + dims.length] ?? 1;
  return Array.from({ length: rank }, (_, axis) => (at(a, axis) === 1 ? at(b, axis) : at(a, axis)));
}

/** Sums over broadcast batch axes and gives a vector its own shape back. */
function restore(
  emit: Emitter,
  gradient: Ref,
  from: readonly number[],
  to: readonly number[],
  given: readonly number[],
): Ref {
  const summed = emit.unbroadcast(gradient, from, to);
  return given.length === to.length ? summed : emit.reshape(summed, given);
}

const gemm: Rule = (call) => {
  const { emit, node, x, g, dtype } = call;
  const alpha = floatAttribute(node, "alpha", 1);
  const beta = floatAttribute(node, "beta", 1);
  const [transA, transB] = [intAttribute(node, "transA", 0), intAttribute(node, "transB", 0)];
  const product = (a: Ref, b: Ref, ta: number, tb: number) =>
    emit.op("Gemm", [a, b], { alpha, transA: ta, transB: tb });
  const left = () => (transA ? product(x[1]!, g[0]!, transB, 1) : product(g[0]!, x[1]!, 0, 1 - transB));
  const right = () => (transB ? product(g[0]!, x[0]!, 1, transA) : product(x[0]!, g[0]!, 1 - transA, 0));
  const bias = () => {
    const summed = emit.unbroadcast(g[0]!, call.dims(call.y[0]!), call.dims(x[2]!));
    return beta === 1 ? summed : emit.op("Mul", [summed, emit.scalar(beta, dtype)]);
  };
  return [
    call.needs(0) ? left() : undefined,
    call.needs(1) ? right() : undefined,
    x[2] && call.needs(2) ? bias() : undefined,
  ];
};

/** Matrix products. */
export const matMulRules: RuleTable = { MatMul: matMul, Gemm: gemm };
