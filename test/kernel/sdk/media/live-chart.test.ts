import assert from "node:assert/strict";
import { test } from "node:test";
import { plotOutput } from "../../../../kernel/protocol/outputs.ts";
import { movingAverage } from "../../../../kernel/sdk/media/chart.ts";
import { display } from "../../../../kernel/sdk/media/index.ts";
import { recorded } from "../../../support/recorded-context.ts";

type Outputs = Awaited<ReturnType<typeof recorded>>["outputs"];
const figures = (outputs: Outputs) =>
  outputs.map((output) => {
    assert.ok(output.type === "display");
    return plotOutput.parse(output.data["application/vnd.assay.plot.v1+json"]);
  });

test("a live chart is one display, updated seldom, and its last state holds every point and a picture", async (t) => {
  const settling: Promise<unknown>[] = [];
  const { outputs } = await recorded(
    t,
    async () => {
      const chart = display.liveChart({ title: "Loss" });
      for (let step = 1; step <= 1000; step++)
        chart.push({ step, loss: 1 / step, ...(step % 100 ? {} : { held: 2 / step }) });
      await Promise.all(settling);
    },
    { settle: (work) => void settling.push(work) },
  );
  assert.ok(outputs.length >= 2 && outputs.length < 200, `${outputs.length} updates`);
  assert.equal(new Set(outputs.map((output) => output.type === "display" && output.displayId)).size, 1);
  assert.deepEqual(
    outputs.map((output) => output.type === "display" && output.update === true),
    outputs.map((_, i) => i > 0),
  );
  const last = figures(outputs).at(-1)!;
  assert.deepEqual(
    last.data.map(({ name, x }) => [name, (x as number[]).length]),
    [
      ["loss", 1000],
      ["held", 10],
    ],
  );
  assert.deepEqual((last.data[1]!.x as number[]).slice(0, 2), [100, 200]);
  const end = outputs.at(-1)!;
  assert.ok(end.type === "display" && !end.transient);
  assert.match(String(end.data["image/svg+xml"]), /^<svg[\s\S]*<path d="M/);
  assert.match(String(end.data["text/plain"]), /loss: 1000 points/);
});

test("a loop that never rests still updates", async (t) => {
  const { outputs } = await recorded(t, async () => {
    const chart = display.liveChart();
    const until = performance.now() + 700;
    while (performance.now() < until) chart.push({ loss: 1 });
  });
  assert.ok(outputs.length >= 2, `${outputs.length} updates left the loop`);
});

test("a long series keeps its extremes, says that it is thinned, and smooths over all of it", async (t) => {
  const values = Array.from({ length: 50_000 }, (_, i) =>
    i === 31_234 ? 99 : i === 7 ? Number.NaN : Math.sin(i / 50),
  );
  let all = 0;
  const { outputs } = await recorded(t, () => {
    const chart = display.liveChart({ smooth: 0.9 });
    for (const loss of values) chart.push({ loss });
    chart.flush();
    all = chart.series[0]!.y.length;
  });
  assert.equal(all, values.length);
  const last = figures(outputs).at(-1)!;
  const [measured, smoothed] = last.data as { x: number[]; y: number[] }[];
  assert.ok(measured!.y.length <= 5000, `${measured!.y.length}`);
  assert.equal(measured!.x[measured!.y.indexOf(99)], 31_235);
  const whole = movingAverage(values, 0.9);
  smoothed!.x.forEach((x, i) => {
    if (smoothed!.y[i] !== null) assert.equal(smoothed!.y[i], whole[x - 1]);
  });
  assert.match(last.note ?? "", /5,000 of 50,000 points/);
});

test("what is no number is named, and what was pushed before stays", async (t) => {
  await recorded(t, () => {
    const chart = display.liveChart();
    chart.push({ loss: 1 });
    assert.throws(() => chart.push({ loss: "0.5" as never }), {
      code: "option.invalid",
      message: /chart\.push[\s\S]*loss/,
    });
    assert.throws(() => chart.push(3 as never), { code: "option.invalid" });
    chart.push({ loss: Number.POSITIVE_INFINITY });
    assert.deepEqual(chart.series[0]!.y, [1, Number.POSITIVE_INFINITY]);
  });
});
