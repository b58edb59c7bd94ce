import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Output } from "../protocol/outputs.ts";
import { mimeBundle } from "./display.ts";
import { attributedExecution } from "./execution.ts";
import type { Namespace } from "./modules/namespaces.ts";

const fromSource = import.meta.url.endsWith(".ts");
const sdkUrl = new URL(fromSource ? "../sdk/index.ts" : "./sdk.js", import.meta.url);

/** Loads the SDK: what `import … from "assay"` gives. */
export function importSdk(): Promise<Namespace> {
  return import(sdkUrl.href);
}

/** The same for `require("assay")`, without waiting. */
export function requireSdk(): Namespace {
  return createRequire(import.meta.url)(fileURLToPath(sdkUrl)) as Namespace;
}

/** Shows a value in the running cell. */
function show(value: unknown): void {
  const execution = attributedExecution();
  if (!execution) return;
  const emit = (data: Extract<Output, { type: "display" }>["data"]) =>
    execution.context.emit({ type: "display", data });
  const bundle = mimeBundle(value);
  if (bundle instanceof Promise) void bundle.then(emit);
  else emit(bundle);
}

/** The global `display`: shows plain values by itself, and loads the SDK when one of its members is used. */
export const display: unknown = new Proxy(show, {
  get: (target, key) =>
    key in Function.prototype && key !== "apply"
      ? Reflect.get(target, key)
      : Reflect.get(requireSdk().display as object, key),
});
