import type { Value } from "../../../kernel/sdk/onnx/index.ts";
import { conv, gemm, silu } from "./layers.ts";
import type { Net } from "./net.ts";

/** Width of the features that {@link imageFeatures} gives. */
export const FEATURES = 128;

/** A small convolutional net on pictures [B, 3, 64, 64] in −1…1: features [B, 128]. The judge and the CLIP pair each train their own. */
export function imageFeatures(net: Net, pixels: Value): Value {
  let x = net.op("SpaceToDepth", [pixels], { blocksize: 2 });
  const layers: readonly [inputs: number, outputs: number, stride: number][] = [
    [12, 32, 1],
    [32, 64, 2],
    [64, 64, 1],
    [64, 96, 2],
    [96, 96, 1],
    [96, 128, 2],
  ];
  for (const [index, [inputs, outputs, stride]] of layers.entries()) {
    const deviation = Math.sqrt(2 / (inputs * 9));
    x = silu(
      net,
      net.scope(`layers.${index}.conv`, () => conv(net, x, inputs, outputs, { stride, deviation })),
    );
  }
  x = net.op("Reshape", [x, net.g.ints(0, -1)]);
  return net.scope("features", () => gemm(net, x, 128 * 16, FEATURES));
}

/** What can be told from a picture, in the order of {@link imageHeads}' logits; `absent` ones count nothing when there is one object. */
export function imageHeads(net: Net, features: Value, width: number): Value {
  return net.scope("heads", () => gemm(net, silu(net, features), FEATURES, width));
}
