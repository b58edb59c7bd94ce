import { graphBuilder, type Model } from "../../../kernel/sdk/onnx/index.ts";
import { Random, Tensor } from "../../../kernel/sdk/tensor/index.ts";
import { holdThenLinear, warmUp } from "../../../kernel/sdk/training/index.ts";
import { pictureBatch } from "../corpus/batch.ts";
import { type Corpus, PICTURE_BYTES, PICTURE_SIZE } from "../corpus/corpus.ts";
import { judgePictures, type Score, score } from "../evaluate/judge.ts";
import { imageFeatures, imageHeads } from "../nets/image-encoder.ts";
import { LOGITS, oneHotAnswers } from "../nets/labels.ts";
import { questionLoss } from "../nets/losses.ts";
import { Net, type Weights } from "../nets/net.ts";
import { judgeModel } from "../publish/models.ts";
import type { SceneSpec } from "../scenes/index.ts";
import { latestWeights, runStage, WARM_UP, type Workshop } from "./run-stage.ts";

const BATCH = 48;
const STEPS = 2000;

/** Pictures with their scenes: renderings, or the same scenes as the VAE gives them back. */
export interface Labelled {
  readonly scenes: readonly SceneSpec[];
  readonly pixels: Uint8Array;
}

/** Trains the classifier that judges generated pictures, on renderings and on what the VAE makes of them. */
export async function trainJudge(sets: readonly Labelled[], test: Corpus, workshop: Workshop): Promise<Weights> {
  return runStage(
    {
      name: "judge",
      model: judgeGraph(),
      steps: STEPS,
      averageDecay: 0.995,
      rate: warmUp(holdThenLinear(1.5e-3, STEPS - WARM_UP, 0.4), WARM_UP),
      batch: (step) => {
        const random = new Random(`judge/${step}`);
        return labelledBatch(sets, random, BATCH);
      },
      inspect: {
        every: 500,
        run: async (step, weights) => {
          const { allRight, style } = await scoreJudge(weights, test, workshop);
          console.log(`judge step ${step}: objects right ${allRight.toFixed(4)}, style ${style.toFixed(4)}`);
        },
      },
    },
    workshop,
  );
}

/** The judge as far as it is trained. */
export function latestJudge({ folder }: Workshop): Weights | undefined {
  return latestWeights({ name: "judge", model: judgeGraph() }, folder);
}

/** How often the judge is right about pictures whose scenes are known. */
export async function scoreJudge(weights: Weights, test: Labelled, { engine }: Workshop): Promise<Score> {
  await using judge = await engine.load(judgeModel(weights));
  return score(test.scenes, await judgePictures(judge, test.pixels));
}

/** `picture` [B, 3, 64, 64] and `answers` [B, LOGITS], drawn evenly from the sets and unevenly brightened a little. */
export function labelledBatch(sets: readonly Labelled[], random: Random, count: number): Record<string, Tensor> {
  const pixels = new Uint8Array(count * PICTURE_BYTES);
  const answers = new Float32Array(count * LOGITS);
  for (let row = 0; row < count; row++) {
    const set = random.pick(sets);
    const index = random.int(set.scenes.length);
    pixels.set(set.pixels.subarray(index * PICTURE_BYTES, (index + 1) * PICTURE_BYTES), row * PICTURE_BYTES);
    answers.set(oneHotAnswers(set.scenes[index]!), row * LOGITS);
  }
  const picture = pictureBatch(
    pixels,
    Array.from({ length: count }, (_, i) => i),
  );
  disturb(picture.data, random, count);
  return { picture, answers: new Tensor("float32", [count, LOGITS], answers) };
}

/** Changes brightness and contrast of each picture a little, and adds noise. */
function disturb(data: Float32Array, random: Random, count: number): void {
  const size = data.length / count;
  for (let row = 0; row < count; row++) {
    const gain = random.uniform(0.93, 1.07);
    const lift = random.uniform(-0.05, 0.05);
    const noise = random.uniform(0, 0.05);
    for (let i = row * size; i < (row + 1) * size; i++) {
      data[i] = data[i]! * gain + lift + noise * (random.uniform() - 0.5) * 2;
    }
  }
}

export function judgeGraph(): Model {
  const g = graphBuilder({ name: "judge_training" });
  const net = new Net(g, new Random("judge"));
  const picture = g.input("picture", "float32", [BATCH, 3, PICTURE_SIZE, PICTURE_SIZE]);
  const answers = g.input("answers", "float32", [BATCH, LOGITS]);
  const logits = imageHeads(net, imageFeatures(net, picture), LOGITS);
  g.output("loss", questionLoss(net, logits, answers));
  return g.build();
}
