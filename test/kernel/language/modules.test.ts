import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { testNotebook } from "../../support/language-notebook.ts";

const files = {
  "mod.ts":
    "export interface Pt { x: number }\nexport const val: number = 7;\nexport default class Box<T> { constructor(readonly item: T) {} }\n",
  "plain.js": "/** @param {number} n */\nexport function twice(n) { return n * 2 }\n",
  "data.json": '{ "answer": 42, "list": [1, 2, 3] }',
  "lib/deep/thing.ts": "export const thing = { deep: true };\n",
  "tsconfig.json":
    '{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] }, "module": "commonjs", "noUncheckedIndexedAccess": true } }',
  "ambient.d.ts": "declare const fromAmbient: 'yes';\n",
  "node_modules/esm-only/package.json":
    '{ "name": "esm-only", "type": "module", "exports": { ".": { "types": "./i.d.ts", "default": "./i.js" }, "./sub": "./sub.mjs" } }',
  "node_modules/esm-only/i.d.ts": "export default function esm(): 'esm';\nexport declare const named: number;",
  "node_modules/esm-only/sub.d.mts": "export declare const sub: boolean;",
  "node_modules/esm-only/sub.mjs": "export const sub = true;",
  "node_modules/cjs/package.json": '{ "name": "cjs", "main": "i.js" }',
  "node_modules/cjs/i.js": "module.exports = (text) => text.length;",
  "node_modules/@types/cjs/package.json": '{ "name": "@types/cjs", "types": "index.d.ts" }',
  "node_modules/@types/cjs/index.d.ts":
    "declare function cjs(text: string): number;\ndeclare namespace cjs { type Unit = 'ms' }\nexport = cjs;",
  "node_modules/untyped/package.json": '{ "name": "untyped", "main": "i.js" }',
  "node_modules/untyped/i.js": "exports.x = 1;",
};
const notebook = testNotebook(files);
const { service } = notebook;

function hovered(cell: number): string | undefined {
  return service.hover(String(cell), notebook.mark(cell))?.declaration;
}

test("ES module, CommonJS and JSON imports are typed, in their cell and in later ones", () => {
  notebook.cells(
    'import esm, { named } from "esm-only";\nimport { sub } from "esm-only/sub";\nimport cjs from "cjs";\nimport data from "./data.json";\nimport same from "./data.json" with { type: "json" };\nsame.answer',
    "const e: 'esm' = esm();\nnamed.toFixed(); sub.valueOf();\nconst unit: cjs.Unit = 'ms';\n|>cjs('x').toFixed();\ndata.list[0]?.toFixed();\ndata.nothing",
    "import ms = require('cjs');\nms('x').toFixed()",
  );
  assert.deepEqual(notebook.errors(1), []);
  assert.deepEqual(
    notebook.errors(2).map((one) => one.slice(0, 9)),
    ["2339 at 6"],
  );
  assert.deepEqual(notebook.errors(3), []);
});

test("local modules are typed, with and without their extension, and dynamically", () => {
  notebook.cells(
    'import Box, { type Pt, val } from "./mod";\nimport * as all from "./mod.ts";\nimport { twice } from "./plain.js";',
    "const p: Pt = { x: val };\n|>all.val; new Box('a').item.length; twice(2).toFixed();",
    'const m = await import("./mod.ts");\nm.val.toFixed();\nm.nothing;',
    'import { missing } from "./mod.ts";\nimport "./absent";',
  );
  assert.deepEqual([...notebook.errors(1), ...notebook.errors(2)], []);
  assert.equal(hovered(2), "import all");
  assert.match(notebook.errors(3).join(), /^2339 at 3[^,]*$/);
  assert.deepEqual(
    notebook.errors(4).map((one) => one.split(" ")[0]),
    ["2614", "2882"],
  );
});

test("tsconfig.json gives paths, strictness and ambient declarations, but not what a cell is", () => {
  notebook.cells(
    'import { thing } from "@lib/deep/thing";\nawait null;',
    "thing.deep.valueOf();\nconst y: 'yes' = fromAmbient;\nconst list = [1];\nlist[0].toFixed();",
  );
  assert.deepEqual(notebook.errors(1), []);
  assert.deepEqual(
    notebook.errors(2).map((one) => one.slice(0, 9)),
    ["2532 at 4"],
  );
});

test("a package without types is a hint, no error", () => {
  notebook.cells('import { x } from "untyped";\nx.anything', 'import nothing from "not-installed";');
  assert.deepEqual(
    service.diagnostics("1").map((one) => [one.code, one.severity]),
    [[7016, "hint"]],
  );
  assert.deepEqual(
    notebook.errors(2).map((one) => one.slice(0, 9)),
    ["2307 at 1"],
  );
});

test("module names and their exports are completed", () => {
  notebook.cells('import { |> } from "./mod.ts"', 'import x from "./|>"', 'import x from "esm|>"');
  assert.deepEqual(
    notebook
      .completions(1)
      .filter((name) => ["val", "Pt"].includes(name))
      .sort(),
    ["Pt", "val"],
  );
  assert.ok(notebook.completions(2).includes("mod"), notebook.completions(2).join());
  assert.ok(notebook.completions(3).includes("esm-only"));
});

test("edited modules, new files and new packages are seen without a restart", async () => {
  notebook.cells(
    'import { fresh } from "./made-later.ts";\nfresh.toFixed();',
    'import { added } from "added";\nadded.length',
    'import { val } from "./mod.ts";\nval.length',
  );
  assert.match(notebook.errors(1).join(), /^2307/);
  assert.match(notebook.errors(2).join(), /^2307/);
  assert.match(notebook.errors(3).join(), /^2339/);
  notebook.write("made-later.ts", "export const fresh = 1;\n");
  notebook.write("node_modules/added/package.json", '{ "name": "added", "type": "module", "types": "./i.d.ts" }');
  notebook.write("node_modules/added/i.d.ts", "export declare const added: string;");
  notebook.write("mod.ts", "export const val = 'text';\n");
  const until = Date.now() + 20_000;
  const clean = () => [1, 2, 3].every((cell) => notebook.errors(cell).length === 0);
  while (!clean() && Date.now() < until) await wait(100);
  assert.deepEqual(
    [1, 2, 3].flatMap((cell) => notebook.errors(cell)),
    [],
  );
});
