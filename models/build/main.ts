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
/** Steps of the UNet's training: what fits in the build's ninety minutes. */
const UNET_STEPS = 6000;

/**
 * Makes the tiny models again: renders the corpus, trains VAE, judge, CLIP pair, UNet with text encoder, measures and publishes.
 * Stops anywhere and goes on from the last checkpoint in `.cache/models`. Names on the command line choose stages; what they need
 * is made before. Without names everything is made.
 */
async function main(names: readonly string[]): Promise<void> {
  const folder = join(ROOT, ".cache/models");
  mkdirSync(folder, { recursive: true });
  const progress = progressPrinter();
  await using engine = new Engine();
  const workshop: Workshop = { engine, folder, progress };

  const test = await loadCorpus(TEST_CORPUS, folder, progress);
  const wide = await loadCorpus(WIDE_CORPUS, folder, progress);
  const base = await loadCorpus(BASE_CORPUS, folder, progress);

  const vae = once(() => trainVae([base, wide], test, workshop));
  const sets = once(async () => [base, wide, wide, await reconstructed(wide, await vae(), workshop)]);
  const judge = once(async () => trainJudge(await sets(), test, workshop));
  const clip = once(async () => trainClip(await sets(), test, workshop));
  const latents = once(async () => cachedLatents(base, await vae(), workshop));
  const unet = once(async () => {
    const { scalingFactor } = latentScale(await latents());
    const training = { steps: UNET_STEPS, corpus: base, latents: await latents(), scalingFactor, vae: await vae() };
    return trainUnet(training, workshop);
  });
  const published = once(async () => {
    const trained = { vae: await vae(), judge: await judge(), clip: await clip(), unet: await unet() };
    const { scalingFactor } = latentScale(await latents());
    await publish({ root: ROOT, ...trained, scalingFactor, test, unetSteps: UNET_STEPS }, workshop);
  });

  const stages: Record<string, () => Promise<unknown>> = {
    vae,
    judge,
    clip,
    unet,
    publish: published,
  };
  for (const name of names.length > 0 ? names : ["publish"]) {
    const stage = stages[name];
    if (!stage) throw new RangeError(`there is no stage "${name}"; there are ${Object.keys(stages).join(", ")}`);
    await stage();
  }
}

/** Runs `make` at the first call only. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
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

await main(process.argv.slice(2));
