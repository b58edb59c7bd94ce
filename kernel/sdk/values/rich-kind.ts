import { types } from "node:util";
import { isBytes, pixelSize, tableSize } from "./kind.ts";
import { className, inherited, isObject, keysOf, ownData, ownProperty, prototypeOf } from "./own.ts";

/** Values that are shown as something else than a tree, known by what they hold. */
export type RichKind =
  | "arrow"
  | "canvas"
  | "encoded-image"
  | "pixels"
  | "plotly"
  | "raw-image"
  | "records"
  | "sharp"
  | "element"
  | "vega"
  | "vega-lite";

/** Which rich kind a value is, from data alone: cheap enough to be asked of every value. */
export function richKindOf(value: object): RichKind | undefined {
  if (!isObject(value)) return undefined;
  if (isBytes(value)) return imageType(value) ? "encoded-image" : undefined;
  if (pixelSize(value)) return "pixels";
  if (tableSize(value)) return "arrow";
  const data = ownData(value, "data");
  if (isBytes(data) && isObject(ownData(value, "info"))) return "raw-image";
  const name = className(value);
  if (name === "Sharp" && hasMethod(value, "toBuffer") && isObject(ownData(value, "options"))) return "sharp";
  if (isPlain(value)) return plotKind(value, data);
  if (hasMethod(value, "toDataURL")) return "canvas";
  if (hasMethod(value, "toRecords") && name === "DataFrame") return "records";
  return /^(HTML|SVG)\w*Element$/.test(name) ? "element" : undefined;
}

function plotKind(value: object, data: unknown): RichKind | undefined {
  const schema = ownData(value, "$schema");
  if (typeof schema === "string") {
    if (/\/vega-lite\/v\d/.test(schema)) return "vega-lite";
    if (/\/vega\/v\d/.test(schema)) return "vega";
  }
  return Array.isArray(data) && !types.isProxy(data) && isFigure(value, data) ? "plotly" : undefined;
}

const figureKeys = new Set<PropertyKey>(["data", "layout", "config", "frames"]);
const traceKeys = ["x", "y", "z", "values", "labels", "r", "theta", "lat", "lon", "a", "header", "cells", "value"];

/** `{ data: [trace, …], layout? }` and nothing else, where each trace has a type and data, or there is a layout. */
function isFigure(value: object, data: readonly unknown[]): boolean {
  if (data.length === 0 || !keysOf(value).every((key) => figureKeys.has(key))) return false;
  const layout = ownData(value, "layout");
  const titled = isObject(layout) && !Array.isArray(layout);
  return data.every((trace) => {
    if (!isObject(trace) || !isPlain(trace)) return false;
    const typed = typeof ownData(trace, "type") === "string";
    const hasData = traceKeys.some((key) => isList(ownData(trace, key)));
    return hasData && (typed || titled);
  });
}

function isList(value: unknown): boolean {
  return (Array.isArray(value) && !types.isProxy(value)) || types.isTypedArray(value) || isObject(value);
}

/** Made by `{…}`, in this realm or another. */
export function isPlain(value: object): boolean {
  if (Array.isArray(value) || typeof value !== "object") return false;
  const prototype = prototypeOf(value);
  return prototype === null || (prototype !== undefined && ownProperty(prototype, "isPrototypeOf") !== undefined);
}

function hasMethod(value: object, name: string): boolean {
  return typeof inherited(value, name).next().value === "function";
}

const mimeKey = /^(text|image|audio|video|model|font|application)\/[\w.+-]+$/;

/** Content by MIME type, as other kernels take it: an object whose keys are all MIME types. */
export function isMimeBundle(value: object): boolean {
  if (!isObject(value) || !isPlain(value)) return false;
  const keys = keysOf(value);
  return keys.length > 0 && keys.length <= 20 && keys.every((key) => typeof key === "string" && mimeKey.test(key));
}

/** The type of an encoded image by how its bytes begin. */
export function imageType(bytes: Uint8Array | Uint8ClampedArray): string | undefined {
  if (bytes.length < 12) return undefined;
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  const head = text(0, 12);
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (/^GIF8[79]a/.test(head)) return "image/gif";
  if (head.startsWith("RIFF") && head.endsWith("WEBP")) return "image/webp";
  if (/^ftypavi[fs]$/.test(head.slice(4))) return "image/avif";
  const start = text(0, Math.min(bytes.length, 400)).replace(/^(\xef\xbb\xbf)?\s*/, "");
  return /^(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*|<!DOCTYPE svg[^>]*>\s*)*<svg[\s>]/.test(start)
    ? "image/svg+xml"
    : undefined;
}
