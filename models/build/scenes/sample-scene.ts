import {
  COLOURS,
  type Colour,
  GROUNDS,
  isHeldOutPair,
  type SceneObject,
  type SceneSpec,
  SHAPES,
  type Shape,
  SKIES,
  STYLES,
  type Style,
} from "./words.ts";

/** A source of uniform numbers in [0, 1). */
export type Uniform = () => number;

/** What {@link sampleScene} may draw; everything defaults to "anything". */
export interface SceneChoices {
  readonly styles?: readonly Style[];
  /** Share of scenes with two objects, 0 to 1; default 0.4. */
  readonly twoObjects?: number;
  /** Shape–colour pairs: any, never a held-out one, or at least one object of a held-out pair. Default any. */
  readonly pairs?: "any" | "seen" | "held-out";
}

/** Draws a random scene; the same numbers from `random` give the same scene. */
export function sampleScene(random: Uniform, choices: SceneChoices = {}): SceneSpec {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const count = random() < (choices.twoObjects ?? 0.4) ? 2 : 1;
  const objects: SceneObject[] = [];
  const heldOutAt = choices.pairs === "held-out" ? Math.floor(random() * count) : -1;
  for (let index = 0; index < count; index++) {
    const [shape, colour] = pickPair(pick, choices.pairs ?? "any", index === heldOutAt);
    objects.push(placeObject(random, shape, colour, count, index));
  }
  return {
    objects,
    ground: pick(GROUNDS),
    sky: pick(SKIES),
    style: pick(choices.styles ?? STYLES),
    light: -0.9 + 0.3 * random(),
    texture: Math.floor(random() * 2 ** 31),
  };
}

/** Puts an object where scene `index` of `count` objects (left to right) has it, with a little freedom. */
export function placeObject(random: Uniform, shape: Shape, colour: Colour, count: number, index: number): SceneObject {
  const side = count === 1 ? 0 : index === 0 ? -0.74 : 0.74;
  const freedom = count === 1 ? 0.4 : 0.06;
  const turn = shape === "torus" ? -0.25 + 0.5 * random() : Math.PI / 4 + (random() - 0.5) * 0.7;
  return {
    shape,
    colour,
    x: side + (2 * random() - 1) * freedom,
    z: (2 * random() - 1) * 0.15 + (count === 1 ? 0.1 : 0),
    size: count === 1 ? 1.45 + 0.35 * random() : 1.14 + 0.16 * random(),
    yaw: turn,
  };
}

function pickPair(
  pick: <T>(list: readonly T[]) => T,
  pairs: "any" | "seen" | "held-out",
  mustBeHeldOut: boolean,
): [Shape, Colour] {
  for (;;) {
    const shape = pick(SHAPES);
    const colour = pick(COLOURS);
    const heldOut = isHeldOutPair(shape, colour);
    if (mustBeHeldOut && !heldOut) continue;
    if (pairs === "seen" && heldOut) continue;
    return [shape, colour];
  }
}
