import { parentPort } from "node:worker_threads";
import { ADTS, BufferSource, FLAC, Input, MATROSKA, MP3, MP4, OGG, QTFF, WAVE, WEBM } from "mediabunny";
import type { Container } from "./container.ts";
import type { MediaFormat } from "./signature.ts";

/* The thread that reads the tables of films and recordings: one message in, one out. */

const mimes: Partial<Record<MediaFormat, string>> = { wav: "wav", mp3: "mpeg", aac: "aac", flac: "flac" };

// What the library says of a file goes into the error, not to the console.
console.warn = () => {};

parentPort?.on("message", ({ bytes, format }: { bytes: Uint8Array; format: MediaFormat }) => {
  tracks(bytes, format).then(
    (read) => parentPort?.postMessage({ read }),
    (error: unknown) => parentPort?.postMessage({ error: error instanceof Error ? error.message : String(error) }),
  );
});

async function tracks(bytes: Uint8Array, format: MediaFormat): Promise<Container> {
  using input = new Input({
    source: new BufferSource(bytes),
    formats: [MP4, QTFF, WEBM, MATROSKA, OGG, WAVE, MP3, FLAC, ADTS],
  });
  const picture = await input.getPrimaryVideoTrack();
  const sound = await input.getPrimaryAudioTrack();
  const duration = await input.computeDuration();
  const stats = await picture?.computePacketStats();
  if (picture && stats?.packetCount === 0) throw new Error("it has no frames");
  const codecs = [await picture?.getCodec(), await sound?.getCodec()].filter((codec) => typeof codec === "string");
  const type = mimes[format] ?? format;
  return {
    mime: `${picture ? "video" : "audio"}/${type}`,
    ...(Number.isFinite(duration) && duration >= 0 && { duration: rounded(duration) }),
    codecs,
    ...(picture &&
      stats && {
        video: {
          width: await picture.getDisplayWidth(),
          height: await picture.getDisplayHeight(),
          ...(stats.packetCount > 1 && { fps: nominalRate(stats.averagePacketRate, stats.packetCount) }),
          frames: stats.packetCount,
        },
      }),
    ...(sound && { audio: { sampleRate: await sound.getSampleRate(), channels: await sound.getNumberOfChannels() } }),
  };
}

/**
 * The rate that was meant: WebM keeps times in whole milliseconds, so that 24 frames a second read as 24.004. A rate is taken for its neighbour (a
 * whole number, or that of television) where the difference over the film is less than the milliseconds leave open.
 */
function nominalRate(measured: number, frames: number): number {
  const seconds = (frames - 1) / measured;
  const whole = Math.round(measured);
  const television = (whole * 1000) / 1001;
  const meant = [whole, television].find((rate) => rate > 0 && Math.abs(rate - measured) * seconds < 0.0011 * rate);
  return rounded(meant ?? measured);
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
