import { AsyncLocalStorage } from "node:async_hooks";
import { join } from "node:path";
import type { CellContext } from "../protocol/cell-context.ts";
import type { Output } from "../protocol/outputs.ts";

const current = new AsyncLocalStorage<CellContext>();

/** Runs `body` with `context` as the surroundings that the SDK sees, also in everything asynchronous that `body` starts. */
export function withContext<T>(context: CellContext, body: () => T): T {
  return current.run(context, body);
}

let fallback: CellContext | undefined;

/** The surroundings of the code that calls: the running cell's, or outside a kernel a default that prints to the console. */
export function cellContext(): CellContext {
  const bound = current.getStore();
  if (bound) return bound;
  fallback ??= standAlone();
  return fallback;
}

/** What a plain Node script gets: output on the console, no record, `.assay/` in the working folder for artifacts. */
function standAlone(): CellContext {
  return {
    mode: "open_source_only",
    seed: 0,
    randomKey: "stand-alone",
    storeFolder: join(process.cwd(), ".assay"),
    baseFolder: process.cwd(),
    signal: new AbortController().signal,
    inlineLimit: 65_536,
    emit: print,
    record: () => {},
    ask: ({ message }) => Promise.reject(new Error(`${message}: there is nobody to ask outside a notebook`)),
  };
}

function print(output: Output): void {
  if (output.type === "stream") (output.name === "stdout" ? process.stdout : process.stderr).write(output.text);
  else if (output.type === "display" || output.type === "result") {
    const text = output.data["text/plain"];
    const update = output.type === "display" && output.update;
    if (typeof text === "string" && !update) console.log(text);
  } else if (output.type === "error") console.error(output.traceback.join("\n"));
}
