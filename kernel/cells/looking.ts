import type { AnyNode, CallExpression } from "acorn";
import { patternNames } from "./references.ts";

/** Methods of arrays, maps, sets, texts and numbers that leave their object as it is, and call nothing. */
const plain = new Set(
  `at charAt charCodeAt codePointAt concat endsWith entries flat get has includes indexOf join keys lastIndexOf padEnd padStart repeat
  slice split startsWith subarray substring toFixed toLocaleString toLowerCase toPrecision toReversed toSpliced toString toUpperCase trim
  trimEnd trimStart values with`.split(/\s+/),
);

/** Methods that leave it as it is and call a function with its members. */
const calling = new Set(
  `every filter find findIndex findLast findLastIndex flatMap forEach map reduce reduceRight some toSorted`.split(
    /\s+/,
  ),
);

/** Functions and classes of the language, and of the notebook, that change nothing that they are given. */
const harmless = new Set(
  `Boolean Number String Symbol BigInt parseFloat parseInt isNaN isFinite structuredClone encodeURIComponent encodeURI display
  Array Object Map Set WeakMap WeakSet WeakRef Date RegExp Promise Proxy Error TypeError RangeError AggregateError URL Blob Response Request Headers
  Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float16Array Float32Array Float64Array BigInt64Array
  BigUint64Array DataView ArrayBuffer TextEncoder TextDecoder fetch queueMicrotask setTimeout setInterval setImmediate`.split(
    /\s+/,
  ),
);

/** Whether a function of this name changes nothing that it is given. */
export function isHarmlessFunction(name: string): boolean {
  return harmless.has(name);
}

/** Whether a method of this name leaves its object as it is, as far as its name tells. */
export function isLookingMethod(name: string): boolean {
  return plain.has(name) || calling.has(name);
}

/**
 * True for the call of a method that only looks at its object, as far as the names tell: `rows.map((row) => row.n)`. A function that is
 * passed must be written out and not change what it gets.
 */
export function looksOnly({ callee, arguments: args }: CallExpression): boolean {
  if (callee.type !== "MemberExpression" || callee.computed || callee.property.type !== "Identifier") return false;
  const { name } = callee.property;
  return plain.has(name) || (calling.has(name) && args.every((one) => isHarmless(one)));
}

function isHarmless(node: AnyNode): boolean {
  if (node.type === "Identifier") return harmless.has(node.name);
  if (node.type !== "ArrowFunctionExpression" && node.type !== "FunctionExpression")
    return node.type !== "SpreadElement";
  const own = new Set(node.params.flatMap((one) => patternNames(one)));
  return !changes(node.body, own);
}

/** Whether code may change one of some names in place, or hands it to code that may. */
function changes(node: AnyNode, names: ReadonlySet<string>): boolean {
  const isOwn = (one: AnyNode) => names.has(rootName(one) ?? "");
  if (node.type === "AssignmentExpression" && node.left.type === "MemberExpression" && isOwn(node.left)) return true;
  if (node.type === "UpdateExpression" && node.argument.type === "MemberExpression" && isOwn(node.argument))
    return true;
  if (node.type === "UnaryExpression" && node.operator === "delete" && isOwn(node.argument)) return true;
  if (node.type === "CallExpression") {
    if (node.callee.type === "MemberExpression" && isOwn(node.callee) && !looksOnly(node)) return true;
    if (!isPrinting(node.callee) && node.arguments.some((one) => one.type === "Identifier" && names.has(one.name)))
      return true;
  }
  return Object.values(node).some((value) =>
    (Array.isArray(value) ? value : [value]).some((one) => isNode(one) && changes(one, names)),
  );
}

/** `console.log`, `Math.max`, `JSON.stringify`, `Number`. */
function isPrinting(callee: AnyNode): boolean {
  if (callee.type === "Identifier") return harmless.has(callee.name);
  return /^(console|Math|JSON|Number|String)$/.test(rootName(callee) ?? "");
}

function rootName(node: AnyNode): string | undefined {
  let at = node;
  while (at.type === "MemberExpression" || at.type === "CallExpression" || at.type === "ChainExpression")
    at = (
      at.type === "MemberExpression" ? at.object : at.type === "CallExpression" ? at.callee : at.expression
    ) as AnyNode;
  return at.type === "Identifier" ? at.name : undefined;
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}
