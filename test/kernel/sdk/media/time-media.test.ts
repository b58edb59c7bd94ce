import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { audioOutput, videoOutput } from "../../../../kernel/protocol/outputs.ts";
import { AssayError } from "../../../../kernel/sdk/errors.ts";
import { Audio, bundleOf, display, image, Video } from "../../../../kernel/sdk/media/index.ts";
import { mediaFixture, sine } from "../../../support/media.ts";
import { recorded } from "../../../support/recorded-context.ts";

const fault = (code: string, reason: RegExp) => (error: unknown) => {
  assert.ok(error instanceof AssayError, String(error));
  assert.equal(error.code, code);
  assert.match(error.message, reason);
  return true;
};

test("a film tells what ffprobe says of it", async () => {
  const expected = {
    "clip-24fps.webm": ["video/webm", 160, 120, 24, 48, 2, ["vp9"]],
    "clip-12fps.webm": ["video/webm", 160, 120, 12, 24, 2, ["vp8"]],
    "clip-25fps.mp4": ["video/mp4", 160, 120, 25, 25, 1, ["avc"]],
  };
  for (const [name, facts] of Object.entries(expected)) {
    const { mime, width, height, fps, frames, duration, codecs } = await Video.read(mediaFixture(name));
    assert.deepEqual([mime, width, height, fps, frames, duration, codecs], facts, name);
  }
});

test("a recording tells what ffprobe says of it", async () => {
  const expected = {
    "tone.ogg": ["audio/ogg", 48_000, 1, ["opus"]],
    "tone.mp3": ["audio/mpeg", 44_100, 1, ["mp3"]],
    "tone.flac": ["audio/flac", 16_000, 1, ["flac"]],
  };
  const seconds = { "tone.ogg": 1.0065, "tone.mp3": 1.044898, "tone.flac": 0.5 };
  for (const [name, facts] of Object.entries(expected)) {
    const { mime, sampleRate, channels, codecs, duration } = await Audio.read(mediaFixture(name));
    assert.deepEqual([mime, sampleRate, channels, codecs], facts, name);
    assert.ok(Math.abs((duration ?? 0) - seconds[name as keyof typeof seconds]) < 0.03, `${name}: ${duration}`);
  }
});

test("samples become a WAV that Python's wave module reads alike, and come back", async () => {
  const left = sine(440, 24_000, 0.25);
  const right = sine(880, 24_000, 0.25).map((value) => -value);
  const audio = Audio.fromSamples([left, right], 24_000);
  const script = "import sys,wave;w=wave.open(sys.stdin.buffer);print(w.getparams()[:4], w.readframes(9)[32:36].hex())";
  const said = execFileSync("/usr/bin/python3", ["-c", script], { input: audio.bytes, encoding: "utf8" });
  const frame = Buffer.alloc(4);
  frame.writeInt16LE(Math.round(left[8]! * 32_767), 0);
  frame.writeInt16LE(Math.round(right[8]! * 32_767), 2);
  assert.equal(said.trim(), `(2, 2, 24000, 6000) ${frame.toString("hex")}`);
  const read = await Audio.read(audio.bytes);
  assert.deepEqual([read.sampleRate, read.channels, read.duration], [24_000, 2, 0.25]);
  const back = read.samples()!;
  assert.ok(back.channels[1]!.every((value, i) => Math.abs(value - right[i]!) < 1e-4));
  const exact = await Audio.read(Audio.fromSamples(left, 24_000, {}, 32).bytes);
  assert.deepEqual(exact.samples()!.channels[0], left);
  assert.deepEqual(Audio.fromSamples(left, 24_000).bytes, Audio.fromSamples(left, 24_000).bytes);
});

test("wrong samples are named", () => {
  assert.throws(() => Audio.fromSamples(new Float32Array(0), 8000), fault("media.value", /there are none/));
  assert.throws(
    () => Audio.fromSamples(Float32Array.of(0, Number.NaN), 8000),
    fault("media.value", /sample 1 of channel 0 is NaN/),
  );
  assert.throws(
    () => Audio.fromSamples([new Float32Array(3), new Float32Array(4)], 8000),
    fault("media.value", /3 and 4 samples/),
  );
  assert.throws(() => Audio.fromSamples(new Float32Array(3), 44_100.5), fault("media.value", /sample rate 44100.5/));
});

test("truncated, foreign and empty files are named with the reason", async () => {
  for (const name of ["clip-24fps.webm", "clip-25fps.mp4"]) {
    const whole = mediaFixture(name);
    for (const share of [0.3, 0.9]) {
      const cut = whole.subarray(0, Math.floor(whole.length * share));
      await assert.rejects(Video.read(cut), fault("media.corrupt", /bytes|head|box/), `${name} ${share}`);
    }
  }
  const wav = Audio.fromSamples(sine(440, 8000, 0.1), 8000).bytes;
  await assert.rejects(Audio.read(wav.subarray(0, 200)), fault("media.corrupt", /200 of 1644 bytes/));
  const ogg = mediaFixture("tone.ogg");
  await assert.rejects(Audio.read(ogg.subarray(0, 2000)), fault("media.corrupt", /bytes|page/));
  await assert.rejects(Video.read(wav), fault("media.format", /kind wav, not a film/));
  await assert.rejects(Audio.read(mediaFixture("clip-24fps.webm")), fault("media.format", /a film without sound/));
  await assert.rejects(Video.read(new Uint8Array(0)), fault("media.format", /empty/));
  const png = image({ width: 1, height: 1, channels: 3, data: new Uint8Array(3) }).png();
  await assert.rejects(Video.read(png), fault("media.format", /a picture/));
  await assert.rejects(Video.read("https://example.org/a.webm"), fault("media.remote", /another machine/));
  await assert.rejects(Video.read("nowhere.webm"), fault("file.unreadable", /nowhere\.webm/));
  for (let i = 0; i < 60; i++) {
    const broken = mediaFixture("clip-25fps.mp4");
    broken.fill(255, i * 12, i * 12 + 6);
    await Video.read(broken).catch((error: unknown) => assert.ok(error instanceof AssayError, String(error)));
  }
});

test("films are shown side by side with captions, large ones by reference, and read files are inputs of the record", async (t) => {
  const poster = image({ width: 2, height: 2, channels: 3, data: new Uint8Array(12) });
  const seen = await recorded(
    t,
    async ({ folder }) => {
      writeFileSync(join(folder, "a.webm"), mediaFixture("clip-24fps.webm"));
      const url = pathToFileURL(join(folder, "a.webm"));
      const facts = {
        label: "A",
        prompt: "<b>walk</b>",
        seed: 3,
        mode: "research_safe",
        licenceClass: "public_domain",
      } as const;
      await display.video(["a.webm", { video: url, label: "B", poster }, mediaFixture("clip-12fps.webm")], {
        title: "Walks",
        ...facts,
      });
    },
    { inlineLimit: 16_000 },
  );
  assert.equal(seen.events.filter(({ type }) => type === "used").length, 2);
  const shown = seen.outputs[0];
  assert.ok(shown?.type === "display");
  const rich = videoOutput.parse(shown.data["application/vnd.assay.video.v1+json"]);
  assert.deepEqual(
    rich.items.map(({ label, fps, frames }) => [label, fps, frames]),
    [
      ["A", 24, 48],
      ["B", 24, 48],
      ["A", 12, 24],
    ],
  );
  assert.ok("sha256" in rich.items[0]!.media && "base64" in rich.items[2]!.media && rich.items[1]!.poster);
  const html = String(shown.data["text/html"]);
  assert.equal(html.match(/<video /g)?.length, 1);
  assert.ok(!html.includes("<b>walk") && html.includes("&lt;b&gt;walk"));
  assert.match(String(shown.data["text/plain"]), /A: video 160×120 · 2 s · 24 fps · 48 frames · vp9, “<b>walk/);
});

test("objects are shown at once and in order; the fallback of a recording has a player and its waveform", async (t) => {
  const tone = Audio.fromSamples(sine(440, 8000, 0.2), 8000, { transcript: "beep" });
  const seen = await recorded(t, () => {
    void display.audio(tone, { view: "spectrogram" });
    display("after");
  });
  assert.deepEqual(
    seen.outputs.map((output) => output.type === "display" && Object.keys(output.data)[0]),
    ["application/vnd.assay.audio.v1+json", "text/plain"],
  );
  const bundle = await bundleOf(tone);
  assert.equal(audioOutput.parse(bundle["application/vnd.assay.audio.v1+json"]).items[0]!.transcript, "beep");
  assert.match(String(bundle["text/html"]), /<img src="data:image\/png[^>]*>.*<audio controls/s);
  assert.match(String(bundle["image/png"]), /^iVBOR/);
});

test("what is no film is refused by name", async (t) => {
  await recorded(t, async () => {
    const wrong = (value: unknown) => () => display.video(value as never);
    assert.throws(wrong([]), fault("media.value", /the list is empty/));
    assert.throws(wrong(3), fault("media.value", /given number/));
    assert.throws(wrong([{ film: "a.webm" }]), fault("media.value", /object of another kind/));
  });
});

test("tables made to keep a reader busy for ever are given up, and the next file is read", async () => {
  const endless = mediaFixture("clip-24fps.webm").fill(0, 268, 272);
  const [first, second] = await Promise.allSettled([Video.read(endless), Video.read(mediaFixture("clip-24fps.webm"))]);
  assert.ok(first.status === "rejected" && fault("media.corrupt", /lead nowhere/)(first.reason));
  assert.equal(second.status, "fulfilled");
});
