import type { EngineSession } from "../../../kernel/sdk/onnx/index.ts";
import { chunks, pictureBatch } from "../corpus/batch.ts";
import { PICTURE_BYTES } from "../corpus/corpus.ts";
import { answersOf, LOGITS, QUESTIONS, readAnswers } from "../nets/labels.ts";
import type { SceneSpec } from "../scenes/index.ts";

/** The judge's answers to each picture, as indices in {@link QUESTIONS}. */
export async function judgePictures(judge: EngineSession, pixels: Uint8Array): Promise<number[][]> {
  const answers: number[][] = [];
  for (const indices of chunks(pixels.length / PICTURE_BYTES, 100)) {
    const { logits } = await judge.run({ pixel_values: pictureBatch(pixels, indices) });
    for (const [row] of indices.entries()) answers.push(readAnswers(logits!.data as Float32Array, row * LOGITS));
  }
  return answers;
}

/** Shares of right answers. */
export interface Score {
  /** Pictures counted. */
  readonly count: number;
  /** Every object there, its shape and its colour right. */
  readonly allRight: number;
  /** Shares of right shapes and colours over all objects. */
  readonly shape: number;
  readonly colour: number;
  readonly style: number;
  readonly ground: number;
  readonly sky: number;
}

/** Compares answers with what the scenes hold. */
export function score(scenes: readonly SceneSpec[], answers: readonly (readonly number[])[]): Score {
  const tally = { allRight: 0, shape: 0, colour: 0, style: 0, ground: 0, sky: 0, objects: 0 };
  for (const [index, scene] of scenes.entries()) {
    const right = answersOf(scene).map((answer, question) => answer < 0 || answers[index]![question] === answer);
    const at = (name: string) => right[QUESTIONS.findIndex((question) => question.name === name)]!;
    const two = scene.objects.length === 2;
    tally.objects += scene.objects.length;
    tally.shape += Number(at("shape 1")) + (two ? Number(at("shape 2")) : 0);
    tally.colour += Number(at("colour 1")) + (two ? Number(at("colour 2")) : 0);
    tally.style += Number(at("style"));
    tally.ground += Number(at("ground"));
    tally.sky += Number(at("sky"));
    const objects = ["objects", "shape 1", "colour 1", "shape 2", "colour 2"].every(at);
    tally.allRight += Number(objects);
  }
  const n = Math.max(scenes.length, 1);
  return {
    count: scenes.length,
    allRight: tally.allRight / n,
    shape: tally.shape / Math.max(tally.objects, 1),
    colour: tally.colour / Math.max(tally.objects, 1),
    style: tally.style / n,
    ground: tally.ground / n,
    sky: tally.sky / n,
  };
}
