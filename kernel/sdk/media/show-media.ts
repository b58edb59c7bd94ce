import { problem } from "../errors.ts";
import { displaySymbol, View } from "../values/displayable.ts";
import { Audio, type AudioFacts, type AudioOptions, audioBundle } from "./audio.ts";
import { Mesh, type MeshFacts, type MeshOptions, meshBundle } from "./mesh.ts";
import type { MediaOrigin } from "./read-bytes.ts";
import { Video, type VideoFacts, type VideoOptions, videoBundle } from "./video.ts";

/** A film, where one comes from, or either with facts beside it: `{ video: "walk.webm", label: "research_safe" }`. */
export type VideoLike = Video | MediaOrigin | ({ readonly video: Video | MediaOrigin } & VideoFacts);
/** A recording, where one comes from, or either with facts beside it: `{ audio: speech, label: "voice A" }`. */
export type AudioLike = Audio | MediaOrigin | ({ readonly audio: Audio | MediaOrigin } & AudioFacts);
/** A 3D object, where one comes from, or either with facts beside it: `{ mesh: "chair.glb", label: "step 2000" }`. */
export type MeshLike = Mesh | MediaOrigin | ({ readonly mesh: Mesh | MediaOrigin } & MeshFacts);

/** One, or several to be shown side by side. */
export type OneOrMore<T> = T | readonly T[];

/** A view at once where all media are read already, else when they are. */
export type Soon = View | Promise<View>;

/** Films that play in step. Facts among the options hold for each that does not bring its own. */
export function videoView(
  videos: OneOrMore<VideoLike>,
  { title, loop, ...facts }: VideoOptions & VideoFacts = {},
): Soon {
  const each = list(videos, "video").map((item) => {
    const { video, ...own } = isOrigin(item) || item instanceof Video ? { video: item } : item;
    return video instanceof Video
      ? video.with({ ...facts, ...video.facts, ...own })
      : Video.read(video, { ...facts, ...own });
  });
  return whenRead(each, (read) => new View(videoBundle(read, { title, loop })));
}

/** Recordings on one time axis. Facts among the options hold for each that does not bring its own. */
export function audioView(
  audios: OneOrMore<AudioLike>,
  { title, view, ...facts }: AudioOptions & AudioFacts = {},
): Soon {
  const each = list(audios, "audio").map((item) => {
    const { audio, ...own } = isOrigin(item) || item instanceof Audio ? { audio: item } : item;
    return audio instanceof Audio
      ? audio.with({ ...facts, ...audio.facts, ...own })
      : Audio.read(audio, { ...facts, ...own });
  });
  return whenRead(each, (read) => new View(audioBundle(read, { title, view })));
}

/** 3D objects that turn together. Facts among the options hold for each that does not bring its own. */
export function meshView(meshes: OneOrMore<MeshLike>, { title, ...facts }: MeshOptions & MeshFacts = {}): Soon {
  const each = list(meshes, "mesh").map((item) => {
    const { mesh, ...own } = isOrigin(item) || item instanceof Mesh ? { mesh: item } : item;
    return mesh instanceof Mesh
      ? mesh.with({ ...facts, ...mesh.facts, ...own })
      : Mesh.read(mesh, { ...facts, ...own });
  });
  return whenRead(each, (read) => new View(meshBundle(read, { title })));
}

/** What was given as a list, each known to be media of the kind or to name some. */
function list<T>(items: OneOrMore<T>, kind: string): readonly T[] {
  const all = Array.isArray(items) ? (items as readonly T[]) : [items as T];
  const remedy = `Give a path, bytes, or an object with ${kind}`;
  if (all.length === 0) throw problem.mediaValue(`display.${kind}`, "the list is empty", remedy);
  for (const item of all) {
    if (isOrigin(item) || (typeof item === "object" && item !== null && (displaySymbol in item || kind in item)))
      continue;
    const found = item === null ? "null" : typeof item;
    throw problem.mediaValue(
      `display.${kind}`,
      `it was given ${found === "object" ? "an object of another kind" : found}`,
      remedy,
    );
  }
  return all;
}

function isOrigin(item: unknown): item is MediaOrigin {
  return typeof item === "string" || item instanceof Uint8Array || item instanceof URL;
}

function whenRead<T>(each: readonly (T | Promise<T>)[], show: (read: readonly T[]) => View): Soon {
  return each.some((one) => one instanceof Promise) ? Promise.all(each).then(show) : show(each as readonly T[]);
}
