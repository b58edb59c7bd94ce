import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { writeAtomically } from "../../../kernel/sdk/onnx/index.ts";
import { Random } from "../../../kernel/sdk/tensor/index.ts";
import type { ProgressLine } from "../progress.ts";
import { captionOf, FAR_DEPTH, renderScene, type SceneChoices, type SceneSpec, sampleScene } from "../scenes/index.ts";

/** Width and height of every picture. */
export const PICTURE_SIZE = 64;
/** Bytes of one picture. */
export const PICTURE_BYTES = PICTURE_SIZE * PICTURE_SIZE * 3;
/** Bytes of one depth map. */
export const DEPTH_BYTES = PICTURE_SIZE * PICTURE_SIZE;

/** What a set of scenes is drawn from. */
export interface CorpusSpec {
  readonly name: string;
  readonly count: number;
  readonly choices: SceneChoices;
}

/** Scenes, their pictures and depth maps. Style and caption of picture i are those of scene i. */
export interface Corpus {
  readonly scenes: readonly SceneSpec[];
  /** One picture after another, {@link PICTURE_BYTES} each. */
  readonly pixels: Uint8Array;
  /** One map after another, {@link DEPTH_BYTES} each: see {@link depthByte}. */
  readonly depth: Uint8Array;
}

/** What a rendering worker is told. */
export interface RenderJob {
  readonly spec: CorpusSpec;
  readonly pixels: SharedArrayBuffer;
  readonly depth: SharedArrayBuffer;
  readonly from: number;
  readonly to: number;
}

/** Scene number `index` of a corpus; it depends on nothing else. */
export function sceneAt(spec: CorpusSpec, index: number): SceneSpec {
  const random = new Random(`corpus/${spec.name}/${index}`);
  return sampleScene(() => random.uniform(), spec.choices);
}

/** A distance as MiDaS-like depth maps have it: nearer is brighter, in equal steps of inverse distance; 0 is the sky. */
export function depthByte(distance: number): number {
  const nearest = 2;
  const share = (1 / distance - 1 / FAR_DEPTH) / (1 / nearest - 1 / FAR_DEPTH);
  return Math.round(255 * Math.min(1, Math.max(0, share)));
}

/**
 * Renders a corpus with two worker threads, or reads it from `folder` where an earlier run left it: pictures as `.rgb`, depth maps
 * as `.depth`, and a line of JSON per picture with its caption and style as `.jsonl`.
 */
export async function loadCorpus(spec: CorpusSpec, folder: string, progress: ProgressLine): Promise<Corpus> {
  const scenes = scenesOf(spec);
  const file = (kind: string) => join(folder, `corpus-${spec.name}-${spec.count}.${kind}`);
  if (["rgb", "depth", "jsonl"].every((kind) => existsSync(file(kind))))
    return { scenes, pixels: readFileSync(file("rgb")), depth: readFileSync(file("depth")) };
  const shared = {
    pixels: new SharedArrayBuffer(spec.count * PICTURE_BYTES),
    depth: new SharedArrayBuffer(spec.count * DEPTH_BYTES),
  };
  const started = performance.now();
  let done = 0;
  const workers = 2;
  await Promise.all(
    Array.from({ length: workers }, (_, index) => {
      const from = Math.floor((spec.count * index) / workers);
      const to = Math.floor((spec.count * (index + 1)) / workers);
      return renderRange({ spec, ...shared, from, to }, (count) => {
        done += count;
        progress({ stage: `corpus ${spec.name}`, step: done, steps: spec.count, started });
      });
    }),
  );
  const corpus = {
    scenes,
    pixels: Uint8Array.from(new Uint8Array(shared.pixels)),
    depth: Uint8Array.from(new Uint8Array(shared.depth)),
  };
  const lines = scenes.map((scene) =>
    JSON.stringify({ synthetic: true, style: scene.style, caption: captionOf(scene) }),
  );
  writeAtomically(file("depth"), [corpus.depth]);
  writeAtomically(file("jsonl"), [Buffer.from(`${lines.join("\n")}\n`)]);
  writeAtomically(file("rgb"), [corpus.pixels]);
  return corpus;
}

/** Renders a small corpus in this thread, without keeping it. */
export function renderCorpus(spec: CorpusSpec): Corpus {
  const scenes = scenesOf(spec);
  const rendered = scenes.map((scene) => renderScene(scene, { size: PICTURE_SIZE }));
  return {
    scenes,
    pixels: Buffer.concat(rendered.map(({ rgb }) => rgb)),
    depth: Buffer.concat(rendered.map(({ depth }) => Uint8Array.from(depth, depthByte))),
  };
}

function scenesOf(spec: CorpusSpec): SceneSpec[] {
  return Array.from({ length: spec.count }, (_, index) => sceneAt(spec, index));
}

function renderRange(job: RenderJob, tick: (count: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./render-worker.ts", import.meta.url), { workerData: job });
    worker.on("message", (count: number) => tick(count));
    worker.on("error", reject);
    worker.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`a rendering worker ended with ${code}`))));
  });
}
