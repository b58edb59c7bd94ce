import { Tensor } from "../tensor/index.ts";
import type { Attribute, Graph, Node } from "./graph.ts";

/** What a graph builder accepts as an attribute: whole numbers are ints unless the attribute is known to hold floats. */
export type AttributeSpec =
  | number
  | bigint
  | string
  | boolean
  | readonly number[]
  | readonly string[]
  | Tensor
  | Graph
  | Attribute;

/** Attributes of standard and com.microsoft operators that hold floats, so that `epsilon: 1` is written as 1.0. */
const floatNames = new Set(
  "alpha beta gamma bias epsilon ratio momentum value_float value_floats scale scales spatial_scale lambd low high mean cubic_coeff_a extrapolation_value norm_coefficient softcap".split(
    " ",
  ),
);

/** Turns a loose attribute into its typed form. */
export function attribute(name: string, spec: AttributeSpec): Attribute {
  if (spec instanceof Tensor) return { type: "tensor", value: spec };
  if (typeof spec === "boolean") return { type: "int", value: Number(spec) };
  if (typeof spec === "bigint") return { type: "int", value: Number(spec) };
  if (typeof spec === "string") return { type: "string", value: spec };
  if (typeof spec === "number") {
    return floatNames.has(name) || !Number.isInteger(spec)
      ? { type: "float", value: spec }
      : { type: "int", value: spec };
  }
  if (Array.isArray(spec)) return listAttribute(name, spec as readonly number[] | readonly string[]);
  return "nodes" in spec ? { type: "graph", value: spec } : (spec as Attribute);
}

function listAttribute(name: string, list: readonly number[] | readonly string[]): Attribute {
  if (list.length > 0 && list.every((item) => typeof item === "string")) return { type: "strings", value: list };
  const numbers = list as readonly number[];
  const whole = !floatNames.has(name) && numbers.every(Number.isInteger);
  return { type: whole ? "ints" : "floats", value: numbers };
}

/** An int attribute of a node, or `fallback` where it has none. */
export function intAttribute(node: Node, name: string, fallback: number): number {
  const found = node.attributes[name];
  return found?.type === "int" ? found.value : fallback;
}

/** A float attribute of a node, or `fallback`. */
export function floatAttribute(node: Node, name: string, fallback: number): number {
  const found = node.attributes[name];
  return found?.type === "float" || found?.type === "int" ? found.value : fallback;
}

/** A string attribute of a node, or `fallback`. */
export function stringAttribute(node: Node, name: string, fallback: string): string {
  const found = node.attributes[name];
  return found?.type === "string" ? found.value : fallback;
}

/** A list of ints of a node, or undefined. */
export function intsAttribute(node: Node, name: string): readonly number[] | undefined {
  const found = node.attributes[name];
  return found?.type === "ints" ? found.value : undefined;
}
