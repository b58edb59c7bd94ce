import { type Node, stringAttribute } from "../onnx/index.ts";

/** Whether each output element of a nearest enlargement by whole factors is a copy of the block that it lies in. */
export function copiesBlocks(node: Node, from: readonly number[], to: readonly number[]): boolean {
  const transform = stringAttribute(node, "coordinate_transformation_mode", "half_pixel");
  const rounding = stringAttribute(node, "nearest_mode", "round_prefer_floor");
  const exact =
    transform === "asymmetric" ? rounding === "floor" : /half_pixel$/.test(transform) && rounding.startsWith("round");
  return (
    stringAttribute(node, "mode", "nearest") === "nearest" && exact && from.every((dim, axis) => to[axis]! % dim === 0)
  );
}
