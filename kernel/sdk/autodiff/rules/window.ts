import { intAttribute, intsAttribute, type Node, stringAttribute } from "../../onnx/index.ts";

/** The geometry of a Conv or ConvTranspose node, every list of one length per spatial axis. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly group: number;
}

/** Reads the geometry of a node. `input` and `output` are spatial lengths, which automatic padding needs. */
export function windowOf(
  node: Node,
  kernel: readonly number[],
  input: readonly number[],
  output: readonly number[],
): Window {
  const rank = kernel.length;
  const ones = new Array<number>(rank).fill(1);
  const strides = intsAttribute(node, "strides") ?? ones;
  const dilations = intsAttribute(node, "dilations") ?? ones;
  const pads = intsAttribute(node, "pads") ?? new Array<number>(2 * rank).fill(0);
  const base = { kernel, strides, dilations, group: intAttribute(node, "group", 1) };
  const auto = stringAttribute(node, "auto_pad", "NOTSET");
  if (!auto.startsWith("SAME")) return { ...base, before: pads.slice(0, rank), after: pads.slice(rank) };
  const total = kernel.map((size, i) =>
    Math.max(0, (output[i]! - 1) * strides[i]! + (size - 1) * dilations[i]! + 1 - input[i]!),
  );
  const small = total.map((sum) => Math.floor(sum / 2));
  const large = total.map((sum, i) => sum - small[i]!);
  return auto === "SAME_UPPER" ? { ...base, before: small, after: large } : { ...base, before: large, after: small };
}
