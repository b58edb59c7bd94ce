import { z } from "zod";
import { complianceMode, licenceClass } from "./compliance.ts";
import { media } from "./media.ts";

/** What a researcher wants to know about anything that a model made. */
export const generationFacts = {
  prompt: z.string().optional(),
  negativePrompt: z.string().optional(),
  seed: z.number().optional(),
  model: z.string().optional(),
  loras: z.array(z.strictObject({ name: z.string(), weight: z.number() })).optional(),
  mode: complianceMode.optional(),
  licenceClass: licenceClass.optional(),
  /** Free short facts, shown as badges: metric values, step counts. */
  badges: z.record(z.string(), z.string()).optional(),
};

const captionFacts = {
  /** Alternative text, for screen readers and the fallback. */
  alt: z.string().default(""),
  /** A short name that tells it from what is shown beside it. */
  label: z.string().optional(),
  ...generationFacts,
};
const pixels = z.number().int().positive().max(65_535);
/** Seconds. */
const seconds = z.number().nonnegative().max(1e7);
const count = z.number().int().nonnegative();

/** One film. What its container does not tell is left out. */
export const videoItem = z.strictObject({
  media,
  /** A still of it. */
  poster: media.optional(),
  width: pixels.optional(),
  height: pixels.optional(),
  duration: seconds.optional(),
  /** Frames per second. */
  fps: z.number().positive().max(1000).optional(),
  /** How many frames it has. */
  frames: count.optional(),
  /** Names of the codecs, as containers name them: `vp9`, `avc`, `opus`. */
  codecs: z.array(z.string()).optional(),
  ...captionFacts,
});
export type VideoItem = z.infer<typeof videoItem>;

/** `application/vnd.assay.video.v1+json`: one film, or several that play in step. */
export const videoOutput = z.strictObject({
  title: z.string().optional(),
  /** Begins again at the end. */
  loop: z.boolean().optional(),
  items: z.array(videoItem).min(1),
});
export type VideoOutput = z.infer<typeof videoOutput>;

/** One recording. What its container does not tell is left out. */
export const audioItem = z.strictObject({
  media,
  duration: seconds.optional(),
  /** Samples per second. */
  sampleRate: z.number().positive().max(1e6).optional(),
  channels: z.number().int().positive().max(256).optional(),
  codecs: z.array(z.string()).optional(),
  /** What is said in it. */
  transcript: z.string().optional(),
  ...captionFacts,
});
export type AudioItem = z.infer<typeof audioItem>;

/** `application/vnd.assay.audio.v1+json`: one recording, or several under each other on one time axis. */
export const audioOutput = z.strictObject({
  title: z.string().optional(),
  /** What is drawn at first. */
  view: z.enum(["waveform", "spectrogram", "both"]).optional(),
  items: z.array(audioItem).min(1),
});
export type AudioOutput = z.infer<typeof audioOutput>;

const point = z.tuple([z.number(), z.number(), z.number()]);

/** One 3D object, a GLB that needs no other file. */
export const meshItem = z.strictObject({
  media,
  /** A picture of it. */
  poster: media.optional(),
  vertices: count.optional(),
  triangles: count.optional(),
  /** Points that belong to no face: a point cloud has only these. */
  points: count.optional(),
  materials: count.optional(),
  /** The box around it in the units of the file. */
  bounds: z.strictObject({ min: point, max: point }).optional(),
  ...captionFacts,
});
export type MeshItem = z.infer<typeof meshItem>;

/** `application/vnd.assay.mesh.v1+json`: one object, or several side by side that turn together. */
export const meshOutput = z.strictObject({
  title: z.string().optional(),
  items: z.array(meshItem).min(1),
});
export type MeshOutput = z.infer<typeof meshOutput>;
