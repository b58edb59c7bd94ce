import { join } from "node:path";
import { readModel } from "../../../kernel/sdk/onnx/index.ts";
import { batchPixels, chunks, pictureBatch } from "../corpus/batch.ts";
import { type Corpus, PICTURE_BYTES } from "../corpus/corpus.ts";
import { writeContactSheet } from "../evaluate/contact-sheet.ts";
import { judgePictures, type Score, score } from "../evaluate/judge.ts";
import { promptScenes, promptsOf } from "../evaluate/prompts.ts";
import { average, picturePsnr } from "../evaluate/psnr.ts";
import { retrieval } from "../evaluate/retrieval.ts";
import { type Pipeline, samplePictures } from "../evaluate/sample.ts";
import { BASE_STYLES, HELD_OUT_PAIRS, isHeldOutPair, type SceneSpec, STYLES } from "../scenes/index.ts";
import type { Workshop } from "../train/run-stage.ts";
import { firstHalf } from "../train/vae.ts";

/** Everything that the cards publish, measured on the files as they are published. */
export interface Figures {
  /** PSNR in dB of the VAE on held-out renderings, by style and over all. */
  readonly psnr: Readonly<Record<string, number>>;
  /** The judge on fresh renderings, and on what the VAE makes of them. */
  readonly judgeOnRenderings: Score;
  readonly judgeOnReconstructions: Score;
  /** Generated pictures of 200 prompts, as the judge sees them. */
  readonly generated: Readonly<Record<GroupName, Score>>;
  readonly guidance: number;
  readonly steps: number;
  readonly secondsPerImage: number;
  /** How often the CLIP pair finds a picture's caption among 50. */
  readonly retrieval: number;
}

export type GroupName = "all" | "one object" | "two objects" | "seen pairs" | "held-out pairs";

const GUIDANCE = 2.5;
const STEPS = 20;
const PROMPTS = 200;

interface Published {
  readonly scenes: string;
  readonly clip: string;
  readonly test: Corpus;
  readonly scalingFactor: number;
}

/** Measures the published files; leaves `contact-sheet.png` in the workshop's folder. */
export async function measure(
  { scenes, clip, test, scalingFactor }: Published,
  { engine, folder }: Workshop,
): Promise<Figures> {
  const open = (path: string) => engine.load(readModel(path));
  await using encoder = await open(join(scenes, "vae_encoder/model.onnx"));
  await using decoder = await open(join(scenes, "vae_decoder/model.onnx"));
  await using text = await open(join(scenes, "text_encoder/model.onnx"));
  await using unet = await open(join(scenes, "unet/model.onnx"));
  await using judge = await open(join(scenes, "judge/model.onnx"));
  const pipeline: Pipeline = { text, unet, decoder, scalingFactor };

  const rebuilt = new Uint8Array(test.pixels.length);
  for (const indices of chunks(test.scenes.length, 50)) {
    const { latent_parameters } = await encoder.run({ sample: pictureBatch(test.pixels, indices) });
    const { sample } = await decoder.run({ latent_sample: firstHalf(latent_parameters!) });
    rebuilt.set(batchPixels(sample!), indices[0]! * PICTURE_BYTES);
  }
  const psnr = picturePsnr(rebuilt, test.pixels);
  const byStyle = STYLES.map((style) => {
    const own = psnr.filter((_, index) => test.scenes[index]!.style === style);
    return [style, average(own)] as const;
  });

  const asked = promptScenes(PROMPTS, "measure");
  const pixels = new Uint8Array(PROMPTS * PICTURE_BYTES);
  const prompts = promptsOf(asked);
  const batch = 16;
  let seconds = Number.POSITIVE_INFINITY;
  for (const indices of chunks(PROMPTS, batch)) {
    const started = performance.now();
    const wanted = indices.map((index) => prompts[index]!);
    const seed = `measure/${indices[0]}`;
    pixels.set(
      await samplePictures(pipeline, wanted, { guidance: GUIDANCE, steps: STEPS, seed }),
      indices[0]! * PICTURE_BYTES,
    );
    if (indices.length === batch) seconds = Math.min(seconds, (performance.now() - started) / 1000 / batch);
  }
  const answers = await judgePictures(judge, pixels);
  await writeContactSheet(join(folder, "measured.png"), pixels, { columns: 20 });
  await writeSamples(pipeline, join(folder, "contact-sheet.png"));

  await using images = await open(join(clip, "onnx/vision_model.onnx"));
  await using captions = await open(join(clip, "onnx/text_model.onnx"));
  return {
    psnr: { all: average(psnr), ...Object.fromEntries(byStyle) },
    judgeOnRenderings: score(test.scenes, await judgePictures(judge, test.pixels)),
    judgeOnReconstructions: score(test.scenes, await judgePictures(judge, rebuilt)),
    generated: groups(asked, answers),
    guidance: GUIDANCE,
    steps: STEPS,
    secondsPerImage: seconds,
    retrieval: await retrieval(
      (feeds) => images.run(feeds),
      (feeds) => captions.run(feeds),
      test,
    ),
  };
}

function groups(scenes: readonly SceneSpec[], answers: readonly (readonly number[])[]): Record<GroupName, Score> {
  const only = (keep: (scene: SceneSpec) => boolean) => {
    const rows = scenes.map((_, index) => index).filter((index) => keep(scenes[index]!));
    return score(
      rows.map((row) => scenes[row]!),
      rows.map((row) => answers[row]!),
    );
  };
  const heldOut = (scene: SceneSpec) => scene.objects.some(({ shape, colour }) => isHeldOutPair(shape, colour));
  return {
    all: only(() => true),
    "one object": only((scene) => scene.objects.length === 1),
    "two objects": only((scene) => scene.objects.length === 2),
    "seen pairs": only((scene) => !heldOut(scene)),
    "held-out pairs": only(heldOut),
  };
}

/** One row per style: the four held-out pairs alone, then four pairs of objects. */
async function writeSamples(pipeline: Pipeline, path: string): Promise<void> {
  const endings = [
    " on grass ground under a day sky",
    " on sand ground under a sunset sky",
    " on snow ground under a night sky",
  ];
  const subjects = [
    ...HELD_OUT_PAIRS.map(([shape, colour]) => `${colour === "orange" ? "an" : "a"} ${colour} ${shape}`),
    "a blue cylinder",
    "a red cone left of a blue sphere",
    "a purple torus left of a yellow cylinder",
    "an orange cube left of a green cone",
    "a yellow cube left of a green torus",
    "a red sphere left of an orange sphere",
  ];
  const prompts = BASE_STYLES.flatMap((style, row) =>
    subjects.map((subject, column) => `${subject}${endings[(row + column) % endings.length]}, ${style} style`),
  );
  const pixels = await samplePictures(pipeline, prompts, { guidance: GUIDANCE, steps: STEPS, seed: "contact sheet" });
  await writeContactSheet(path, pixels, { columns: subjects.length });
}
