import { assayMime, type MimeBundle } from "../../protocol/mime.ts";
import { type VideoItem, videoOutput } from "../../protocol/outputs.ts";
import { checkOptions } from "../options.ts";
import { type Displayable, displaySymbol } from "../values/displayable.ts";
import { figuresHtml, inlineUrl, placeholderHtml, plainLine } from "./caption.ts";
import { type Container, readContainer } from "./container.ts";
import { escapeHtml, frame } from "./html.ts";
import type { Image } from "./image.ts";
import { MediaBudget } from "./media-budget.ts";
import { type MediaOrigin, readMedia } from "./read-bytes.ts";
import { recordShown } from "./record-shown.ts";

/** What is said of a film: label, prompt, seed, model, mode, licence class, badges, alternative text, and a still of it. */
export interface VideoFacts
  extends Partial<Omit<VideoItem, "media" | "poster" | "width" | "height" | "duration" | "fps" | "frames" | "codecs">> {
  readonly poster?: Image;
}

/** A film in a container that browsers play: WebM, MP4 or Ogg. It is kept as it came; nothing is encoded anew. Shows itself in a notebook. */
export class Video implements Displayable {
  readonly bytes: Uint8Array;
  readonly mime: string;
  /** Pixels, as shown. */
  readonly width: number;
  readonly height: number;
  /** Frames per second, on average; `undefined` for a single frame. */
  readonly fps: number | undefined;
  readonly frames: number;
  /** Seconds. */
  readonly duration: number | undefined;
  /** Names of the codecs, the picture's first. */
  readonly codecs: readonly string[];
  readonly facts: VideoFacts;

  private constructor(bytes: Uint8Array, container: Container, facts: VideoFacts) {
    this.bytes = bytes;
    this.mime = container.mime;
    this.width = container.video?.width ?? 0;
    this.height = container.video?.height ?? 0;
    this.fps = container.video?.fps;
    this.frames = container.video?.frames ?? 0;
    this.duration = container.duration;
    this.codecs = container.codecs;
    this.facts = facts;
  }

  /**
   * Reads a film from bytes, a path or a `file:` URL; a relative path starts at the notebook's folder.
   *
   * @throws AssayError `file.unreadable`, `media.format`, `media.corrupt` (also where it is truncated), `media.remote`
   */
  static async read(origin: MediaOrigin, facts: VideoFacts = {}): Promise<Video> {
    const { bytes, name } = await readMedia(origin, "video");
    return new Video(bytes, await readContainer(bytes, name, "video"), facts);
  }

  /** The same film with other facts beside or in place of the present ones. */
  with(facts: VideoFacts): Video {
    const { mime, duration, codecs, width, height, frames, fps } = this;
    return new Video(
      this.bytes,
      { mime, duration, codecs, video: { width, height, frames, fps } },
      { ...this.facts, ...facts },
    );
  }

  [displaySymbol](): MimeBundle {
    return videoBundle([this]);
  }

  toString(): string {
    return plainLine(`video ${describe(this)}`, this.facts);
  }
}

export interface VideoOptions {
  readonly title?: string;
  /** Begins again at the end. Default: only films of up to ten seconds. */
  readonly loop?: boolean;
}

/** Films longer than this, in seconds, do not begin again by themselves. */
const shortFilm = 10;

/** Films that play in step: rich, as HTML, as a picture where a still is known, and as text. */
export function videoBundle(videos: readonly Video[], { title, loop }: VideoOptions = {}): MimeBundle {
  const budget = new MediaBudget();
  recordShown(videos.map(({ bytes }) => ({ bytes })));
  const items = videos.map((video): VideoItem => {
    const { poster, ...facts } = video.facts;
    const { width, height, fps, frames, duration, codecs } = video;
    return {
      media: budget.place(video.bytes, video.mime),
      ...(poster && { poster: budget.place(poster.png(), "image/png") }),
      ...{ width, height, fps, frames, duration, codecs: [...codecs] },
      licenceClass: "unknown" as const,
      ...facts,
      alt: facts.alt ?? facts.prompt ?? `video of ${width} by ${height} pixels`,
    };
  });
  const figures = items.map((item, i) => ({ body: playerHtml(item), note: describe(videos[i]!), facts: item }));
  const stills = videos.flatMap(({ facts }) => facts.poster ?? []);
  return {
    [assayMime("video")]: checkOptions("display.video", videoOutput, {
      ...(title !== undefined && { title }),
      loop: loop ?? videos.every(({ duration }) => (duration ?? 0) <= shortFilm),
      items,
    }),
    "text/html": frame(figuresHtml(figures), title),
    ...(videos.length === 1 && stills[0] && { "image/png": Buffer.from(stills[0].png()).toString("base64") }),
    "text/plain": [...(title ? [title] : []), ...videos.map(String)].join("\n"),
  };
}

function playerHtml(item: VideoItem): string {
  const still = item.poster && inlineUrl(item.poster);
  const source = inlineUrl(item.media);
  const width = Math.min(480, Math.max(160, item.width ?? 320));
  const alt = escapeHtml(item.alt);
  if (source) {
    return `<video controls loop muted playsinline width="${width}" aria-label="${alt}"${still ? ` poster="${still}"` : ""} src="${source}"></video>`;
  }
  if (still) return `<img src="${still}" alt="${alt}" width="${width}">`;
  return placeholderHtml("The film is kept in Assay's store; open the notebook with Assay to play it.");
}

function describe({ width, height, duration, fps, frames, codecs }: Video): string {
  return [
    `${width}×${height}`,
    ...(duration === undefined ? [] : [`${duration} s`]),
    ...(fps === undefined ? [] : [`${fps} fps`]),
    `${frames} frames`,
    ...(codecs.length > 0 ? [codecs.join(" + ")] : []),
  ].join(" · ");
}
