import { problem } from "../errors.ts";
import type { Image } from "../media/index.ts";
import { defaultEncoder, type FeatureEncoder } from "./features.ts";
import { Measure, measured } from "./measure.ts";
import { type BootstrapOptions, bootstrapMean } from "./statistics.ts";

export interface ClipScoreOptions extends BootstrapOptions {
  /** Default: the embedded tiny-clip. */
  readonly encoder?: FeatureEncoder;
  /** Written before each prompt. The paper has "A photo depicts " for ViT-B/32; the tiny encoder's words do without. Default "". */
  readonly prefix?: string;
  readonly label?: string;
}

/** A CLIPScore with the score of each picture. */
export class ClipScore extends Measure {
  /** One score a picture, in order: for paired differences between models at equal prompts and seeds. */
  readonly scores: readonly number[];

  constructor(contents: ConstructorParameters<typeof Measure>[0], scores: readonly number[]) {
    super(contents);
    this.scores = scores;
  }
}

/**
 * CLIPScore (Hessel et al. 2021): 2.5·max(cos, 0) between picture and prompt, averaged, with a bootstrap interval over pictures.
 * Named after its encoder: values of different encoders do not compare.
 *
 * @param prompts one a picture, or one for all; default the prompt in each picture's facts
 */
export async function clipScore(
  images: readonly Image[],
  prompts?: string | readonly string[],
  options: ClipScoreOptions = {},
): Promise<ClipScore> {
  const texts = promptsOf(images, prompts);
  const encoder = options.encoder ?? defaultEncoder();
  const distinct = [...new Set(texts)];
  const pictures = await encoder.images(images);
  const words = await encoder.texts(distinct.map((text) => (options.prefix ?? "") + text));
  const d = pictures.dims[1]!;
  const scores = texts.map((text, i) => {
    const cosine = cosineOf(pictures.data, i * d, words.data, distinct.indexOf(text) * d, d);
    return 2.5 * Math.max(cosine, 0);
  });
  const facts = { ...(options.label === undefined ? {} : { label: options.label }), n: images.length };
  return measured(
    new ClipScore({ name: `CLIPScore (${encoder.id})`, ...bootstrapMean(scores, options), facts }, scores),
  );
}

function promptsOf(images: readonly Image[], prompts: string | readonly string[] | undefined): string[] {
  if (images.length === 0) throw problem.wrongOption("images", "an empty list", "at least one picture");
  if (typeof prompts === "string") return images.map(() => prompts);
  const found = prompts ?? images.map(({ facts }) => facts.prompt);
  if (found.length !== images.length)
    throw problem.wrongOption(
      "prompts",
      `a list of ${found.length}`,
      `one prompt for each of the ${images.length} pictures`,
    );
  return found.map((prompt, i) => {
    if (typeof prompt === "string") return prompt;
    throw problem.wrongOption(
      "prompts",
      `missing for picture ${i + 1}`,
      "given, where the picture's facts have no prompt",
    );
  });
}

function cosineOf(a: ArrayLike<number>, from: number, b: ArrayLike<number>, start: number, length: number): number {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < length; i++) {
    const [x, y] = [a[from + i]!, b[start + i]!];
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb);
}
