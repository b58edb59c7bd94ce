import assert from "node:assert/strict";
import { test } from "node:test";
import { frequencyAt, placeOf } from "../../renderers/audio/draw.ts";
import { Spectrum } from "../../renderers/audio/fft.ts";
import { decibels, strongest } from "../../renderers/audio/sound.ts";
import { sine } from "../support/media.ts";
import { numbers } from "./examples.ts";

test("the spectrum equals the sum that defines it, with Hann's window", () => {
  const size = 64;
  const random = numbers(2);
  const samples = Float32Array.from({ length: size }, () => random() * 2 - 1);
  const magnitudes = new Spectrum(size).at(samples, size / 2);
  for (let k = 0; k <= size / 2; k++) {
    let [re, im] = [0, 0];
    for (let i = 0; i < size; i++) {
      const value = samples[i]! * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
      re += value * Math.cos((2 * Math.PI * k * i) / size);
      im -= value * Math.sin((2 * Math.PI * k * i) / size);
    }
    assert.ok(Math.abs(magnitudes[k]! - (4 / size) * Math.hypot(re, im)) < 1e-5, `bin ${k}`);
  }
});

test("a sine of amplitude one half peaks at its frequency with one half", () => {
  const rate = 16_000;
  const samples = sine(1000, rate, 1);
  const magnitudes = new Spectrum(1024).at(samples, rate / 2);
  const best = magnitudes.indexOf(Math.max(...magnitudes));
  assert.equal((best * rate) / 1024, 1000);
  assert.ok(Math.abs(magnitudes[best]! - 0.5) < 1e-3);
  assert.ok(Math.abs(strongest(sine(440, rate, 1), rate)! - 440) < 0.5);
  assert.ok(Math.abs(strongest(sine(1234.5, 48_000, 1), 48_000)! - 1234.5) < 1);
  assert.equal(strongest(new Float32Array(5000), rate), undefined);
  assert.equal(decibels(0.5), "-6.0 dB");
});

test("the mel axis and its inverse agree, and 1000 mel are 1000 Hz", () => {
  for (const hertz of [0, 100, 1000, 8000]) {
    assert.ok(Math.abs(frequencyAt(placeOf(hertz, 8000), 8000) - hertz) < 1e-6);
  }
  assert.ok(Math.abs(2595 * Math.log10(1 + 1000 / 700) - 1000) < 0.1);
});
