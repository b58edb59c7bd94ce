import { Random } from "../../../kernel/sdk/tensor/index.ts";
import { BASE_STYLES, captionOf, type SceneSpec, sampleScene } from "../scenes/index.ts";

/** Scenes to ask for: half of them hold a shape–colour pair that training never saw together; in each half every other has two objects. */
export function promptScenes(count: number, seed: string): SceneSpec[] {
  const random = new Random(seed);
  return Array.from({ length: count }, (_, index) =>
    sampleScene(() => random.uniform(), {
      styles: BASE_STYLES,
      pairs: index % 2 === 0 ? "seen" : "held-out",
      twoObjects: index % 4 < 2 ? 0 : 1,
    }),
  );
}

/** The full captions of scenes. */
export function promptsOf(scenes: readonly SceneSpec[]): string[] {
  return scenes.map((scene) => captionOf(scene));
}
