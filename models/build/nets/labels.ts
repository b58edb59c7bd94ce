import { COLOURS, GROUNDS, type SceneSpec, SHAPES, SKIES, STYLES } from "../scenes/index.ts";

/** One question about a picture: its name, and the possible answers. */
export interface Question {
  readonly name: string;
  readonly answers: readonly (string | number)[];
}

/** The questions, in the order of the logits: the second object's are asked only of pictures with two. */
export const QUESTIONS: readonly Question[] = [
  { name: "objects", answers: [1, 2] },
  { name: "shape 1", answers: SHAPES },
  { name: "colour 1", answers: COLOURS },
  { name: "shape 2", answers: SHAPES },
  { name: "colour 2", answers: COLOURS },
  { name: "style", answers: STYLES },
  { name: "ground", answers: GROUNDS },
  { name: "sky", answers: SKIES },
];

/** Number of logits of all questions together. */
export const LOGITS = QUESTIONS.reduce((sum, question) => sum + question.answers.length, 0);

/** The right answer to each question as its index; −1 where the question does not arise. */
export function answersOf(scene: SceneSpec): number[] {
  const [first, second] = scene.objects;
  const facts: readonly (string | number | undefined)[] = [
    scene.objects.length,
    first?.shape,
    first?.colour,
    second?.shape,
    second?.colour,
    scene.style,
    scene.ground,
    scene.sky,
  ];
  return QUESTIONS.map(({ answers }, index) => answers.indexOf(facts[index] ?? ""));
}

/** One-hot answers of a scene, {@link LOGITS} numbers; all zero where a question does not arise. */
export function oneHotAnswers(scene: SceneSpec): Float32Array {
  const row = new Float32Array(LOGITS);
  let offset = 0;
  for (const [index, answer] of answersOf(scene).entries()) {
    if (answer >= 0) row[offset + answer] = 1;
    offset += QUESTIONS[index]!.answers.length;
  }
  return row;
}

/** The most likely answer to each question, as its index. */
export function readAnswers(logits: ArrayLike<number>, start = 0): number[] {
  let offset = start;
  return QUESTIONS.map(({ answers }) => {
    let best = 0;
    for (let i = 1; i < answers.length; i++) if (logits[offset + i]! > logits[offset + best]!) best = i;
    offset += answers.length;
    return best;
  });
}
