import { Worker } from "node:worker_threads";
import { entryPoint } from "../../protocol/entry-points.ts";
import { AssayError, problem } from "../errors.ts";
import { type MediaFormat, signatureOf } from "./signature.ts";
import { missingPart } from "./whole.ts";

/** What a container of film or sound tells of itself. */
export interface Container {
  readonly mime: string;
  /** Seconds. */
  readonly duration?: number;
  /** Names of the codecs, the picture's first: `vp9`, `avc`, `opus`, `pcm-s16`. */
  readonly codecs: readonly string[];
  readonly video?: {
    /** Pixels as shown: turned and with square pixels. */
    readonly width: number;
    readonly height: number;
    /** Frames per second, on average. */
    readonly fps?: number;
    readonly frames: number;
  };
  readonly audio?: {
    /** Samples per second. */
    readonly sampleRate: number;
    readonly channels: number;
  };
}

const formats: Readonly<Record<"video" | "audio", readonly MediaFormat[]>> = {
  video: ["mp4", "webm", "ogg"],
  audio: ["wav", "mp3", "aac", "flac", "ogg", "mp4", "webm"],
};
const called = { video: "MP4, WebM and Ogg", audio: "WAV, MP3, AAC, FLAC, Ogg, MP4 and WebM" };
const kinds = { video: "a film", audio: "a recording" };

/**
 * Reads what a film or a recording says of itself; its content is not decoded.
 *
 * @throws AssayError `media.format` where the bytes are something else, `media.corrupt` where they are not whole
 */
export async function readContainer(bytes: Uint8Array, name: string, kind: "video" | "audio"): Promise<Container> {
  const format = signatureOf(bytes);
  if (typeof format !== "string" || !formats[kind].includes(format)) {
    const found =
      bytes.length === 0 ? "empty" : typeof format === "string" ? `a file of the kind ${format}` : format?.other;
    throw problem.mediaFormat(name, kinds[kind], found ?? "of no kind that Assay knows", called[kind]);
  }
  const missing = missingPart(bytes, format);
  if (missing) throw problem.corruptMedia(name, kind, missing);
  try {
    const read = await inWorker(bytes, format);
    if (kind === "video" && !read.video)
      throw problem.mediaFormat(name, kinds.video, "a recording without a picture", called.video);
    if (kind === "audio" && !read.audio)
      throw problem.mediaFormat(name, kinds.audio, "a film without sound", called.audio);
    return read;
  } catch (error) {
    if (error instanceof AssayError) throw error;
    throw problem.corruptMedia(
      name,
      kind,
      error instanceof Error ? error.message.split("\n")[0]!.slice(0, 200) : String(error),
      error,
    );
  }
}

/** Seconds after which reading the tables of a file is given up. */
const patience = 10;

let worker: Worker | undefined;
let last: Promise<unknown> = Promise.resolve();

/** Reads in a thread of its own, one file after another: tables made to keep a reader busy for ever must not stop the cell. */
function inWorker(bytes: Uint8Array, format: MediaFormat): Promise<Container> {
  const turn = last.then(() => ask(bytes, format));
  last = turn.catch(() => {});
  return turn;
}

function ask(bytes: Uint8Array, format: MediaFormat): Promise<Container> {
  worker ??= new Worker(entryPoint("media-worker"), { execArgv: [] });
  const asked = worker;
  asked.ref();
  return new Promise<Container>((resolve, reject) => {
    const end = (error: Error | undefined, read?: Container) => {
      clearTimeout(timer);
      for (const name of ["message", "error", "exit"] as const) asked.removeAllListeners(name);
      asked.unref();
      if (read) resolve(read);
      else reject(error);
    };
    const lost = (error: Error) => {
      worker = undefined;
      void asked.terminate();
      end(error);
    };
    const timer = setTimeout(() => lost(new Error(`its tables lead nowhere in ${patience} seconds`)), patience * 1000);
    asked.once("message", (reply: { read?: Container; error?: string }) => end(new Error(reply.error), reply.read));
    asked.once("error", lost);
    asked.once("exit", (code) => lost(new Error(`its reader ended with code ${code}`)));
    asked.postMessage({ bytes: new Uint8Array(bytes), format });
  });
}
