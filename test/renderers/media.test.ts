import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { mediaFixture } from "../support/media.ts";
import { RendererPage } from "../support/workbench/renderer-page.ts";
import { audioExample, meshExample, videoExample } from "./media-examples.ts";
import { mediaHostileExamples } from "./media-hostile.ts";

let output: RendererPage;
before(async () => {
  output = await RendererPage.open();
});
after(() => output[Symbol.asyncDispose]());

const locate: RendererPage["locate"] = (...selector) => output.locate(...selector);
const readout = () => locate(".readout").innerText();
const until: RendererPage["until"] = (...condition) => output.until(...condition);
const ready = {
  video: () => until("stills of both films", async () => (await locate(".still canvas").count()) === 20),
  audio: () => until("both decoded", async () => (await locate(".media-facts", { hasText: "peak" }).count()) === 2),
  mesh: () => locate('.view-box[data-ready="true"]').waitFor(),
};

test("the media renderers are accessible in dark, light and high contrast", async () => {
  const examples = { video: await videoExample(), audio: audioExample(), mesh: await meshExample() };
  for (const theme of ["dark", "light", "high-contrast"] as const) {
    await output.setTheme(theme);
    for (const [kind, data] of Object.entries(examples)) {
      await output.show(kind, JSON.stringify(data));
      await ready[kind as keyof typeof ready]();
      await output.page.waitForTimeout(100);
      assert.deepEqual(await output.accessibilityFaults(), [], `${kind} in ${theme}`);
      await output.screenshot(`${kind}-${theme}`);
      await output.clear();
    }
  }
  assert.deepEqual(output.faults, []);
  await output.setTheme("dark");
});

test("a film steps frame by frame: the decoder shows the frame that the control names", async () => {
  await output.show("video", JSON.stringify(await videoExample()));
  await ready.video();
  await locate(".media-panel").focus();
  for (let i = 0; i < 5; i++) await output.page.keyboard.press(".");
  await output.page.keyboard.press(",");
  assert.match(await readout(), /frame 5 \/ 48$/);
  await decoded(0, 24, 4);
  // The slower film shows the frame of the same time.
  await decoded(1, 12, 2);
  await output.page.keyboard.press("End");
  assert.match(await readout(), /frame 48 \/ 48$/);
  await decoded(0, 24, 47);
  await output.page.keyboard.press(".");
  assert.match(await readout(), /frame 48 \/ 48$/);
  await output.page.keyboard.press("Home");
  assert.match(await readout(), /frame 1 \/ 48$/);
  await locate(".strip").first().locator(".still").last().click();
  assert.match(await readout(), /frame 48 \/ 48$/);
});

test("keys that come faster than a film can go leave it at the frame that is named", async () => {
  await output.show("video", JSON.stringify(await videoExample()));
  await ready.video();
  await locate(".media-panel").focus();
  for (let round = 0; round < 40; round++) {
    await output.page.keyboard.press("Home");
    for (let i = 0; i < 5; i++) await output.page.keyboard.press(".");
    await output.page.keyboard.press(",");
    await decoded(0, 24, 4);
    await decoded(1, 12, 2);
  }
});

/** Waits until the picture that the decoder of a film hands out is the frame with that number, from 0. */
function decoded(film: number, fps: number, frame: number): Promise<void> {
  const shown = () =>
    locate("video")
      .nth(film)
      .evaluate((element: HTMLVideoElement) => {
        if (element.seeking) return Number.NaN;
        const picture = new VideoFrame(element);
        const seconds = picture.timestamp / 1e6;
        picture.close();
        return seconds;
      });
  return until(`film ${film} shows frame ${frame}`, async () => Math.round((await shown()) * fps) === frame);
}

test("films play in step, loop, and change their speed", async () => {
  await output.show("video", JSON.stringify(await videoExample()));
  await ready.video();
  await locate('select[aria-label="Speed"]').selectOption("2");
  await locate(".media-panel").focus();
  await output.page.keyboard.press("l");
  assert.equal(await locate('[aria-label="Loop (L)"]').getAttribute("aria-pressed"), "true");
  await output.page.keyboard.press(" ");
  const times = () =>
    locate("video").evaluateAll((films) => films.map((film) => (film as HTMLVideoElement).currentTime));
  await until("both run", async () => (await times()).every((time) => time > 0.2));
  assert.equal(
    await locate("video")
      .first()
      .evaluate((film: HTMLVideoElement) => film.playbackRate),
    2,
  );
  let latest = 0;
  await until("it begins again", async () => {
    const [time = 0] = await times();
    const again = time < latest - 0.5;
    latest = Math.max(latest, time);
    return again;
  });
  await output.page.keyboard.press(" ");
  const [a = 0, b = 9] = await times();
  assert.ok(Math.abs(a - b) < 1 / 24, `${a} and ${b}`);
  const pixels = await locate(".still canvas").evaluateAll((all) =>
    all.map((canvas) => {
      const { data } = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, 40, 40);
      return data.reduce((sum, value) => sum + value, 0);
    }),
  );
  assert.ok(new Set(pixels).size > 6, "stills differ, for the test card changes");
});

test("films by reference are asked for; one that the store refuses leaves the other", async () => {
  const data = await videoExample();
  const bytes = Buffer.from((data.items[0]!.media as { base64: string }).base64, "base64");
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const items = [
    { ...data.items[0], media: { sha256, bytes: bytes.length, mime: "video/webm" } },
    { ...data.items[1], media: { sha256: "0".repeat(64), bytes: 9, mime: "video/webm" } },
  ];
  await output.show("video", JSON.stringify({ ...data, items }), { [sha256]: bytes.toString("base64") });
  await locate(".media-missing").waitFor();
  assert.match(await locate(".media-missing").innerText(), /12 steps cannot be shown: it is not in the store/);
  await until("stills of the other", async () => (await locate(".still canvas").count()) === 10);
});

test("what Chromium plays: H.264 in MP4; Opus in Ogg, MP3 and FLAC", async () => {
  const data = await videoExample();
  const inline = (mime: string, name: string) => ({ mime, base64: Buffer.from(mediaFixture(name)).toString("base64") });
  const items = [{ alt: "", label: "mp4", fps: 25, media: inline("video/mp4", "clip-25fps.mp4") }];
  await output.show("video", JSON.stringify({ ...data, items }));
  await until("stills", async () => (await locate(".still canvas").count()) === 10);
  await locate(".media-panel").press("End");
  assert.match(await readout(), /frame 25 \/ 25$/);
  const tones = { "tone.ogg": "audio/ogg", "tone.mp3": "audio/mpeg", "tone.flac": "audio/flac" };
  const recordings = Object.entries(tones).map(([name, mime]) => ({ label: name, media: inline(mime, name) }));
  await output.show("audio", JSON.stringify({ items: recordings }));
  const strongest = locate(".media-facts", { hasText: "strongest at" });
  await until("all are decoded", async () => (await strongest.count()) === 3);
  for (const text of await strongest.allInnerTexts()) assert.match(text, /strongest at 4[3-4]\d Hz/);
});

test("recordings are drawn, measured, zoomed and sought", async () => {
  await output.show("audio", JSON.stringify(audioExample()));
  await ready.audio();
  const facts = await locate(".track").nth(1).locator(".media-facts").first().innerText();
  assert.match(facts, /peak -6\.0 dB · RMS -9\.0 dB · strongest at 440 Hz/);
  const brightest = await locate(".spectrogram")
    .nth(1)
    .evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const x = Math.floor(width / 4);
      const { data } = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(x, 0, 1, height);
      let best = 0;
      for (let row = 1; row < height; row++) if (data[row * 4 + 1]! > data[best * 4 + 1]!) best = row;
      return 1 - (best + 0.5) / height;
    });
  const mel = (hertz: number) => Math.log(1 + hertz / 700);
  assert.ok(Math.abs(brightest - mel(440) / mel(8000)) < 0.02, `brightest at ${brightest} of the height`);
  const graph = locate(".track").first().locator(".graph");
  const box = (await graph.boundingBox())!;
  await graph.click({ position: { x: box.width / 2, y: 10 } });
  await until("sought to the middle", async () => Math.abs(Number.parseFloat(await readout()) - 0.75) < 0.02);
  await output.page.keyboard.press("ArrowLeft");
  await until("to the start", async () => Number.parseFloat(await readout()) === 0);
  await output.page.keyboard.press("+");
  await output.page.keyboard.press("+");
  assert.equal(await locate(".media-panel").getAttribute("data-zoom"), "4.00");
  await output.page.keyboard.press("0");
  assert.equal(await locate(".media-panel").getAttribute("data-zoom"), "1.00");
  await output.page.keyboard.press("2");
  assert.equal(await locate(".choose").nth(1).getAttribute("aria-pressed"), "true");
  await locate("select.choice").selectOption("waveform");
  assert.equal(await locate(".spectrogram").first().isVisible(), false);
});

test("3D objects are counted, turned by keys, drawn in other ways, and saved as a picture", async () => {
  await output.show("mesh", JSON.stringify(await meshExample()));
  await ready.mesh();
  const counts = await locate(".media-caption .media-facts:nth-child(2)").allInnerTexts();
  assert.match(counts[1]!, /^8 vertices · 12 triangles · 1 material · 2 × 2 × 2$/);
  assert.match(counts[2]!, /^2,000 vertices · 2,000 points · 2 × 2 × 2$/);
  const picture = () =>
    locate("canvas.view").evaluate(
      (canvas: HTMLCanvasElement) =>
        new Promise<string>((resolve) =>
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(canvas.toDataURL()))),
        ),
    );
  const seen = new Set([await picture()]);
  await locate("canvas.view").focus();
  for (const key of ["ArrowLeft", "ArrowUp", "+", "w", "n"]) {
    await output.page.keyboard.press(key);
    seen.add(await picture());
  }
  assert.equal(seen.size, 6, "every key changes the view");
  await output.screenshot("mesh-normals-dark");
  await locate('select[aria-label="Surface"]').selectOption("wireframe");
  await output.page.waitForTimeout(200);
  await output.screenshot("mesh-wireframe-dark");
  await locate('[aria-label="Save a picture of this view"]').click();
  const saved = await output.page.evaluate(() =>
    (globalThis as { saved?: { name: string; base64: string }[] }).saved?.at(-1),
  );
  assert.equal(saved?.name, "Shapes-synthetic-.png");
  assert.ok((saved?.base64.length ?? 0) > 5000 && saved?.base64.startsWith("iVBOR"));
  await locate('[aria-label="Turntable (T)"]').click();
  const before = await picture();
  await until("it turns", async () => (await picture()) !== before);
  const canvas = await locate("canvas.view").elementHandle();
  await output.clear();
  const lost = () => canvas!.evaluate((old) => (old as HTMLCanvasElement).getContext("webgl2")?.isContextLost());
  await until("its memory is given back", async () => (await lost()) === true);
});

test("without WebGL the statistics stay, with the reason", async () => {
  await output.page.evaluate(() => {
    const original = HTMLCanvasElement.prototype.getContext;
    (globalThis as { getContextBefore?: unknown }).getContextBefore = original;
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
      return kind.startsWith("webgl") ? null : Reflect.apply(original, this, [kind, ...rest]);
    } as typeof original;
  });
  await output.show("mesh", JSON.stringify(await meshExample()));
  await locate(".media-missing", { hasText: "WebGL" }).waitFor();
  assert.match(await locate(".media-captions").innerText(), /8 vertices · 12 triangles/);
  await output.page.evaluate(() => {
    HTMLCanvasElement.prototype.getContext = (
      globalThis as unknown as { getContextBefore: HTMLCanvasElement["getContext"] }
    ).getContextBefore;
  });
  await output.clear();
});

test("hostile media run nothing, load nothing, and are answered with words", async () => {
  const faultsBefore = output.faults.length;
  await output.page.evaluate(() => {
    (globalThis as { harmed?: string[] }).harmed = [];
  });
  for (const { name, kind, text: json, shows } of await mediaHostileExamples()) {
    await output.show(kind, json);
    const text = () => locate(`.assay.${kind}`).first().innerText();
    for (let attempt = 0; attempt < 200 && !shows.test(await text()); attempt++) await output.page.waitForTimeout(50);
    assert.match(await text(), shows, name);
    assert.deepEqual(await output.page.evaluate(() => (globalThis as { harmed?: string[] }).harmed), [], name);
    const markup = await output.page.evaluate(() =>
      [
        ...(document
          .getElementById("output")
          ?.shadowRoot?.querySelectorAll("script, iframe, object, embed, link, [onerror], [onload]") ?? []),
      ].map((element) => element.outerHTML.slice(0, 120)),
    );
    assert.deepEqual(markup, [], name);
    await output.clear();
  }
  assert.deepEqual(output.faults.slice(faultsBefore), []);
});
