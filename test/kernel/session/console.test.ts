import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { SessionEvent } from "../../../kernel/protocol/messages.ts";
import { startKernel } from "../../support/kernel.ts";
import { temporaryFolder } from "../../support/temporary.ts";

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** What Node itself prints for the same calls. */
function byNode(source: string): Printed {
  const env = { ...process.env, FORCE_COLOR: undefined, NO_COLOR: undefined };
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", source], {
    encoding: "utf8",
    env,
  });
  assert.equal(status, 0, stderr);
  return { stdout: comparable(stdout), stderr: comparable(stderr) };
}

/** Times, process numbers and the frames of traces differ from run to run. */
function comparable(text: string): string {
  return text
    .replace(/\d+(\.\d+)?(ms|s)\b/g, "<time>")
    .replace(/\(node:\d+\)/g, "(node)")
    .replace(/^\s+at .*\n/gm, "");
}

async function bench(t: TestContext) {
  const folder = temporaryFolder(t);
  const events: SessionEvent[] = [];
  const kernel = await startKernel(
    { path: join(folder, "notebook.ipynb"), store: join(folder, "store") },
    (event) => void events.push(event),
  );
  t.after(() => kernel[Symbol.asyncDispose]());
  let count = 0;
  const printed = (cellId: string): Printed => {
    const of = (name: "stdout" | "stderr") =>
      events
        .flatMap((one) =>
          one.type === "output" && one.cellId === cellId && one.output.type === "stream" && one.output.name === name
            ? one.output.text
            : [],
        )
        .join("");
    return { stdout: of("stdout"), stderr: of("stderr") };
  };
  return {
    printed,
    async run(source: string): Promise<Printed> {
      const id = `cell-${++count}`;
      // The last statement is no expression, so that nothing but the console speaks.
      const { status } = await kernel.execute({ id, index: count, source: `${source}\n;var done = true;` });
      assert.equal(status, "ok", source);
      const { stdout, stderr } = printed(id);
      return { stdout: comparable(stdout), stderr: comparable(stderr) };
    },
    async until(holds: () => boolean) {
      while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
    },
  };
}

const cases: Readonly<Record<string, string>> = {
  "plain values": `console.log(1, "a", null, undefined, true, 5n, Symbol("s"), -0, [1, [2, [3, [4]]]], { a: { b: { c: { d: 1 } } } });
    console.log(new Map([["k", new Set([1])]]), new Date(0), /x/g, () => 1, class A {}, new (class B { x = 1 })());
    console.log(); console.log(""); console.log("a\\nb\\n"); console.log(new Uint8Array(200)); console.log("x".repeat(20000));
    console.log(Array.from({ length: 150 }, (_, i) => i)); console.log([undefined, , 3]); console.log(Object.create(null));`,
  formats: `console.log("%s|%s|%s|%s", "x", 1.5, { a: { b: { c: 1 } } }, Symbol("q")); console.log("%d|%d|%d|%i|%f", "42", 4.7, 5n, 4.7, "1.25x");
    console.log("%j|%o|%O", { a: [1] }, [1, { b() {} }], { deep: { er: { and: { on: 1 } } } }); console.log("%c styled %c", "color: red", "");
    console.log("100%", 1, "%s"); console.log("%s %s", "one"); console.log("%%s %s", "x"); console.log("%x", 1); console.log("%s", "a", "b", { c: 1 });
    console.log("%d", {}, "%i"); console.log("%s", null, undefined, -0, 12345678901234567890n); console.log(5, "%s", "x");`,
  tables: `console.table([{ col1: "aa", col2: 1 }, { col1: "bb", extra: true }]); console.table([[1, 2], [3, 4]]); console.table(["a", "b"]);
    console.table([{ a: 1, b: 2 }], ["b"]); console.table(new Map([["k", { v: 1 }]])); console.table(new Set([1])); console.table(5); console.table([]);
    console.table({ x: { y: 1 }, z: { y: [1, 2] } }); console.table([{ "名前": "日本", emoji: "🙂" }]);`,
  dir: `console.dir({ a: { b: { c: { d: { e: 1 } } } } }); console.dir({ a: { b: { c: 1 } } }, { depth: 0 }); console.dir([1, 2], { showHidden: true });
    console.dir("text"); console.dirxml({ a: 1 }, [2], "t");`,
  groups: `console.group("outer"); console.log("one\\ntwo"); await new Promise((resolve) => setTimeout(resolve, 5)); console.error("err\\nor");
    console.group(); console.table([{ a: 1 }]); console.dir({ a: 1 }); console.group("x %s", "formatted"); console.log({ long: "y".repeat(60), other: "z".repeat(60) });
    console.groupEnd(); console.groupEnd(); console.groupCollapsed("collapsed", 1); console.warn("w"); console.groupEnd(); console.groupEnd(); console.groupEnd();
    console.log("out");`,
  counts: `console.count(); console.count(); console.count("x"); console.countReset("x"); console.count("x"); console.countReset(); console.count(undefined); console.count("default");`,
  times: `console.time("t"); console.timeLog("t"); console.timeLog("t", "with", { values: 1 }); console.timeEnd("t"); console.time(); console.timeEnd();`,
  errors: `console.error("plain %s", "error", [1]); console.warn({ a: 1 }); console.trace("why %d", 3); console.trace();
    console.assert(true, "not said"); console.assert(false); console.assert(false, "said %s", 1); console.assert(0, { a: 1 });`,
  levels: `console.info("i"); console.debug("d"); console.log("l"); process.stdout.write("raw "); process.stdout.write(Buffer.from("bytes\\n")); process.stderr.write("e\\n");`,
  "a console of one's own": `const { Console } = await import("node:console"); const own = new Console(process.stdout, process.stderr); own.group("g"); own.log("x"); own.error("y");
    const { log } = console; log("taken out");`,
};

test("the console prints what Node prints for the same calls", async (t) => {
  const { run } = await bench(t);
  for (const [name, source] of Object.entries(cases)) assert.deepEqual(await run(source), byNode(source), name);
});

test("a group that is left open moves its own cell only, also what that prints late", async (t) => {
  const { run, printed, until } = await bench(t);
  await run(`console.group("A"); var go; new Promise((resolve) => { go = resolve; }).then(() => console.log("late"));`);
  assert.deepEqual(await run(`console.log("B"); console.group(); console.log("in B"); console.groupEnd(); go();`), {
    stdout: "B\n  in B\n",
    stderr: "",
  });
  await until(() => printed("cell-1").stdout.includes("late"));
  assert.equal(printed("cell-1").stdout, "A\n  late\n");
  assert.equal((await run(`console.log("C")`)).stdout, "C\n");
});

test("labels of time and count are shared by the cells of a notebook", async (t) => {
  const { run } = await bench(t);
  await run(`console.time("both"); console.count("both")`);
  assert.equal((await run(`console.timeEnd("both"); console.count("both")`)).stdout, "both: <time>\nboth: 2\n");
});
