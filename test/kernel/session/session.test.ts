import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { ExecutionReply, SessionEvent } from "../../../kernel/protocol/messages.ts";
import type { Output } from "../../../kernel/protocol/outputs.ts";
import { startKernel, type TestKernel } from "../../support/kernel.ts";
import { temporaryFolder } from "../../support/temporary.ts";

/** A kernel with what each cell put out. */
interface Bench {
  readonly kernel: TestKernel;
  readonly events: SessionEvent[];
  run(source: string): Promise<ExecutionReply & { outputs: Output[]; text: string }>;
  /** The outputs of the n-th cell so far, from 1. */
  outputs(cell: number): Output[];
}

async function bench(
  t: TestContext,
  notebook: { readonly parameters?: Record<string, unknown> } = {},
  env: Record<string, string> = {},
): Promise<Bench> {
  const folder = temporaryFolder(t);
  const events: SessionEvent[] = [];
  const kernel = await startKernel(
    { path: join(folder, "notebook.ipynb"), store: join(folder, "store"), ...notebook },
    (event) => {
      events.push(event);
    },
    env,
  );
  t.after(() => kernel[Symbol.asyncDispose]());
  let count = 0;
  const outputs = (cell: number) =>
    events.flatMap((event) => (event.type === "output" && event.cellId === `cell-${cell}` ? [event.output] : []));
  return {
    kernel,
    events,
    outputs,
    async run(source) {
      const index = ++count;
      const reply = await kernel.execute({ id: `cell-${index}`, index, source });
      const own = outputs(index);
      return { ...reply, outputs: own, text: textOf(own) };
    },
  };
}

function textOf(outputs: readonly Output[]): string {
  return outputs
    .map((one) => {
      if (one.type === "stream") return one.text;
      if (one.type === "error") return one.traceback.join("\n");
      return one.type === "clear" ? "" : String(one.data["text/plain"]);
    })
    .join("");
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

for (const [name, source, how] of [
  ["process.exit()", "process.exit(7)", /exit code 7/],
  ["process.abort()", "process.abort()", /signal SIGABRT/],
  ["a fatal signal", "process.kill(process.pid, 'SIGSEGV')", /signal SIGSEGV/],
  [
    "an endless array",
    "const all = []; while (true) all.push(new Array(1e6).fill(0.5))",
    /signal SIGABRT|exit code 134/,
  ],
] as const)
  test(`${name} in a cell ends that cell only`, async (t) => {
    // A small heap, so that the array ends soon.
    const { run, events } = await bench(t, {}, { NODE_OPTIONS: "--max-old-space-size=200" });
    await run("let a = 1");
    const crash = await run(`console.log('before');\n${source}`);
    assert.equal(crash.status, "crashed");
    assert.match(crash.text, /^before\n/);
    assert.match(crash.text, how);
    assert.ok(crash.contentId);
    assert.ok(events.some((event) => event.type === "state" && event.state === "crashed"));
    const after = await run("typeof a");
    assert.deepEqual([after.status, after.text], ["ok", "'undefined'"]);
  });

test("a cell process that is killed from outside is replaced, and what waited is taken back", async (t) => {
  const { run, kernel } = await bench(t);
  const pid = Number((await run("process.pid")).text);
  const running = run("await new Promise(() => {})");
  const waiting = kernel.execute({ id: "waiting", index: 9, source: "1" });
  await pause(100);
  process.kill(pid, "SIGKILL");
  assert.equal((await running).status, "crashed");
  assert.equal((await waiting).status, "aborted");
  assert.equal((await run("2")).text, "2");
});

for (const [name, source] of [
  ["a loop", "while (true) {}"],
  ["a loop after an await", "await null; await new Promise((r) => setTimeout(r, 1)); while (true) {}"],
  ["a pending await", "await new Promise(() => {})"],
  ["a loop of awaits that never lets go", "while (true) await null"],
  ["a loop that catches everything", "while (true) { try { await new Promise((r) => setTimeout(r, 1)) } catch {} }"],
  ["a loop that prints", "while (true) console.log('x'.repeat(100))"],
  ["a finally that never ends", "try { while (true) {} } finally { while (true) {} }"],
] as const)
  test(`an interrupt stops ${name} and keeps the state`, async (t) => {
    const { run, kernel } = await bench(t);
    await run("let kept = 41");
    const running = run(source);
    await pause(300);
    assert.deepEqual(await kernel.interrupt(), { settled: true });
    const { status, outputs } = await running;
    assert.equal(status, "interrupted");
    assert.equal(outputs.findLast((one) => one.type === "error")?.type, "error");
    const next = await run("await new Promise((r) => setTimeout(r, 20)); console.log('out'); kept + 1");
    assert.deepEqual([next.status, next.text], ["ok", "out\n42"]);
  });

test("what an interrupted cell left running stops at its next await", async (t) => {
  const { run, kernel, outputs } = await bench(t);
  await run("let turns = 0");
  const running = run(
    "while (true) { await new Promise((r) => setTimeout(r, 2)); if (turns++ === 1) console.log(turns) }",
  );
  while (outputs(2).length === 0) await pause(10);
  await kernel.interrupt();
  await running;
  const { text } = await run(
    "const before = turns; await new Promise((r) => setTimeout(r, 100)); [before > 0, turns === before]",
  );
  assert.equal(text, "[ true, true ]");
});

test("a loop in a timer can be interrupted while another cell waits", async (t) => {
  const { run, kernel } = await bench(t);
  const looping = join(temporaryFolder(t), "looping");
  await run(
    `setTimeout(() => { require("node:fs").writeFileSync(${JSON.stringify(looping)}, ""); while (true) {} }, 50)`,
  );
  const running = run("await new Promise(() => {})");
  while (!existsSync(looping)) await pause(10);
  await kernel.interrupt();
  assert.equal((await running).status, "interrupted");
  assert.equal((await run("await new Promise((r) => setTimeout(r, 10)); 5")).text, "5");
});

test("a cell that cannot begin, because a timer of another loops, is interrupted as well", async (t) => {
  const { run, kernel } = await bench(t);
  const looping = join(temporaryFolder(t), "looping");
  await run(
    `let begun = 0; setTimeout(() => { require("node:fs").writeFileSync(${JSON.stringify(looping)}, ""); while (true) {} }, 5)`,
  );
  while (!existsSync(looping)) await pause(10);
  const running = run("begun++");
  await pause(100);
  assert.deepEqual(await kernel.interrupt(), { settled: true });
  const { status, outputs } = await running;
  assert.equal(status, "interrupted");
  assert.equal(outputs.findLast((one) => one.type === "error")?.type, "error");
  const next = await run("await new Promise((r) => setTimeout(r, 10)); begun");
  assert.deepEqual([next.status, next.text], ["ok", "0"]);
});

test("output belongs to the cell that caused it, also when it comes late", async (t) => {
  const { run, outputs, events } = await bench(t);
  await run(
    "setTimeout(() => console.log('late timer'), 60); void Promise.resolve().then(async () => { await new Promise((r) => setTimeout(r, 80)); console.error('late promise') })",
  );
  await run("console.log('second'); await new Promise((r) => setTimeout(r, 200))");
  assert.equal(textOf(outputs(1)), "late timer\nlate promise\n");
  assert.equal(textOf(outputs(2)), "second\n");
  const late = events.filter((event) => event.type === "output" && event.late);
  assert.equal(late.length, 2);
});

test("errors that nobody catches are shown in the cell that caused them, and end nothing", async (t) => {
  const { run, outputs } = await bench(t);
  assert.equal(
    (await run("const mine = 3;\nsetTimeout(() => {\n  throw new Error('from timer');\n}, 30)")).status,
    "ok",
  );
  const second = await run(
    "void Promise.reject(new RangeError('floating')); await new Promise((r) => setTimeout(r, 100)); mine",
  );
  assert.equal(second.status, "ok");
  assert.match(textOf(outputs(1)), /Uncaught Error: from timer\n {4}at .*\(cell #1:3:9\)/);
  assert.match(second.text, /Uncaught \(in promise\) RangeError: floating/);
  assert.match(second.text, /3$/);
});

test("cells with the same text share their code, and each error names its own cell", async (t) => {
  const { run, outputs } = await bench(t);
  const source = "setTimeout(() => {\n  throw new Error('late');\n}, 100);\nnull.x";
  for (let at = 1; at <= 3; at++) assert.match((await run(source)).text, new RegExp(`\\(?cell #${at}:4:6`));
  await run("await new Promise((done) => setTimeout(done, 300))");
  for (let at = 1; at <= 3; at++)
    assert.match(textOf(outputs(at)), new RegExp(`Error: late\\n.*\\(cell #${at}:2:9\\)`));
});

test("a flood of lines arrives complete, in order, and before the end", async (t) => {
  const { run } = await bench(t);
  const { text, status } = await run("for (let i = 0; i < 100_000; i++) console.log(i)");
  assert.equal(status, "ok");
  const lines = text.trimEnd().split("\n");
  assert.equal(lines.length, 100_000);
  assert.ok(lines.every((line, at) => line === String(at)));
});

test("a value of ten megabytes arrives whole", async (t) => {
  const { run } = await bench(t);
  assert.equal((await run("'é'.repeat(10_000_000)")).text.length, 10_000_002);
});

test("traces name the cells and their own lines, also of cells that ran again", async (t) => {
  const { run } = await bench(t);
  await run(
    "type A = { b: number };\nfunction thrower(a: A): never {\n  throw new TypeError('no ' + a.b, { cause: new Error('why') });\n}",
  );
  await run("async function later(): Promise<void> {\n\n  await null;\n  thrower({ b: 1 });\n}");
  const { text, outputs } = await run("\n\nawait later();");
  assert.match(text, /TypeError: no 1\n {4}at thrower \(cell #1:3:9\)\n/);
  assert.match(text, /> 3 │ {3}throw new TypeError/);
  assert.match(text, /at later \(cell #2:4:3\)\n {4}at async cell #3:3:1/);
  assert.match(text, /\[cause\]: Error: why/);
  assert.doesNotMatch(text, /node:|\.js:|ª/);
  const [error] = outputs.filter((one) => one.type === "error");
  assert.equal(error?.type === "error" && error.ename, "TypeError");
});

test("a question reaches the front end, and its answer the cell", async (t) => {
  const { run, kernel, events } = await bench(t);
  const running = run("import { confirm, input } from 'assay';\n[await input('Name?'), await confirm('Sure?')]");
  for (const [question, text] of [
    ["Name?", "Ada"],
    ["Sure?", "yes"],
  ] as const) {
    const asked = () => events.find((event) => event.type === "ask" && event.message === question);
    while (!asked()) await pause(20);
    const event = asked();
    if (event?.type === "ask") await kernel.answer(event.questionId, text);
  }
  assert.equal((await running).text, "[ 'Ada', true ]");
  const dismissed = run("await input('Again?')");
  const asked = () => events.find((event) => event.type === "ask" && event.message === "Again?");
  while (!asked()) await pause(20);
  const event = asked();
  if (event?.type === "ask") await kernel.answer(event.questionId, null);
  assert.equal((await dismissed).status, "error");
});

test("a restart forgets the variables and is ready at once", async (t) => {
  const { run, kernel } = await bench(t);
  await run("let gone = 1");
  await kernel.restart();
  const { text, executionCount } = await run("typeof gone");
  assert.deepEqual([text, executionCount], ["'undefined'", 1]);
});

test("restarts while the process starts, and cells that wait for it, come to their end", async (t) => {
  const { run, kernel } = await bench(t);
  const first = kernel.restart();
  const waiting = run("1");
  await Promise.all([first, kernel.restart(), kernel.restart()]);
  assert.equal((await waiting).status, "aborted");
  assert.equal((await run("2")).text, "2");
  const last = kernel.restart();
  const closed = run("3");
  await kernel[Symbol.asyncDispose]();
  await Promise.allSettled([last, closed]);
});

test("parameters are variables from the start and win over a cell tagged so", async (t) => {
  const { run, kernel } = await bench(t, { parameters: { steps: 7 } });
  assert.equal((await run("steps")).text, "7");
  await kernel.execute({ id: "p", index: 5, source: "const steps = 200; const other = 1;", tags: ["parameters"] });
  assert.equal((await run("[steps, other]")).text, "[ 7, 1 ]");
});

test("Math.random follows the seed, and starts again with each run of a cell", async (t) => {
  const { kernel, outputs } = await bench(t);
  const cell = (id: string) => ({ id, index: 1, source: "Math.random()" });
  await kernel.execute(cell("cell-1"));
  await kernel.execute(cell("cell-1"));
  await kernel.execute(cell("cell-2"));
  const [first, again] = outputs(1).map((one) => textOf([one]));
  assert.equal(first, again);
  assert.notEqual(first, textOf(outputs(2)));
});

test("a dead session takes its cell process along, even from a loop", async (t) => {
  const { run, kernel } = await bench(t);
  const pid = Number((await run("process.pid")).text);
  void run("while (true) {}").catch(() => {});
  await pause(300);
  process.kill(kernel.pid, "SIGKILL");
  const alive = () => {
    try {
      return !/^Z/.test(execFileSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).trim());
    } catch {
      return false;
    }
  };
  for (let waited = 0; waited < 10_000 && alive(); waited += 50) await pause(50);
  assert.equal(alive(), false);
});
