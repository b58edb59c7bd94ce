import assert from "node:assert/strict";
import { utimesSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { LocalModules } from "../../../kernel/cells/modules/local-modules.ts";
import { temporaryFolder } from "../../support/temporary.ts";

function loader(): LocalModules {
  const none = () => Promise.reject(new Error("not here"));
  return new LocalModules({
    importNode: (url) => import(url),
    requireNode: (url, parent) => createRequire(parent)(url),
    importAssay: none,
    requireAssay: () => ({}),
  });
}

function files(folder: string, texts: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
}

/** Writes a file so that its time differs for sure. */
function edit(path: string, text: string, time: number): void {
  writeFileSync(path, text);
  utimesSync(path, time, time);
}

test("imports see later changes of what is exported", async (t) => {
  const folder = temporaryFolder(t);
  files(folder, { "a.ts": "export let n: number = 0; export function up(): void { n++ }" });
  const { namespace } = await loader().import(join(folder, "a.ts"));
  (namespace.up as () => void)();
  assert.equal(namespace.n, 1);
});

test("modules in a cycle see each other's functions", async (t) => {
  const folder = temporaryFolder(t);
  files(folder, {
    "a.ts": "import { odd } from './b.ts'; export function even(n: number): boolean { return n === 0 || odd(n - 1) }",
    "b.ts":
      "import { even } from './a.ts'; export const early = typeof even; export function odd(n: number): boolean { return n !== 0 && even(n - 1) }",
  });
  const { namespace } = await loader().import(join(folder, "a.ts"));
  assert.equal((namespace.even as (n: number) => boolean)(10), true);
});

test("all forms of export and import work", async (t) => {
  const folder = temporaryFolder(t);
  files(folder, {
    "base.ts":
      "export const one = 1; export default class Thing { size = 2 }; export type Only = string; const three = 3; export { three as drei, three as 'a b' }",
    "star.ts":
      "export * from './base.ts'; export * as all from './base.ts'; export { default as Thing, type Only } from './base.ts'; export enum Level { Low = 1 }",
    "use.ts":
      "import Thing, { one, Only } from './base'; import * as star from './star.ts'; import data from './data.json'; import { sep } from 'node:path';\nexport default () => ({ one, drei: star.drei, ab: star['a b'], size: new Thing().size, level: star.Level.Low, all: star.all.one, data: data.x, sep, none: (star as any).default })",
    "data.json": '{"x": 9}',
  });
  const { namespace } = await loader().import(join(folder, "use.ts"));
  const expected = { one: 1, drei: 3, ab: 3, size: 2, level: 1, all: 1, data: 9, sep: "/", none: undefined };
  assert.deepEqual((namespace.default as () => unknown)(), expected);
});

test("an edited file is fresh at the next import, with all that import it, and the rest stays", async (t) => {
  const folder = temporaryFolder(t);
  files(folder, {
    "leaf.ts": "export const v = 1",
    "mid.ts": "import { v } from './leaf.ts'; export const w = v + 10",
    "other.ts": "export const made = {}",
  });
  const modules = loader();
  const first = await modules.import(join(folder, "mid.ts"));
  const other = await modules.import(join(folder, "other.ts"));
  assert.equal(first.namespace.w, 11);
  edit(join(folder, "leaf.ts"), "export const v = 2", 1_000_000);
  const second = await modules.import(join(folder, "mid.ts"));
  assert.equal(second.namespace.w, 12);
  assert.equal(first.namespace.w, 11);
  assert.equal((await modules.import(join(folder, "other.ts"))).namespace.made, other.namespace.made);
});

test("a module that failed is tried again", async (t) => {
  const folder = temporaryFolder(t);
  files(folder, {
    "a.ts":
      "globalThis.tries = (globalThis.tries ?? 0) + 1; if (globalThis.tries < 2) throw new Error('not yet'); export const ok = true",
  });
  const modules = loader();
  await assert.rejects(modules.import(join(folder, "a.ts")), /not yet/);
  assert.equal((await modules.import(join(folder, "a.ts"))).namespace.ok, true);
});

test("a missing export is named, a type that is imported without a mark is not missed", async (t) => {
  const folder = temporaryFolder(t);
  files(folder, {
    "a.ts": "export interface T {}; export const x = 1",
    "b.ts": "import { T, x } from './a.ts'; const t: T = {}; export { x, t }",
    "c.ts": "import { nope } from './a.ts'; nope()",
  });
  assert.equal((await loader().import(join(folder, "b.ts"))).namespace.x, 1);
  await assert.rejects(loader().import(join(folder, "c.ts")), /'\.\/a\.ts' does not provide an export named 'nope'/);
});

test("require loads TypeScript, JSON and CommonJS, and says why it cannot wait", async (t) => {
  const folder = temporaryFolder(t);
  files(folder, {
    "a.ts": "export const x: number = 1",
    "b.cjs": "module.exports = { y: 2 }",
    "c.json": "[3]",
    "d.ts": "export const z = await Promise.resolve(4)",
    "e.cts": "module.exports = { w: 5 as number }",
  });
  const require = loader().requireFrom(join(folder, "notebook.ipynb"));
  assert.equal(require("./a").x, 1);
  assert.deepEqual(require("./b.cjs"), { y: 2 });
  assert.deepEqual(require("./c.json"), [3]);
  assert.deepEqual(require("./e.cts"), { w: 5 });
  assert.throws(() => require("./d.ts"), /awaits at top level/);
  assert.equal(require("node:path").sep, "/");
});

test("paths of tsconfig.json lead to files", async (t) => {
  const folder = temporaryFolder(t);
  files(folder, {
    "tsconfig.json":
      '{ // comment\n "compilerOptions": { "paths": { "@lib/*": ["./lib-*.ts"], "exact": ["./lib-a"], } } }',
    "lib-a.ts": "export const from = 'a'",
    "use.ts": "export { from } from '@lib/a'; export { from as again } from 'exact'",
  });
  const { namespace } = await loader().import(join(folder, "use.ts"));
  assert.deepEqual([namespace.from, namespace.again], ["a", "a"]);
});
