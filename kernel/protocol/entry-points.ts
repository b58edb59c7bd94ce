/** Processes and workers that are started by file name. */
export type EntryPoint =
  | "main"
  | "jupyter"
  | "cell"
  | "engine-worker"
  | "media-worker"
  | "interrupt-worker"
  | "language-worker";

const sources: Record<EntryPoint, string> = {
  main: "../main.ts",
  jupyter: "../jupyter/main.ts",
  cell: "../cells/entry.ts",
  "engine-worker": "../sdk/onnx/engine-worker.ts",
  "media-worker": "../sdk/media/media-worker.ts",
  "interrupt-worker": "../cells/interrupt-worker.ts",
  "language-worker": "../language/worker.ts",
};

/**
 * Where the code of a process or worker lies: the TypeScript source when this module itself runs from source (Node strips the
 * types), else the bundle of the same name beside the bundle that contains this module.
 */
export function entryPoint(name: EntryPoint): URL {
  const fromSource = import.meta.url.endsWith(".ts");
  return new URL(fromSource ? sources[name] : `./${name}.js`, import.meta.url);
}
