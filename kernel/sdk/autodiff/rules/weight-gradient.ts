import { elementCount } from "../../tensor/index.ts";
import type { Emitter, Ref } from "../emitter.ts";
import type { RuleCall } from "../rule.ts";
import type { Window } from "./window.ts";

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
 * Gradient of a convolution's weights: for each position in the kernel, one side is shifted and multiplied with the other over all
 * windows. A convolution with swapped axes computes the same, two to three times slower; laying the shifted sides out as one matrix
 * (im2col) costs a further copy. At stride 1 either side can be shifted, so the one with fewer channels is.
 */
export function weightGradient(call: RuleCall, sides: Sides, window: Window): Ref {
  const { emit, dtype } = call;
  const { wideDims, narrowDims, weight } = sides;
  const { group, strides, kernel } = window;
  if (group > 1) return grouped(call, sides, window);
  const [wide, narrow] = [channelsFirst(emit, sides.wide, wideDims), channelsFirst(emit, sides.narrow, narrowDims)];
  if (elementCount(kernel) === 1 && isPlain(window)) {
    return emit.reshape(emit.op("Gemm", [narrow.matrix(), wide.matrix()], { transB: 1 }), weight);
  }
  const stepless = strides.every((stride) => stride === 1);
  const products =
    stepless && narrow.channels < wide.channels
      ? shiftedNarrow(emit, narrow, wideDims, window, dtype).map((shifted) => [wide.matrix(), shifted] as const)
      : shiftedWide(emit, wide, narrowDims, window, dtype).map((shifted) => [shifted, narrow.matrix()] as const);
  const parts = products.map((pair) => emit.op("Gemm", pair, { transB: 1 }));
  const all = emit.reshape(emit.op("Concat", parts, { axis: 0 }), [parts.length, wide.channels, narrow.channels]);
  return emit.reshape(emit.transpose(all, [2, 1, 0]), weight);
}

function isPlain({ strides, before, after }: Window): boolean {
  return strides.every((stride) => stride === 1) && [...before, ...after].every((amount) => amount === 0);
}

/** One side of a convolution with its channels in front. */
interface Side {
  /** [channels, batch, …spatial] */
  readonly ref: Ref;
  readonly channels: number;
  readonly batch: number;
  readonly spatial: readonly number[];
  /** [channels, batch · positions] */
  matrix(): Ref;
}

function channelsFirst(emit: Emitter, x: Ref, dims: readonly number[]): Side {
  const [batch, channels, ...spatial] = dims as [number, number, ...number[]];
  const ref = emit.transpose(x, [1, 0, ...spatial.map((_, i) => i + 2)]);
  const flat = emit.reshape(ref, [channels, batch * elementCount(spatial)]);
  return { ref, channels, batch, spatial, matrix: () => flat };
}

/** For each position in the kernel, what the windows read there: matrices [channels, windows]. */
function shiftedWide(
  emit: Emitter,
  side: Side,
  narrowDims: readonly number[],
  window: Window,
  dtype: RuleCall["dtype"],
): Ref[] {
  const { kernel, strides, dilations, before, after } = window;
  const count = narrowDims.slice(2);
  const padded = emit.pad(side.ref, [0, 0, ...before], [0, 0, ...after], dtype);
  return offsets(kernel).map((offset) => {
    const starts = offset.map((at, i) => at * dilations[i]!);
    const ends = starts.map((start, i) => start + (count[i]! - 1) * strides[i]! + 1);
    const piece = emit.slice(
      padded,
      starts,
      ends,
      starts.map((_, i) => i + 2),
      strides,
    );
    return emit.reshape(piece, [side.channels, side.batch * elementCount(count)]);
  });
}

/** For each position in the kernel, which window reads each place of the wide side with it: matrices [channels, places]. */
function shiftedNarrow(
  emit: Emitter,
  side: Side,
  wideDims: readonly number[],
  window: Window,
  dtype: RuleCall["dtype"],
): Ref[] {
  const { kernel, dilations, before } = window;
  const reach = kernel.map((size, i) => (size - 1) * dilations[i]!);
  const places = wideDims.slice(2);
  const front = reach.map((length, i) => length - before[i]!);
  const back = places.map((length, i) => length + reach[i]! - front[i]! - side.spatial[i]!);
  const padded = emit.pad(side.ref, [0, 0, ...front], [0, 0, ...back], dtype);
  return offsets(kernel).map((offset) => {
    const starts = offset.map((at, i) => reach[i]! - at * dilations[i]!);
    const piece = emit.slice(
      padded,
      starts,
      starts.map((start, i) => start + places[i]!),
      starts.map((_, i) => i + 2),
    );
    return emit.reshape(piece, [side.channels, side.batch * elementCount(places)]);
  });
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
