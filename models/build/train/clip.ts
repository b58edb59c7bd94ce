import { graphBuilder, type Model } from "../../../kernel/sdk/onnx/index.ts";
import { Random, Tensor } from "../../../kernel/sdk/tensor/index.ts";
import { holdThenLinear, warmUp } from "../../../kernel/sdk/training/index.ts";
import { pictureBatch } from "../corpus/batch.ts";
import { type Corpus, PICTURE_BYTES, PICTURE_SIZE } from "../corpus/corpus.ts";
import { retrieval } from "../evaluate/retrieval.ts";
import { tokenBatch } from "../evaluate/sample.ts";
import { imageHeads } from "../nets/image-encoder.ts";
import { LOGITS, oneHotAnswers } from "../nets/labels.ts";
import { contrastiveLoss, normalised, questionLoss, weighted } from "../nets/losses.ts";
import { Net, type Weights } from "../nets/net.ts";
import { clipImage, clipImageModel, clipText, clipTextModel } from "../publish/models.ts";
import { randomCaption } from "../scenes/index.ts";
import { TEXT_SHAPE } from "../shapes.ts";
import type { Labelled } from "./judge.ts";
import { runStage, WARM_UP, type Workshop } from "./run-stage.ts";

const BATCH = 64;
const STEPS = 1500;

/** Trains the CLIP pair: pictures and captions that belong together get alike vectors; the picture half also answers the judge's questions. */
export async function trainClip(sets: readonly Labelled[], test: Corpus, workshop: Workshop): Promise<Weights> {
  return runStage(
    {
      name: "clip",
      model: clipGraph(),
      steps: STEPS,
      averageDecay: 0.995,
      rate: warmUp(holdThenLinear(1.5e-3, STEPS - WARM_UP, 0.4), WARM_UP),
      batch: (step) => clipBatch(sets, new Random(`clip/${step}`)),
      inspect: {
        every: 500,
        run: async (step, weights) => {
          await using images = await workshop.engine.load(clipImageModel(weights));
          await using texts = await workshop.engine.load(clipTextModel(weights));
          const right = await retrieval(
            (feeds) => images.run(feeds),
            (feeds) => texts.run(feeds),
            test,
          );
          console.log(`clip step ${step}: caption found among 50 ${right.toFixed(4)}`);
        },
      },
    },
    workshop,
  );
}

export function clipBatch(sets: readonly Labelled[], random: Random): Record<string, Tensor> {
  const pixels = new Uint8Array(BATCH * PICTURE_BYTES);
  const answers = new Float32Array(BATCH * LOGITS);
  const captions: string[] = [];
  for (let row = 0; row < BATCH; row++) {
    const set = random.pick(sets);
    const index = random.int(set.scenes.length);
    const scene = set.scenes[index]!;
    pixels.set(set.pixels.subarray(index * PICTURE_BYTES, (index + 1) * PICTURE_BYTES), row * PICTURE_BYTES);
    answers.set(oneHotAnswers(scene), row * LOGITS);
    captions.push(randomCaption(scene, () => random.uniform(), 0.1));
  }
  const rows = Array.from({ length: BATCH }, (_, i) => i);
  return {
    picture: pictureBatch(pixels, rows),
    answers: new Tensor("float32", [BATCH, LOGITS], answers),
    input_ids: tokenBatch(captions),
  };
}

export function clipGraph(): Model {
  const g = graphBuilder({ name: "clip_training" });
  const net = new Net(g, new Random("clip"));
  const picture = g.input("picture", "float32", [BATCH, 3, PICTURE_SIZE, PICTURE_SIZE]);
  const ids = g.input("input_ids", "int64", [BATCH, TEXT_SHAPE.tokens]);
  const answers = g.input("answers", "float32", [BATCH, LOGITS]);
  const { embeds, features } = clipImage(net, picture);
  const logits = net.scope("questions", () => imageHeads(net, features, LOGITS));
  const scale = net.filled("logit_scale", [1], Math.log(10));
  const contrast = contrastiveLoss(net, normalised(net, embeds), normalised(net, clipText(net, ids)), scale, BATCH);
  g.output(
    "loss",
    weighted(net, [
      [1, contrast],
      [0.3, questionLoss(net, logits, answers)],
    ]),
  );
  return g.build();
}
