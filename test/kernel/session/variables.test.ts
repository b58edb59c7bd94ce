import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { SessionEvent } from "../../../kernel/protocol/messages.ts";
import {
  type ValueMember,
  type ValueMembers,
  type Variable,
  type VariableList,
  valueMembers,
  variableList,
} from "../../../kernel/protocol/variables.ts";
import { startKernel } from "../../support/kernel.ts";
import { temporaryFolder } from "../../support/temporary.ts";

async function bench(t: TestContext, parameters: Record<string, unknown> = {}) {
  const folder = temporaryFolder(t);
  const events: SessionEvent[] = [];
  const kernel = await startKernel(
    { path: join(folder, "notebook.ipynb"), store: join(folder, "store"), parameters },
    (event) => void events.push(event),
  );
  t.after(() => kernel[Symbol.asyncDispose]());
  let count = 0;
  const list = async () => variableList.parse(await kernel.request<VariableList>("variables/list", {}));
  const children = async (path: readonly string[], start?: number, count?: number) =>
    valueMembers.parse(await kernel.request<ValueMembers>("variables/children", { path, start, count }));
  const start = (source: string) => kernel.execute({ id: `cell-${++count}`, index: count, source });
  return {
    folder,
    kernel,
    events,
    list,
    children,
    start,
    async run(source: string) {
      const reply = await start(source);
      assert.equal(reply.status, "ok", JSON.stringify(events.filter((one) => one.type === "output").slice(-1)));
      return reply;
    },
    async variable(name: string): Promise<Variable> {
      const { variables } = await list();
      const found = variables.find((one) => one.name === name);
      assert.ok(found, `${name} among ${variables.map((one) => one.name)}`);
      return found;
    },
    async printed(text: string) {
      while (!events.some((one) => one.type === "output" && JSON.stringify(one.output).includes(text)))
        await new Promise((resolve) => setTimeout(resolve, 5));
    },
  };
}

const lines = (members: readonly ValueMember[]) => members.map(({ label, preview }) => `${label}: ${preview}`);

test("variables have a type, a shape, a size, a preview and a writer", async (t) => {
  const { run, variable, list } = await bench(t, { steps: 20 });
  await run(`const text = "blue 'sky'"; let n = -0; const big = 10n ** 20n; const bytes = new Uint8Array(1500);
    const list = [1, "a", , null]; const grid = new Map([["k", { x: 1 }]]); class Scene { light = 3; }
    const scene = new Scene(); function render() {} var when = new Date(0);`);
  await run(`import { tensor } from "assay"; import * as path from "node:path";
    const t = new tensor.Tensor("float16", [2, 3, 4], new Uint16Array(24));`);
  const third = await run("n = 7");
  const of = Object.fromEntries((await list()).variables.map((one) => [one.name, one]));
  assert.deepEqual(Object.keys(of), [
    "steps",
    "when",
    "render",
    "text",
    "n",
    "big",
    "bytes",
    "list",
    "grid",
    "Scene",
    "scene",
    "tensor",
    "path",
    "t",
  ]);
  assert.equal(of.steps?.declared, "parameter");
  assert.equal(of.text?.preview, `'blue \\'sky\\''`);
  assert.equal(of.big?.preview, "100000000000000000000n");
  assert.equal(of.list?.preview, "[1, 'a', empty, null]");
  assert.equal(of.list?.shape, "4 items");
  assert.equal(of.grid?.preview, "Map { 'k' → { x: 1 } }");
  assert.equal(of.scene?.preview, "Scene { light: 3 }");
  assert.equal(of.Scene?.declared, "class");
  assert.equal(of.render?.declared, "function");
  assert.equal(of.when?.preview, "1970-01-01T00:00:00.000Z");
  assert.equal(of.path?.declared, "import");
  assert.deepEqual([of.bytes?.shape, of.bytes?.bytes], ["1,500 items", 1500]);
  assert.deepEqual([of.t?.type, of.t?.shape, of.t?.bytes], ["Tensor", "2 × 3 × 4 float16", 48]);
  assert.deepEqual(of.n?.writer, { cellId: "cell-3", executionId: third.executionId });
  assert.equal(of.text?.writer?.cellId, "cell-1");
  assert.equal((await variable("n")).preview, "7");
});

test("values open member by member, page by page", async (t) => {
  const { run, children } = await bench(t);
  await run(`const deep = { a: [10, { b: new Map([["k", new Set(["v"])], [{ id: 1 }, 2]]) }], [Symbol("s")]: 1, get g() { throw 1; } };
    const many = Float32Array.from({ length: 1_000_000 }, (_, i) => i);`);
  assert.deepEqual(lines((await children(["deep"])).members), ["a: [10, { b: Map(2) }]", "g: (get)", "[Symbol(s)]: 1"]);
  let path: readonly string[] = ["deep"];
  const seen: string[] = [];
  for (const label of ["a", "1", "b", "'k'", "0"]) {
    const found = (await children(path)).members.find((one) => one.label === label);
    assert.ok(found, label);
    path = found.path;
    seen.push(`${found.access}`);
  }
  assert.deepEqual(seen, [".a", "[1]", ".b", '.get("k")', "undefined"]);
  const page = await children(["many"], 999_998, 10);
  assert.equal(page.total, 1_000_001 - 1);
  assert.deepEqual(lines(page.members), ["999998: 999998", "999999: 999999"]);
  const [entry] = (await children(["deep", ".a", ".1", ".b"], 1, 1)).members;
  assert.deepEqual(lines((await children(entry!.path)).members), ["key: { id: 1 }", "value: 2"]);
  await assert.rejects(children(["deep", ".nothing"]), /deep: nothing is there any more/);
  await assert.rejects(children(["unknown"]), /unknown: nothing is there/);
  await assert.rejects(children([]), /variables\/children: its parameters cannot be used/);
});

test("variables are read in the middle of a loop, and no promise runs before its turn", async (t) => {
  const { start, kernel, variable, children, printed } = await bench(t);
  const running = start(`let i = 0; let early = false; const nested = { at: [1, 2] };
    Promise.resolve().then(() => { early = true; });
    console.log("looping"); while (true) i++;`);
  await printed("looping");
  const first = Number((await variable("i")).preview);
  while (Number((await variable("i")).preview) <= first);
  assert.equal((await variable("early")).preview, "false");
  assert.deepEqual(lines((await children(["nested", ".at"])).members), ["0: 1", "1: 2"]);
  await kernel.interrupt();
  assert.equal((await running).status, "interrupted");
  assert.ok(Number((await variable("i")).preview) > first);
});

test("while native code holds the thread, the last list is given and said to be old", async (t) => {
  const { folder, run, start, list, children } = await bench(t);
  await run("const x = 1");
  await list();
  const flag = join(folder, "flag");
  const running = start(
    `require("node:child_process").execSync(${JSON.stringify(`while [ ! -e '${flag}' ]; do sleep 0.05; done`)})`,
  );
  let answer = await list();
  while (answer.current) answer = await list();
  assert.deepEqual(
    answer.variables.map((one) => one.name),
    ["x"],
  );
  await assert.rejects(children(["x"]), /cannot be read while native code/);
  writeFileSync(flag, "");
  await running;
  assert.ok((await list()).current);
});

test("hostile values are read without running anything of theirs", async (t) => {
  const { run, list, children } = await bench(t);
  await run(`var ran = [];
    const boom = (what) => () => { ran.push(what); throw new Error(what); };
    const traps = new Proxy({}, new Proxy({}, { get: (_, trap) => boom("trap " + String(trap)) }));
    const proxy = traps; const functionProxy = new Proxy(function () {}, Object.getPrototypeOf({}) && { get: boom("fn") });
    const getters = { get a() { return boom("a")(); }, set b(v) {}, [Symbol.toStringTag]: "x" };
    Object.defineProperty(getters, "constructor", { get: boom("constructor") });
    class Odd { static get name() { return boom("name")(); } static [Symbol.hasInstance]() { return boom("hasInstance")(); }
      [Symbol.for("nodejs.util.inspect.custom")]() { boom("inspect")(); } toString() { boom("toString")(); } toJSON() { boom("toJSON")(); } }
    const odd = new Odd();
    const child = Object.create(traps); const bare = Object.create(null);
    const circular = { list: [] }; circular.self = circular; circular.list.push(circular);
    const map = new Map([[1, 2]]); Object.defineProperty(map, "size", { get: boom("size") }); map.entries = boom("entries");
    const error = new Error("e"); Object.defineProperty(error, "message", { get: boom("message") });
    const lone = "\\ud800 \\u2028 \\0"; const long = "x".repeat(5_000_000); const sparse = new Array(4_000_000_000);
    const detached = new Uint8Array(8); structuredClone(detached.buffer, { transfer: [detached.buffer] });
    const keys = Object.fromEntries(Array.from({ length: 200_000 }, (_, i) => ["k" + i, i]));
    let chain = null; for (let i = 0; i < 100_000; i++) chain = { chain };
    const dimsTrap = { dims: traps, dtype: "float32", schema: traps, width: 1, height: 1, data: traps };
    const hostileArray = [1]; Object.defineProperty(hostileArray, 0, { get: boom("item") });
    Map.prototype.entries = boom("Map.entries"); Object.defineProperty(Object.prototype, "polluted", { get: boom("polluted"), configurable: true });`);
  const { current, variables } = await list();
  assert.ok(current);
  for (const { name, path, preview } of variables) {
    assert.ok(preview.length < 500, name);
    const { members } = await children(path, 0, 20);
    for (const member of members) await children(member.path, 0, 5).catch(() => {});
  }
  const of = Object.fromEntries(variables.map((one) => [one.name, one]));
  assert.equal(of.ran?.preview, "[]");
  assert.equal(of.proxy?.type, "Proxy");
  assert.equal(of.getters?.preview, `{ a: (getter), b: (getter), [Symbol(Symbol.toStringTag)]: 'x' }`);
  assert.equal(of.circular?.preview, "{ list: [{…}], self: { list: Array(1), self: {…} } }");
  assert.equal(of.sparse?.shape, "4,000,000,000 items");
  await run(`delete Object.prototype.polluted; if (ran.length > 0) throw ran`);
});

test("each cell raises the version, and a restart clears the variables", async (t) => {
  const { run, kernel, list, events } = await bench(t);
  await run("const a = 1");
  const before = (await list()).version;
  await run("const b = 2");
  const { version, variables } = await list();
  assert.ok(version > before);
  assert.equal(variables.length, 2);
  await kernel.restart();
  assert.deepEqual((await list()).variables, []);
  const told = events.flatMap((one) => (one.type === "variables" ? [one.version] : []));
  assert.deepEqual(
    told,
    told.toSorted((a, b) => a - b),
  );
  assert.equal(told.at(-1), (await list()).version);
});
