import { assayMime, type MimeBundle } from "../../protocol/mime.ts";
import { type AudioItem, audioOutput } from "../../protocol/outputs.ts";
import { checkOptions } from "../options.ts";
import { type Displayable, displaySymbol } from "../values/displayable.ts";
import { figuresHtml, inlineUrl, placeholderHtml, plainLine } from "./caption.ts";
import { type Container, readContainer } from "./container.ts";
import { escapeHtml, frame } from "./html.ts";
import { MediaBudget } from "./media-budget.ts";
import { type MediaOrigin, readMedia } from "./read-bytes.ts";
import { recordShown } from "./record-shown.ts";
import { decodeWav, encodeWav, type SampleDepth, type Samples } from "./wav.ts";
import { waveformPng } from "./waveform.ts";

/** What is said of a recording: label, transcript, prompt, seed, model, mode, licence class, badges, alternative text. */
export type AudioFacts = Partial<Omit<AudioItem, "media" | "duration" | "sampleRate" | "channels" | "codecs">>;

/** Sound in a container that browsers play: WAV, MP3, AAC, FLAC, Ogg, WebM or MP4. It is kept as it came. Shows itself in a notebook. */
export class Audio implements Displayable {
  readonly bytes: Uint8Array;
  readonly mime: string;
  /** Seconds. */
  readonly duration: number | undefined;
  /** Samples per second. */
  readonly sampleRate: number;
  /** How many channels it has. */
  readonly channels: number;
  readonly codecs: readonly string[];
  readonly facts: AudioFacts;

  private constructor(bytes: Uint8Array, { mime, duration, codecs, audio }: Container, facts: AudioFacts) {
    this.bytes = bytes;
    this.mime = mime;
    this.duration = duration;
    this.sampleRate = audio?.sampleRate ?? 0;
    this.channels = audio?.channels ?? 0;
    this.codecs = codecs;
    this.facts = facts;
  }

  /**
   * Reads a recording from bytes, a path or a `file:` URL; a relative path starts at the notebook's folder.
   *
   * @throws AssayError `file.unreadable`, `media.format`, `media.corrupt` (also where it is truncated), `media.remote`
   */
  static async read(origin: MediaOrigin, facts: AudioFacts = {}): Promise<Audio> {
    const { bytes, name } = await readMedia(origin, "audio");
    return new Audio(bytes, await readContainer(bytes, name, "audio"), facts);
  }

  /**
   * A recording of numbers in [-1, 1]: one array, or one a channel. It becomes a WAV file of 16 bits, or of 32-bit floats without loss.
   *
   * @param sampleRate samples per second
   * @throws AssayError `media.value` for no samples, channels of different lengths, a wrong rate, or a value that is not finite
   */
  static fromSamples(
    samples: Float32Array | readonly Float32Array[],
    sampleRate: number,
    facts: AudioFacts = {},
    depth: SampleDepth = 16,
  ): Audio {
    const channels = samples instanceof Float32Array ? [samples] : samples;
    const container: Container = {
      mime: "audio/wav",
      duration: (channels[0]?.length ?? 0) / sampleRate,
      codecs: [depth === 32 ? "pcm-f32" : "pcm-s16"],
      audio: { sampleRate, channels: channels.length },
    };
    return new Audio(encodeWav({ channels, sampleRate }, depth), container, facts);
  }

  /** The samples of a WAV file; `undefined` for a compressed recording. */
  samples(): Samples | undefined {
    return this.mime === "audio/wav" ? decodeWav(this.bytes) : undefined;
  }

  /** The same recording with other facts beside or in place of the present ones. */
  with(facts: AudioFacts): Audio {
    const { mime, duration, codecs, sampleRate, channels } = this;
    return new Audio(
      this.bytes,
      { mime, duration, codecs, audio: { sampleRate, channels } },
      { ...this.facts, ...facts },
    );
  }

  [displaySymbol](): MimeBundle {
    return audioBundle([this]);
  }

  toString(): string {
    return plainLine(`audio ${describe(this)}`, this.facts);
  }
}

export interface AudioOptions {
  readonly title?: string;
  /** What is drawn at first. Default: both, for one recording; the waveform, for several. */
  readonly view?: "waveform" | "spectrogram" | "both";
}

/** Recordings under each other on one time axis: rich, as HTML with players, as a picture of the waveform where one can be drawn, and as text. */
export function audioBundle(recordings: readonly Audio[], { title, view }: AudioOptions = {}): MimeBundle {
  const budget = new MediaBudget();
  recordShown(recordings.map(({ bytes }) => ({ bytes })));
  const items = recordings.map((recording): AudioItem => {
    const { duration, sampleRate, channels, codecs, facts } = recording;
    return {
      media: budget.place(recording.bytes, recording.mime),
      ...{ duration, sampleRate, channels, codecs: [...codecs] },
      licenceClass: "unknown" as const,
      ...facts,
      alt: facts.alt ?? facts.transcript ?? facts.prompt ?? "recording",
    };
  });
  const waves = recordings.map((recording) => waveformPng(recording.samples()));
  const figures = items.map((item, i) => ({
    body: playerHtml(item, waves[i]),
    note: describe(recordings[i]!),
    facts: item,
  }));
  return {
    [assayMime("audio")]: checkOptions("display.audio", audioOutput, {
      ...(title !== undefined && { title }),
      ...(view !== undefined && { view }),
      items,
    }),
    "text/html": frame(figuresHtml(figures), title),
    ...(recordings.length === 1 && waves[0] && { "image/png": Buffer.from(waves[0]).toString("base64") }),
    "text/plain": [...(title ? [title] : []), ...recordings.map(String)].join("\n"),
  };
}

function playerHtml(item: AudioItem, wave: Uint8Array | undefined): string {
  const alt = escapeHtml(item.alt);
  const picture = wave
    ? `<img src="data:image/png;base64,${Buffer.from(wave).toString("base64")}" alt="waveform: ${alt}" width="480" style="display:block">`
    : "";
  const source = inlineUrl(item.media);
  if (source) return `${picture}<audio controls aria-label="${alt}" src="${source}"></audio>`;
  return picture || placeholderHtml("The recording is kept in Assay's store; open the notebook with Assay to hear it.");
}

function describe({ duration, sampleRate, channels, codecs }: Audio): string {
  const layout = channels === 1 ? "mono" : channels === 2 ? "stereo" : `${channels} channels`;
  return [
    ...(duration === undefined ? [] : [`${Math.round(duration * 1000) / 1000} s`]),
    `${sampleRate} Hz`,
    layout,
    ...(codecs.length > 0 ? [codecs.join(" + ")] : []),
  ].join(" · ");
}
