import type { Uniform } from "./sample-scene.ts";
import type { SceneObject, SceneSpec } from "./words.ts";

/** Which parts of a caption are said. */
export interface CaptionClauses {
  readonly ground?: boolean;
  readonly sky?: boolean;
  readonly style?: boolean;
  /** How two objects are related: "left of" (default), or "beside" in either order. */
  readonly relation?: "left of" | "beside";
  /** Names the right object first; only meaningful with "beside". */
  readonly swap?: boolean;
}

/** Says a scene in words: "a blue cone left of a red torus on sand ground under a night sky, flat style". */
export function captionOf(scene: SceneSpec, clauses: CaptionClauses = {}): string {
  const names = scene.objects.map(nameOf);
  const relation = clauses.relation ?? "left of";
  if (clauses.swap && relation === "beside") names.reverse();
  let caption = names.join(` ${relation} `);
  if (clauses.ground !== false) caption += ` on ${scene.ground} ground`;
  if (clauses.sky !== false) caption += ` under a ${scene.sky} sky`;
  if (clauses.style !== false) caption += `, ${scene.style} style`;
  return caption;
}

/** A caption as training uses it: each clause left out with probability `drop`, one relation in five "beside" in random order. */
export function randomCaption(scene: SceneSpec, random: Uniform, drop = 0.12): string {
  const ground = random() >= drop;
  const sky = random() >= drop;
  const style = random() >= drop;
  const relation = random() < 0.2 ? "beside" : "left of";
  return captionOf(scene, { ground, sky, style, relation, swap: random() < 0.5 });
}

function nameOf(object: SceneObject): string {
  return `${object.colour === "orange" ? "an" : "a"} ${object.colour} ${object.shape}`;
}
