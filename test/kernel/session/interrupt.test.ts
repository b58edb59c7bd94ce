import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Output } from "../../../kernel/protocol/outputs.ts";
import { startKernel, type TestKernel } from "../../support/kernel.ts";
import { temporaryFolder } from "../../support/temporary.ts";

interface Interruptible {
  readonly kernel: TestKernel;
  /** Runs a cell and gives its status and what it said. */
  run(source: string): Promise<readonly [status: string, text: string]>;
  /** Runs a cell until it says `begun`, interrupts it, and gives whether it settled and how. */
  interrupted(source: string): Promise<readonly [settled: boolean, status: string]>;
  /** Starts a cell, waits until it says `begun`, and gives what it will end with. */
  begun(source: string): Promise<{ readonly status: Promise<string> }>;
}

async function interruptible(t: TestContext): Promise<Interruptible> {
  const folder = temporaryFolder(t);
  const said = new Map<string, string>();
  let heard = () => {};
  const kernel = await startKernel({ path: join(folder, "n.ipynb"), store: join(folder, "store") }, (event) => {
    if (event.type !== "output") return;
    said.set(event.cellId, (said.get(event.cellId) ?? "") + textOf(event.output));
    heard();
  });
  t.after(() => kernel[Symbol.asyncDispose]());
  let count = 0;
  const begin = (source: string) => {
    const id = `cell-${++count}`;
    return { id, reply: kernel.execute({ id, index: count, source }) };
  };
  const begun = async (source: string) => {
    const { id, reply } = begin(source);
    let ended = false;
    void reply.then(() => {
      ended = true;
      heard();
    });
    while (!ended && !said.get(id)?.includes("begun"))
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    assert.match(said.get(id) ?? "nothing was said", /begun/);
    return { status: reply.then(({ status }) => status) };
  };
  return {
    kernel,
    async run(source) {
      const { id, reply } = begin(source);
      return [(await reply).status, said.get(id) ?? ""];
    },
    begun,
    async interrupted(source) {
      const { status } = await begun(source);
      const { settled } = await kernel.interrupt();
      return [settled, await status];
    },
  };
}

function textOf(output: Output): string {
  if (output.type === "stream") return output.text;
  if (output.type === "error") return output.evalue;
  return output.type === "clear" ? "" : String(output.data["text/plain"]);
}

/** A model of many products of large matrices: one run takes seconds. */
const chain = `
import { onnx, tensor } from "assay";
const n = 1024;
const g = onnx.graphBuilder();
const x = g.input("x", "float32", [n, n]);
let y: onnx.Value = x;
for (let i = 0; i < 250; i++) y = g.op("MatMul", [y, x]);
g.output("y", y, "float32", [n, n]);
const session = await onnx.sharedEngine().load(g.build(), { name: "chain" });
const small = onnx.graphBuilder();
small.output("y", small.op("Neg", [small.input("x", "float32", [1])]), "float32", [1]);
const quick = await onnx.sharedEngine().load(small.build(), { name: "quick" });
const feed = { x: tensor.zeros([n, n]) };
const order: string[] = [];
let kept = 41;`;

test("an interrupt settles a cell whose model is inside a run; the next cell runs before that run has ended", async (t) => {
  const { run, interrupted } = await interruptible(t);
  assert.deepEqual(await run(chain), ["ok", ""]);
  // The engine answers in order: an answer to what comes after the run tells that the run has ended.
  const long = `console.log("begun"); const runs = [1, 2, 3].map(() => session.run(feed)); await Promise.all(runs);`;
  assert.deepEqual(await interrupted(long), [true, "interrupted"]);
  assert.deepEqual(
    await run(`const later = quick.run({ x: tensor.float32([3]) }).then(() => order.push("engine")); ++kept`),
    ["ok", "42"],
  );
  await run(`order.push("cell")`);
  // A cell that waits for the engine, behind the run that still goes on, can be interrupted as well.
  assert.deepEqual(await interrupted(`console.log("begun"); await session.run(feed)`), [true, "interrupted"]);
  assert.deepEqual(await run(`await later; order.join()`), ["ok", "'cell,engine'"]);
  assert.deepEqual(await run(`(await quick.run({ x: tensor.float32([3]) })).y.toNumbers()[0]`), ["ok", "-3"]);
});

test("training and generation stop, and what comes after them works", async (t) => {
  const { run, interrupted } = await interruptible(t);
  const corpus = fileURLToPath(new URL("../../../samples/corpus", import.meta.url));
  const [status, text] = await run(`
    import { data, generate, train } from "assay";
    const dataset = data.dataset(await data.collect(${JSON.stringify(corpus)}), { mode: "open_source_only" });`);
  assert.equal(status, "ok", text);
  const step = `({ step }) => { if (step === 2) console.log("begun") }`;
  assert.deepEqual(await interrupted(`await train.lora({ dataset, steps: 100_000, onStep: ${step} })`), [
    true,
    "interrupted",
  ]);
  assert.deepEqual(
    await interrupted(
      `console.log("begun"); await generate.image({ prompts: Array(200).fill("a red cube"), steps: 50 })`,
    ),
    [true, "interrupted"],
  );
  const lora = `const small = await train.lora({ dataset, steps: 2 });
    const images = await generate.image({ prompt: "a red cube", steps: 2, loras: [{ lora: small, weight: 1 }] });
    console.log(small.losses.length, images.length)`;
  assert.match((await run(lora))[1], /\n?2 1\n/);
});

/** Cells that wait for something outside the main thread. */
const waiting = {
  "a request that is never answered": `
    const server = require("node:http").createServer(() => {});
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    console.log("begun");
    await fetch("http://127.0.0.1:" + server.address().port)`,
  "a child process": `
    const child = require("node:child_process").spawn("sleep", ["600"]);
    console.log("begun");
    await new Promise((done) => child.on("exit", done))`,
  "a child process, without a turn of the loop": `
    console.log("begun");
    require("node:child_process").spawnSync("sleep", ["600"])`,
  "a worker thread": `
    const worker = new (require("node:worker_threads").Worker)("setInterval(() => {}, 1000)", { eval: true });
    await new Promise((done) => worker.on("online", done));
    console.log("begun");
    await new Promise((done) => worker.on("exit", done))`,
  "a question": `
    import { input } from "assay";
    console.log("begun");
    await input("your name?")`,
  "the compression of a large buffer, in native code a piece at a time": `
    console.log("begun");
    while (true) require("node:zlib").gzipSync(Buffer.alloc(1e8))`,
  "an image that native code encodes": `
    const { default: sharp } = await import(${JSON.stringify(import.meta.resolve("sharp"))});
    const noise = { type: "gaussian" as const, mean: 128, sigma: 50 };
    const large = sharp({ create: { width: 4000, height: 4000, channels: 3, background: "red", noise } });
    console.log("begun");
    while (true) await large.clone().png({ compressionLevel: 9 }).toBuffer()`,
  "the opening of a model": `
    import { onnx } from "assay";
    const g = onnx.graphBuilder();
    let y: onnx.Value = g.input("x", "float32", [4, 4]);
    for (let i = 0; i < 3000; i++) y = g.op("MatMul", [y, y]);
    g.output("y", y, "float32", [4, 4]);
    const model = g.build();
    console.log("begun");
    while (true) await onnx.sharedEngine().load(model)`,
};

test("an interrupt ends what waits for something else, and keeps the state", async (t) => {
  const { run, interrupted } = await interruptible(t);
  await run("let kept = 0");
  for (const [index, [name, source]] of Object.entries(waiting).entries()) {
    assert.deepEqual(await interrupted(source), [true, "interrupted"], name);
    assert.deepEqual(await run("++kept"), ["ok", String(index + 1)], name);
  }
});

test("interrupts that come late, when the next cell runs already, do not touch it", async (t) => {
  const { kernel, run, begun } = await interruptible(t);
  for (let round = 0; round < 5; round++) {
    const { status } = await begun(
      `console.log("begun"); for (const until = performance.now() + 60; performance.now() < until; );`,
    );
    const interrupts = [kernel.interrupt(), kernel.interrupt(), kernel.interrupt(), kernel.interrupt()];
    // It may have been at its end.
    assert.match(await status, /ok|interrupted/);
    const next = run(`for (const until = performance.now() + 200; performance.now() < until; ); ${round}`);
    assert.deepEqual(await next, ["ok", String(round)]);
    assert.deepEqual(await Promise.all(interrupts), Array(4).fill({ settled: true }));
  }
});

test("native code that does not come back is told as such, again at the next interrupt, and a restart ends it", async (t) => {
  const { kernel, run, begun } = await interruptible(t);
  const native = `require("node:crypto").pbkdf2Sync("a", "b", 2_000_000_000, 64, "sha512")`;
  const { status } = await begun(`console.log("begun"); ${native}`);
  assert.deepEqual(await kernel.interrupt(), { settled: false });
  assert.deepEqual(await kernel.interrupt(), { settled: false });
  await kernel.restart();
  assert.equal(await status, "interrupted");
  assert.deepEqual(await run("6 * 7"), ["ok", "42"]);
});
