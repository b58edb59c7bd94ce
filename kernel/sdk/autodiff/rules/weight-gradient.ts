import { elementCount } from "../../tensor/index.ts";
import type { Emitter, Ref } from "../emitter.ts";
import type { RuleCall } from "../rule.ts";
import type { Window } from "./convolution.ts";

/** The two sides of a convolution: `narrow` holds one position per window over `wide`. */
export interface Sides {
  readonly wide: Ref;
  readonly wideDims: readonly number[];
  readonly narrow: Ref;
  readonly narrowDims: readonly number[];
  /** Shape of the weights: [channels of narrow, channels of wide / group, …kernel]. */
  readonly weight: readonly number[];
}

/**
 * Gradient of a convolution's weights as one matrix product: the windows of one side are laid out as rows (im2col) and multiplied with
 * the other side. A convolution with swapped axes computes the same, two to three times slower.
 */
export function weightGradient(call: RuleCall, sides: Sides, window: Window): Ref {
  const { emit, dtype } = call;
  const { wideDims, narrowDims, weight } = sides;
  const [batch, wideChannels] = wideDims as [number, number];
  const narrowChannels = narrowDims[1]!;
  const { group, strides, kernel } = window;
  const spatial = narrowDims.slice(2);
  if (group > 1) return grouped(call, sides, window);
  const positions = batch * elementCount(spatial);
  if (elementCount(kernel) === 1 && isPlain(window)) {
    const rows = emit.reshape(channelsFirst(emit, sides.wide, wideDims.length), [wideChannels, positions]);
    const columns = emit.reshape(channelsFirst(emit, sides.narrow, wideDims.length), [narrowChannels, positions]);
    return emit.reshape(emit.op("Gemm", [columns, rows], { transB: 1 }), weight);
  }
  const size = elementCount(kernel);
  if (strides.every((stride) => stride === 1) && 2 * narrowChannels <= wideChannels) {
    const unfolded = unfoldNarrow(emit, sides, window, dtype);
    const rows = emit.reshape(channelsFirst(emit, sides.wide, wideDims.length), [
      wideChannels,
      batch * elementCount(wideDims.slice(2)),
    ]);
    const product = emit.op("Gemm", [unfolded, rows], { transB: 1 });
    const split = emit.reshape(product, [size, narrowChannels, wideChannels]);
    return emit.reshape(emit.transpose(split, [1, 2, 0]), weight);
  }
  const first = channelsFirst(emit, sides.wide, wideDims.length);
  const padded = emit.pad(first, [0, 0, ...window.before], [0, 0, ...window.after], dtype);
  const pieces = offsets(kernel).map((offset) => {
    const starts = offset.map((at, i) => at * window.dilations[i]!);
    const ends = starts.map((start, i) => start + (spatial[i]! - 1) * strides[i]! + 1);
    return emit.slice(
      padded,
      starts,
      ends,
      starts.map((_, i) => i + 2),
      strides,
    );
  });
  const unfolded = emit.reshape(emit.op("Concat", pieces, { axis: 0 }), [size * wideChannels, positions]);
  const columns = emit.reshape(channelsFirst(emit, sides.narrow, wideDims.length), [narrowChannels, positions]);
  const product = emit.reshape(emit.op("Gemm", [columns, unfolded], { transB: 1 }), [
    narrowChannels,
    size,
    wideChannels,
  ]);
  return emit.reshape(emit.transpose(product, [0, 2, 1]), weight);
}

function isPlain({ strides, before, after }: Window): boolean {
  return strides.every((stride) => stride === 1) && [...before, ...after].every((amount) => amount === 0);
}

/** [batch, channels, …] as [channels, batch, …]. */
function channelsFirst(emit: Emitter, x: Ref, rank: number): Ref {
  return emit.transpose(x, [1, 0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2)]);
}

/** At stride 1 the narrow side can be shifted instead of the wide one: [kernel · channels, batch · positions of wide]. */
function unfoldNarrow(
  emit: Emitter,
  { narrow, narrowDims, wideDims }: Sides,
  window: Window,
  dtype: RuleCall["dtype"],
): Ref {
  const { kernel, dilations, before } = window;
  const reach = kernel.map((size, i) => (size - 1) * dilations[i]!);
  const wide = wideDims.slice(2);
  const front = reach.map((length, i) => length - before[i]!);
  const back = wide.map((length, i) => length + reach[i]! - front[i]! - narrowDims[i + 2]!);
  const first = channelsFirst(emit, narrow, narrowDims.length);
  const padded = emit.pad(first, [0, 0, ...front], [0, 0, ...back], dtype);
  const pieces = offsets(kernel).map((offset) => {
    const starts = offset.map((at, i) => reach[i]! - at * dilations[i]!);
    return emit.slice(
      padded,
      starts,
      starts.map((start, i) => start + wide[i]!),
      starts.map((_, i) => i + 2),
    );
  });
  const rows = elementCount(kernel) * narrowDims[1]!;
  return emit.reshape(emit.op("Concat", pieces, { axis: 0 }), [rows, narrowDims[0]! * elementCount(wide)]);
}

/** Each group alone: windows as [batch, group, channels · kernel, positions], one product per batch item and group. */
function grouped(
  { emit, dtype }: RuleCall,
  { wide, wideDims, narrow, narrowDims, weight }: Sides,
  window: Window,
): Ref {
  const { group, strides, dilations, kernel } = window;
  const [batch, channels] = wideDims as [number, number];
  const spatial = narrowDims.slice(2);
  const positions = elementCount(spatial);
  const padded = emit.pad(wide, [0, 0, ...window.before], [0, 0, ...window.after], dtype);
  const pieces = offsets(kernel).map((offset) => {
    const starts = offset.map((at, i) => at * dilations[i]!);
    const ends = starts.map((start, i) => start + (spatial[i]! - 1) * strides[i]! + 1);
    const piece = emit.slice(
      padded,
      starts,
      ends,
      starts.map((_, i) => i + 2),
      strides,
    );
    return emit.reshape(piece, [batch, group, channels / group, 1, positions]);
  });
  const size = elementCount(kernel);
  const rows = emit.reshape(emit.op("Concat", pieces, { axis: 3 }), [
    batch,
    group,
    (channels / group) * size,
    positions,
  ]);
  const columns = emit.reshape(narrow, [batch, group, narrowDims[1]! / group, positions]);
  const product = emit.op("MatMul", [columns, emit.transpose(rows, [0, 1, 3, 2])]);
  return emit.reshape(emit.reduceSum(product, [0], false), weight);
}

/** All positions inside a kernel, the last axis fastest. */
function offsets(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (list, size) => list.flatMap((at) => Array.from({ length: size }, (_, i) => [...at, i])),
    [[]],
  );
}
