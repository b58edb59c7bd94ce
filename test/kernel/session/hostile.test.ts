import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { ExecutionStatus, SessionEvent } from "../../../kernel/protocol/messages.ts";
import { startKernel } from "../../support/kernel.ts";
import { temporaryFolder } from "../../support/temporary.ts";

/** Cells that try to break the kernel, how each ends, and what it says. */
const hostile: readonly (readonly [name: string, source: string, status: ExecutionStatus, says?: RegExp])[] = [
  ["ends the process", `process.exit(3)`, "crashed", /exit code 3/],
  ["aborts", `process.abort()`, "crashed", /SIGABRT/],
  ["closes the output pipe", `require("fs").closeSync(3); console.log(1)`, "crashed", /descriptor 3/],
  [
    "closes native output",
    `require("fs").closeSync(1); require("fs").closeSync(2); console.log("after")`,
    "ok",
    /after/,
  ],
  ["writes into the output pipe", `require("fs").writeSync(3, "garbage garbage"); 1`, "crashed", /descriptor 3/],
  [
    "sends messages of its own",
    `process.send({ type: "done" }); process.send(null); console.log("after")`,
    "ok",
    /after/,
  ],
  ["leaves the channel", `process.disconnect(); await new Promise(() => {})`, "crashed", /exit code 0/],
  ["lets go of the channel", `process.channel.unref(); console.log("after")`, "ok", /after/],
  ["takes all listeners away", `process.removeAllListeners(); console.log("after")`, "ok", /after/],
  ["replaces JSON", `JSON.stringify = () => "nope"; console.log("after")`, "ok", /after[\s\S]*JSON\.stringify/],
  ["replaces then", `Promise.prototype.then = () => { throw 1 }`, "ok", /Promise\.prototype\.then/],
  ["replaces nextTick", `process.nextTick = () => {}; console.log("after")`, "ok", /process\.nextTick/],
  ["replaces push", `Array.prototype.push = () => { throw 1 }; console.log(1)`, "ok", /Array\.prototype\.push/],
  [
    "replaces Atomics",
    `for (const name of ["compareExchange", "load", "notify", "store", "wait"] as const)
    Atomics[name] = () => { throw 1 };
  console.log("after")`,
    "ok",
    /after/,
  ],
  [
    "keeps a wrapper",
    `const p = JSON.parse; JSON.parse = (...a) => p(...a); console.log(JSON.parse("7"))`,
    "ok",
    /^7\n$/,
  ],
  [
    "pollutes Object.prototype",
    `Object.prototype.extra = 1; console.log("after"); delete Object.prototype.extra`,
    "ok",
  ],
  [
    "throws what throws",
    `throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })`,
    "error",
    /looked at/,
  ],
  ["breaks traces", `Error.prepareStackTrace = () => { throw 1 }; throw new Error("x")`, "error", /x/],
  ["throws nothing", `throw undefined`, "error", /undefined/],
  ["is nested too deeply", `${"[".repeat(20_000)}${"]".repeat(20_000)}`, "error", /nested too deeply/],
  ["goes too deep", `function deeper() { return deeper() + 1 }\ndeeper()`, "error", /call stack/],
];

function session(t: TestContext) {
  const folder = temporaryFolder(t);
  const said = new Map<string, string>();
  const kernel = startKernel({ path: join(folder, "n.ipynb"), store: join(folder, "store") }, (event: SessionEvent) => {
    if (event.type !== "output") return;
    const { output } = event;
    const text = output.type === "stream" ? output.text : output.type === "error" ? output.evalue : "";
    said.set(event.cellId, ((said.get(event.cellId) ?? "") + text).slice(-100_000));
  });
  return { kernel, said };
}

test("no cell keeps the session from running the next one", async (t) => {
  const { kernel: starting, said } = session(t);
  await using kernel = await starting;
  for (const [index, [name, source, status, says]] of hostile.entries()) {
    const bad = await kernel.execute({ id: name, index, source });
    assert.equal(bad.status, status, `${name}: ${said.get(name)}`);
    if (says) assert.match(said.get(name) ?? "", says, name);
    const next = await kernel.execute({
      id: `after ${name}`,
      index,
      source: `console.log([1, 2].map((x) => x + 1).join())`,
    });
    assert.equal(next.status, "ok", `after ${name}: ${said.get(`after ${name}`)}`);
    assert.equal(said.get(`after ${name}`), "2,3\n");
  }
});

test("what a cell floods or waits for is interrupted, and the state is kept", async (t) => {
  const { kernel: starting, said } = session(t);
  await using kernel = await starting;
  await kernel.execute({ id: "keep", index: 1, source: "const keep = 42;" });
  const endless = {
    console: `console.log("begun"); while (true) console.log("x".repeat(1000))`,
    native: `console.log("begun"); require("child_process").execSync("yes", { stdio: "inherit" })`,
    waiting: `console.log("begun"); require("child_process").execSync("sleep 600")`,
    blocked: `console.log("begun"); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`,
    large: `console.log("begun"); while (true) console.log("y".repeat(3_000_000))`,
  };
  for (const [id, source] of Object.entries(endless)) {
    const running = kernel.execute({ id, index: 2, source });
    while (!said.get(id)) await new Promise((done) => setTimeout(done, 10));
    assert.deepEqual(await kernel.interrupt(), { settled: true }, id);
    assert.equal((await running).status, "interrupted", id);
    await kernel.execute({ id: `after ${id}`, index: 3, source: "console.log(keep)" });
    assert.equal(said.get(`after ${id}`), "42\n");
  }
});

test("what cells start ends with their process, also when they ignore being asked", async (t) => {
  const { kernel: starting, said } = session(t);
  await using kernel = await starting;
  const source = `
    process.on("SIGTERM", () => {});
    const child = require("child_process").spawn("sh", ["-c", "trap '' TERM INT HUP; while true; do sleep 1; done"], { stdio: "ignore" });
    console.log(child.pid);`;
  await kernel.execute({ id: "start", index: 1, source });
  const pid = Number(said.get("start"));
  assert.ok(pid > 0 && isAlive(pid));
  await kernel.restart();
  while (isAlive(pid)) await new Promise((done) => setTimeout(done, 10));
});

test("native output belongs to the cell that ended with it", async (t) => {
  const { kernel: starting, said } = session(t);
  await using kernel = await starting;
  for (let n = 0; n < 20; n++) {
    const source = `require("fs").writeSync(1, "native ${n}\\n".repeat(1000)); 0`;
    await kernel.execute({ id: `native ${n}`, index: n, source });
    assert.equal(said.get(`native ${n}`), `native ${n}\n`.repeat(1000));
  }
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
