import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { ShowRich } from "../sdk/values/bundle.ts";
import { show } from "../sdk/values/show.ts";
import { attributedExecution } from "./execution.ts";
import type { Namespace } from "./modules/namespaces.ts";

const fromSource = import.meta.url.endsWith(".ts");
const sdkUrl = new URL(fromSource ? "../sdk/index.ts" : "./sdk.js", import.meta.url);
const richUrl = new URL(fromSource ? "../sdk/media/rich.ts" : "./rich.js", import.meta.url);

/** Loads the SDK: what `import … from "assay"` gives. */
export function importSdk(): Promise<Namespace> {
  return import(sdkUrl.href);
}

/** The same for `require("assay")`, without waiting. */
export function requireSdk(): Namespace {
  return createRequire(import.meta.url)(fileURLToPath(sdkUrl)) as Namespace;
}

/** Loads the part of the SDK that shows images, tables and charts. */
export function requireRich(): ShowRich {
  return (createRequire(import.meta.url)(fileURLToPath(richUrl)) as { showRich: ShowRich }).showRich;
}

/** Shows a value in the running cell. */
function showHere(value: unknown): void {
  const context = attributedExecution()?.context;
  if (context) show(value, { context, showRich: requireRich });
}

/** The global `display`: shows values by itself, and loads the SDK when one of its members is used. */
export const display: unknown = new Proxy(showHere, {
  get: (target, key) =>
    key in Function.prototype && key !== "apply"
      ? Reflect.get(target, key)
      : Reflect.get(requireSdk().display as object, key),
});
