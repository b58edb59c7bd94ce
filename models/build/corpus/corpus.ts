import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { writeAtomically } from "../../../kernel/sdk/onnx/index.ts";
import { Random } from "../../../kernel/sdk/tensor/index.ts";
import type { ProgressLine } from "../progress.ts";
import { renderScene, type SceneChoices, type SceneSpec, sampleScene } from "../scenes/index.ts";

/** Width and height of every picture. */
export const PICTURE_SIZE = 64;
/** Bytes of one picture. */
export const PICTURE_BYTES = PICTURE_SIZE * PICTURE_SIZE * 3;

/** What a set of scenes is drawn from. */
export interface CorpusSpec {
  readonly name: string;
  readonly count: number;
  readonly choices: SceneChoices;
}

/** Scenes and their pictures. */
export interface Corpus {
  readonly scenes: readonly SceneSpec[];
  /** One picture after another, {@link PICTURE_BYTES} each. */
  readonly pixels: Uint8Array;
}

/** What a rendering worker is told. */
export interface RenderJob {
  readonly spec: CorpusSpec;
  readonly pixels: SharedArrayBuffer;
  readonly from: number;
  readonly to: number;
}

/** Scene number `index` of a corpus; it depends on nothing else. */
export function sceneAt(spec: CorpusSpec, index: number): SceneSpec {
  const random = new Random(`corpus/${spec.name}/${index}`);
  return sampleScene(() => random.uniform(), spec.choices);
}

/** Renders a corpus with two worker threads, or reads it from `folder` where an earlier run left it. */
export async function loadCorpus(spec: CorpusSpec, folder: string, progress: ProgressLine): Promise<Corpus> {
  const scenes = Array.from({ length: spec.count }, (_, index) => sceneAt(spec, index));
  const file = join(folder, `corpus-${spec.name}-${spec.count}.rgb`);
  if (existsSync(file)) return { scenes, pixels: readFileSync(file) };
  const shared = new SharedArrayBuffer(spec.count * PICTURE_BYTES);
  const started = performance.now();
  let done = 0;
  const workers = 2;
  await Promise.all(
    Array.from({ length: workers }, (_, index) => {
      const from = Math.floor((spec.count * index) / workers);
      const to = Math.floor((spec.count * (index + 1)) / workers);
      return renderRange({ spec, pixels: shared, from, to }, (count) => {
        done += count;
        progress({ stage: `corpus ${spec.name}`, step: done, steps: spec.count, started });
      });
    }),
  );
  const pixels = Uint8Array.from(new Uint8Array(shared));
  writeAtomically(file, [pixels]);
  return { scenes, pixels };
}

/** Renders a small corpus in this thread, without keeping it. */
export function renderCorpus(spec: CorpusSpec): Corpus {
  const scenes = Array.from({ length: spec.count }, (_, index) => sceneAt(spec, index));
  return { scenes, pixels: Buffer.concat(scenes.map((scene) => renderScene(scene, { size: PICTURE_SIZE }).rgb)) };
}

function renderRange(job: RenderJob, tick: (count: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./render-worker.ts", import.meta.url), { workerData: job });
    worker.on("message", (count: number) => tick(count));
    worker.on("error", reject);
    worker.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`a rendering worker ended with ${code}`))));
  });
}
