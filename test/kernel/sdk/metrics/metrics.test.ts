import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Image } from "../../../../kernel/sdk/media/index.ts";
import {
  bootstrapDifference,
  bootstrapMean,
  clipScore,
  type FeatureEncoder,
  frechet,
  kid,
  kidDifference,
  psnr,
  quantile,
  ssim,
} from "../../../../kernel/sdk/metrics/index.ts";
import { float32, Random } from "../../../../kernel/sdk/tensor/index.ts";
import { hashOf } from "../../../../kernel/store/canonical.ts";
import { recorded } from "../../../support/recorded-context.ts";

interface Specification {
  readonly seed: number;
  readonly n: number;
  readonly d: number;
  readonly scale?: number;
  readonly shift?: number;
  readonly mix?: boolean;
}
interface Vectors {
  readonly images: Record<string, { w: number; h: number; sha256_rgb: string }>;
  readonly psnr_ssim: {
    a: string;
    b: string;
    psnr_rgb: number | null;
    psnr_gray: number | null;
    ssim_gray: number;
    ssim_rgb: number;
  }[];
  readonly frechet_kid: {
    name: string;
    x: Specification;
    y: Specification;
    x_sum: number;
    x_first4: number[];
    frechet: number;
    kid: number;
  }[];
}
const folder = new URL("../../../fixtures/metrics/", import.meta.url);
const vectors = JSON.parse(readFileSync(new URL("vectors.json", folder), "utf8")) as Vectors;

/** The published generator: a linear congruential one, Gauss as the sum of 12 uniforms less 6. */
function features({ seed, n, d, scale = 1, shift = 0, mix = false }: Specification): number[][] {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const gauss = () => {
    let sum = 0;
    for (let i = 0; i < 12; i++) sum += uniform();
    return sum - 6;
  };
  const z = Array.from({ length: n }, () => Array.from({ length: d }, gauss));
  return z.map((row) => row.map((value, j) => (value + (mix && j > 0 ? 0.5 * row[j - 1]! : 0)) * scale + shift));
}

const near = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(
    actual === expected || Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

test("PSNR and SSIM equal scikit-image", async () => {
  const image = async (name: string) => {
    const found = await Image.decode(readFileSync(new URL(`${name}.png`, folder)), name);
    assert.equal(hashOf(found.data), vectors.images[name]!.sha256_rgb, `pixels of ${name}`);
    return found;
  };
  for (const { a, b, ...expected } of vectors.psnr_ssim) {
    const [x, y] = [await image(a), await image(b)];
    near(psnr(x, y), expected.psnr_rgb ?? Number.POSITIVE_INFINITY, 1e-10);
    near(psnr(x, y, { channels: "grey" }), expected.psnr_gray ?? Number.POSITIVE_INFINITY, 1e-10);
    near(ssim(x, y), expected.ssim_rgb, 1e-7);
    near(ssim(x, y, { channels: "grey" }), expected.ssim_gray, 1e-7);
  }
});

test("images of different sizes, and too small ones, are refused", () => {
  const square = (size: number) =>
    new Image({ width: size, height: size, channels: 3, data: new Uint8Array(size * size * 3) });
  assert.throws(() => psnr(square(8), square(9)), { code: "option.wrong" });
  assert.throws(() => ssim(square(8), square(8)), /at least 11 pixels/);
});

test("KID and the Fréchet distance equal the published vectors", async (t) => {
  await recorded(t, async () => {
    for (const { name, x, y, x_first4, x_sum, ...expected } of vectors.frechet_kid) {
      const [a, b] = [features(x), features(y)];
      assert.deepEqual(a.flat().slice(0, 4), x_first4, name);
      near(
        a.flat().reduce((sum, value) => sum + value, 0),
        x_sum,
        1e-9,
      );
      near((await kid(a, b, { resamples: 1 })).value, expected.kid, 1e-9);
      if (x.d <= 64) near((await frechet(a, b)).value, expected.frechet, 1e-8);
    }
    near(
      (
        await kid(
          [
            [1, 0],
            [0, 1],
            [1, 1],
          ],
          [
            [0, 0],
            [2, 1],
            [1, 2],
          ],
          { resamples: 1 },
        )
      ).value,
      -0.4166667,
      1e-7,
    );
    near(
      (
        await frechet(
          [
            [0, 1],
            [0, -1],
            [1, 0],
            [-1, 0],
          ],
          [
            [3, 1],
            [3, -1],
            [4, 0],
            [2, 0],
          ],
        )
      ).value,
      9,
      1e-9,
    );
  });
});

test("KID's interval covers the distance of the distributions about as often as it says", async (t) => {
  await recorded(t, async () => {
    const random = new Random("coverage");
    const draw = (n: number, shift: number) =>
      Array.from({ length: n }, () => Array.from({ length: 4 }, () => random.normal(shift)));
    const truth = (await kid(draw(1500, 0), draw(1500, 0.5), { resamples: 1 })).value;
    let covered = 0;
    for (let i = 0; i < 40; i++) {
      const { low, high } = await kid(draw(60, 0), draw(60, 0.5), { resamples: 200, seed: i });
      if (low <= truth && truth <= high) covered++;
    }
    assert.ok(covered >= 32, `the 95 % interval covered ${covered} of 40`);
  });
});

test("KID is 0 within its interval for one distribution, and above it for two", async (t) => {
  const { events } = await recorded(t, async () => {
    const random = new Random("same");
    const draw = (shift: number) =>
      Array.from({ length: 80 }, () => Array.from({ length: 8 }, () => random.normal(shift)));
    const same = await kid(draw(0), draw(0), { resamples: 300 });
    assert.ok(same.low <= 0 && 0 <= same.high, String(same));
    const other = await kid(draw(0), draw(1), { resamples: 300, label: "far" });
    assert.ok(other.low > 0, String(other));
    const nearer = await kidDifference(draw(0), draw(1), draw(0), { resamples: 300 });
    assert.ok(nearer.high < 0, String(nearer));
  });
  const metrics = events.filter((event) => event.type === "metric");
  assert.equal(metrics.length, 3);
  assert.equal(metrics[1]!.facts!.label, "far");
  assert.equal(metrics[1]!.facts!.level, 0.95);
});

test("the same seed gives the same interval, another seed another", async (t) => {
  await recorded(t, async () => {
    const [a, b] = [features({ seed: 1, n: 30, d: 3 }), features({ seed: 2, n: 30, d: 3, shift: 0.4 })];
    const ends = async (seed: number) => {
      const { low, high } = await kid(a, b, { resamples: 100, seed });
      return [low, high];
    };
    assert.deepEqual(await ends(7), await ends(7));
    assert.notDeepEqual(await ends(7), await ends(8));
  });
});

test("unusable samples and options are refused with a reason", async (t) => {
  await recorded(t, async () => {
    await assert.rejects(
      kid(
        [[1, 2]],
        [
          [1, 2],
          [3, 4],
        ],
      ),
      /at least two/,
    );
    await assert.rejects(
      kid(
        [[1, 2], [1]],
        [
          [1, 2],
          [3, 4],
        ],
      ),
      /one length/,
    );
    await assert.rejects(
      kid(
        [[1], [2]],
        [
          [1, 2],
          [3, 4],
        ],
      ),
      /lengths 1 and 2/,
    );
    await assert.rejects(kid([[Number.NaN], [2]], [[1], [3]]), /not finite/);
    await assert.rejects(kid([], [[1], [3]]), { code: "option.wrong" });
    await assert.rejects(kid([[1], [2]], [[1], [3]], { level: 1 }), /option level/);
    await assert.rejects(kid([[1], [2]], [[1], [3]], { resamples: 0 }), /option resamples/);
  });
});

/** Pictures are encoded as their first pixel, texts as the colour they name. */
const colours: FeatureEncoder = {
  id: "three-colours",
  images: async (images) => {
    const rows = images.flatMap(({ data }) => [data[0]! / 255, data[1]! / 255, data[2]! / 255]);
    return float32(rows, [images.length, 3]);
  },
  texts: async (texts) =>
    float32(
      texts.flatMap((text) => ["red", "green", "blue"].map((name) => Number(text.includes(name)))),
      [texts.length, 3],
    ),
};
const dot = (r: number, g: number, b: number, prompt?: string) =>
  new Image({ width: 1, height: 1, channels: 3, data: Uint8Array.of(r, g, b) }, prompt === undefined ? {} : { prompt });

test("CLIPScore is 2.5 times the cosine, never negative, named after its encoder", async (t) => {
  const { events } = await recorded(t, async () => {
    const score = await clipScore([dot(255, 0, 0), dot(255, 255, 0)], ["red", "red"], {
      encoder: colours,
      label: "open",
    });
    near(score.scores[0]!, 2.5);
    near(score.scores[1]!, 2.5 / Math.SQRT2);
    near(score.value, (2.5 + 2.5 / Math.SQRT2) / 2);
    assert.equal(score.name, "CLIPScore (three-colours)");
    const own = await clipScore([dot(255, 0, 0, "blue")], undefined, { encoder: colours });
    assert.equal(own.value, 0);
    await assert.rejects(clipScore([dot(1, 1, 1)], undefined, { encoder: colours }), /missing for picture 1/);
    await assert.rejects(clipScore([dot(1, 1, 1)], ["a", "b"], { encoder: colours }), /one prompt for each/);
    await assert.rejects(clipScore([], "a", { encoder: colours }), /at least one picture/);
  });
  assert.equal(events.length, 2);
});

test("KID of pictures scales unit vectors by √d and names the space", async (t) => {
  await recorded(t, async () => {
    const red = [dot(255, 0, 0), dot(255, 0, 0)];
    const blue = [dot(0, 0, 255), dot(0, 0, 255)];
    const measure = await kid(red, blue, { encoder: colours, resamples: 10 });
    assert.equal(measure.name, "KID (three-colours features)");
    near(measure.value, 8 + 8 - 2);
  });
});

test("bootstrap intervals: mean, paired and unpaired difference, quantiles", async (t) => {
  await recorded(t, () => {
    const a = Array.from({ length: 50 }, (_, i) => i);
    const { value, low, high } = bootstrapMean(a, { seed: 1 });
    near(value, 24.5);
    // The interval of the normal approximation: 24.5 ± 1.96·14.43/√50.
    near(low, 20.5, 0.05);
    near(high, 28.5, 0.05);
    const shifted = a.map((x) => x + 1);
    const paired = bootstrapDifference(shifted, a, { paired: true });
    assert.deepEqual([paired.value, paired.low, paired.high], [1, 1, 1]);
    const unpaired = bootstrapDifference(shifted, a);
    assert.ok(unpaired.low < 0 && unpaired.high > 2);
    assert.throws(() => bootstrapDifference([1, 2], [1], { paired: true }), { code: "option.wrong" });
    near(quantile([1, 2, 3, 4], 0.5), 2.5);
    assert.ok(Number.isNaN(quantile([], 0.5)));
  });
});
