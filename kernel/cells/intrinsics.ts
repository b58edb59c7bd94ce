/** What the language itself provides: used directly, unless a cell has declared the name. */
export const intrinsics: ReadonlySet<string> = new Set(
  `undefined NaN Infinity globalThis Object Function Array Number parseFloat parseInt isNaN isFinite Boolean String Symbol BigInt Promise
  RegExp Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError JSON Math Intl ArrayBuffer
  SharedArrayBuffer Atomics DataView Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float16Array Float32Array
  Float64Array Uint8ClampedArray BigUint64Array BigInt64Array Map Set WeakMap WeakSet WeakRef Iterator Proxy Reflect
  FinalizationRegistry decodeURI decodeURIComponent encodeURI encodeURIComponent`.split(/\s+/),
);
