import { intAttribute } from "../../onnx/index.ts";
import type { Emitter, Ref } from "../emitter.ts";
import { firstGradient, positiveAxis, type Rule, type RuleTable } from "../rule.ts";

/**
 * Gradient of x̂ = (x − mean)·inv, where mean and variance are taken over `axes`:
 * inv·(g − mean(g) − x̂·mean(g·x̂)).
 */
export function standardizedGradient(emit: Emitter, g: Ref, normal: Ref, inv: Ref, axes: readonly number[]): Ref {
  const slope = emit.reduceMean(emit.op("Mul", [g, normal]), axes);
  const centred = emit.op("Sub", [g, emit.reduceMean(g, axes)]);
  return emit.op("Mul", [emit.op("Sub", [centred, emit.op("Mul", [normal, slope])]), inv]);
}

const layerNormalization: Rule = (call) => {
  const { emit, node, x, y } = call;
  const g = [firstGradient(call)];
  const dims = call.dims(x[0]!);
  const axis = positiveAxis(intAttribute(node, "axis", -1), dims.length);
  const axes = dims.flatMap((_, i) => (i >= axis ? [i] : []));
  const mean = y[1] || `${y[0]}:mean`;
  const inv = y[2] || `${y[0]}:inverse_deviation`;
  node.outputs = [y[0]!, mean, inv];
  const scale = call.known(x[1]!);
  const unit = scale?.toNumbers().every((value) => value === 1) ?? false;
  const normal = unit && !x[2] ? y[0]! : emit.op("Mul", [emit.op("Sub", [x[0]!, mean]), inv]);
  const scaled = unit ? g[0]! : emit.op("Mul", [g[0]!, x[1]!]);
  return [
    call.needs(0) ? standardizedGradient(emit, scaled, normal, inv, axes) : undefined,
    call.needs(1) ? emit.unbroadcast(emit.op("Mul", [g[0]!, normal]), dims, call.dims(x[1]!)) : undefined,
    x[2] && call.needs(2) ? emit.unbroadcast(g[0]!, dims, call.dims(x[2])) : undefined,
  ];
};

/** Normalisation over axes. Instance, group and batch normalisation are lowered to simpler operators before. */
export const normalizationRules: RuleTable = { LayerNormalization: layerNormalization };
