import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Engine, writeAtomically } from "../../kernel/sdk/onnx/index.ts";
import { type Corpus, loadCorpus } from "./corpus/corpus.ts";
import { BASE_CORPUS, TEST_CORPUS, WIDE_CORPUS } from "./corpus/specs.ts";
import { progressPrinter } from "./progress.ts";
import { vaeEncoderModel } from "./publish/models.ts";
import { publish } from "./publish/publish.ts";
import { trainClip } from "./train/clip.ts";
import { type Labelled, trainJudge } from "./train/judge.ts";
import type { Workshop } from "./train/run-stage.ts";
import { trainUnet } from "./train/unet.ts";
import { encodeMeans, latentScale, reconstruct, trainVae } from "./train/vae.ts";

const ROOT = join(import.meta.dirname, "../..");
const STAGES = ["vae", "judge", "clip", "unet", "publish"] as const;
type StageName = (typeof STAGES)[number];

/** Steps of the UNet's training: what fits in the build's ninety minutes. */
const UNET_STEPS = 9000;

/**
 * Makes the tiny models again: renders the corpus, trains VAE, judge, CLIP pair, UNet with text encoder, measures and publishes.
 * Stops anywhere and goes on from the last checkpoint in `.cache/models`. A stage named on the command line is the last one run.
 */
async function main(): Promise<void> {
  const last = STAGES.indexOf((process.argv[2] ?? "publish") as StageName);
  if (last < 0) throw new RangeError(`name a stage to stop after: ${STAGES.join(", ")}`);
  const wanted = (stage: StageName) => STAGES.indexOf(stage) <= last;
  const folder = join(ROOT, ".cache/models");
  mkdirSync(folder, { recursive: true });
  const progress = progressPrinter();
  await using engine = new Engine();
  const workshop: Workshop = { engine, folder, progress };

  const test = await loadCorpus(TEST_CORPUS, folder, progress);
  const wide = await loadCorpus(WIDE_CORPUS, folder, progress);
  const base = await loadCorpus(BASE_CORPUS, folder, progress);

  const vae = await trainVae([base, wide], test, workshop);
  if (!wanted("judge")) return;
  const sets: Labelled[] = [base, wide, wide, await reconstructed(wide, vae, workshop)];
  const judge = await trainJudge(sets, test, workshop);
  if (!wanted("clip")) return;
  const clip = await trainClip(sets, test, workshop);
  if (!wanted("unet")) return;
  const latents = await cachedLatents(base, vae, workshop);
  const { scalingFactor } = latentScale(latents);
  const unet = await trainUnet({ steps: UNET_STEPS, corpus: base, latents, scalingFactor, vae, judge }, workshop);
  if (!wanted("publish")) return;
  await publish({ root: ROOT, vae, judge, clip, unet, scalingFactor, test, unetSteps: UNET_STEPS }, workshop);
}

/** The scenes of a corpus as the VAE gives them back. */
async function reconstructed(
  corpus: Corpus,
  vae: Parameters<typeof reconstruct>[0],
  workshop: Workshop,
): Promise<Labelled> {
  const file = join(workshop.folder, "reconstructed.rgb");
  if (existsSync(file)) return { scenes: corpus.scenes, pixels: readFileSync(file) };
  const { pixels } = await reconstruct(vae, corpus, workshop, { count: corpus.scenes.length });
  writeAtomically(file, [pixels]);
  return { scenes: corpus.scenes, pixels };
}

async function cachedLatents(
  corpus: Corpus,
  vae: Parameters<typeof vaeEncoderModel>[0],
  workshop: Workshop,
): Promise<Float32Array> {
  const file = join(workshop.folder, "latents.f32");
  if (existsSync(file)) {
    const bytes = readFileSync(file);
    return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  }
  await using encoder = await workshop.engine.load(vaeEncoderModel(vae));
  const latents = await encodeMeans(encoder, [corpus]);
  writeAtomically(file, [new Uint8Array(latents.buffer)]);
  return latents;
}

await main();
