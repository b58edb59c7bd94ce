import { inspect } from "node:util";
import type { MimeBundle } from "../protocol/mime.ts";

const jupyterDisplay = Symbol.for("Jupyter.display");

/** Text as Node's own prompt shows a value. */
export function plainText(value: unknown): string {
  return inspect(value, { depth: 4, breakLength: 100, maxStringLength: Number.POSITIVE_INFINITY });
}

/** Content of a value by MIME type. Values may bring their own through `Symbol.for("Jupyter.display")`, also as a promise. */
export function mimeBundle(value: unknown): MimeBundle | Promise<MimeBundle> {
  const own = ownBundle(value);
  if (own instanceof Promise) return own.then((bundle) => completed(bundle, value));
  return completed(own, value);
}

function completed(bundle: unknown, value: unknown): MimeBundle {
  if (typeof bundle !== "object" || bundle === null) return { "text/plain": plainText(value) };
  return "text/plain" in bundle ? (bundle as MimeBundle) : { ...bundle, "text/plain": plainText(value) };
}

function ownBundle(value: unknown): unknown {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  const method = Reflect.get(value, jupyterDisplay);
  return typeof method === "function" ? Reflect.apply(method, value, []) : undefined;
}
