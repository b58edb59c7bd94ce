import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { writtenParameters } from "../../../kernel/language/parameters.ts";
import { testNotebook } from "../../support/language-notebook.ts";

const cell = (source: string, ...tags: string[]) => ({ index: 1, source, tags });
const found = (...sources: string[]) =>
  writtenParameters(sources.map((source, at) => ({ index: at + 1, source, tags: [] })));

test("a call declares parameters with types, defaults, choices, ranges and descriptions", () => {
  const { parameters, complete } = found(
    'import { parameters as declare } from "assay";',
    `const params = declare({
       steps: 200, // how many
       /** Which way. */
       mode: { default: "fast", choices: ["fast", "slow"] as const },
       rate: { default: 1e-3, min: -1, max: 1, description: "the rate" }, // not this
       data: { type: "string" },
       "quoted name": [1, 2],
       size: sizes.length * 2,
       folder: { default: join("a", "b"), type: "string" },
     });`,
  );
  assert.equal(complete, true);
  assert.deepEqual(
    parameters.map(({ name, type, default: value, defaultSource, description, required }) => [
      name,
      type,
      defaultSource ?? value,
      description,
      required,
    ]),
    [
      ["steps", "number", 200, "how many", false],
      ["mode", "string", "fast", "Which way.", false],
      ["rate", "number", 0.001, "the rate", false],
      ["data", "string", undefined, undefined, true],
      ["quoted name", "number", [1, 2], undefined, false],
      ["size", "any", "sizes.length * 2", undefined, false],
      ["folder", "string", 'join("a", "b")', undefined, false],
    ],
  );
  assert.ok(parameters.every((one) => one.cell === 2 && one.by === "call"));
});

test("a namespace of assay declares too, a function of the notebook does not", () => {
  assert.equal(found('import * as assay from "assay"; assay.parameters({ a: 1 })').parameters.length, 1);
  assert.equal(found("function parameters(x: object) {} parameters({ a: 1 })").parameters.length, 0);
  assert.equal(found('import { parameters } from "assay"; const o = {}; parameters({ a: 1, ...o })').complete, false);
  assert.equal(found('import { parameters } from "assay"; parameters(specs)').complete, false);
});

test("a cell tagged parameters declares its variables", () => {
  const source = `const steps = 200; // how many
    // Which way.
    let mode: "fast" | "slow" = "fast", other = [1];
    export const rate: number | null = null;
    var names: string[] = [];
    const computed = Date.now();
    let needed: number;
    const { a, b } = c; function f() {}`;
  const { parameters, complete } = writtenParameters([cell(source, "parameters")]);
  assert.equal(complete, true);
  assert.deepEqual(
    parameters.map(({ name, type, list, nullable, required, description, choices, defaultSource }) => ({
      name,
      is: `${type}${list ? "[]" : ""}${nullable ? "?" : ""}${required ? "!" : ""}`,
      ...(description ? { description } : {}),
      ...(choices ? { choices } : {}),
      ...(defaultSource ? { defaultSource } : {}),
    })),
    [
      { name: "steps", is: "number", description: "how many" },
      { name: "mode", is: "string", choices: ["fast", "slow"] },
      { name: "other", is: "number[]" },
      { name: "rate", is: "number?" },
      { name: "names", is: "string[]" },
      { name: "computed", is: "any", defaultSource: "Date.now()" },
      { name: "needed", is: "number!" },
    ],
  );
  assert.deepEqual(writtenParameters([cell(source)]).parameters, []);
});

test("text that cannot be parsed declares what can be read", () => {
  assert.deepEqual(found("const = ;").parameters, []);
});

test("the values are typed, and complete after a dot", () => {
  const notebook = testNotebook({}, fileURLToPath(new URL("../../../kernel/sdk/index.ts", import.meta.url)));
  notebook.cells(
    `import { parameters } from "assay"; const params = parameters({
      steps: 200, mode: { default: "fast", choices: ["fast", "slow"] }, on: true, names: ["a"], bare: "x",
      seed: { default: null, type: "integer" }, rate: { default: 1, min: 0, nullable: true }, data: { type: "string" },
      picks: { default: ["a"], choices: ["a", "b"] }, empty: { default: [], type: "number[]" }, whole: { type: "integer" } });`,
    "params.|>",
    `type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
     const right: Same<typeof params, { readonly steps: number; readonly mode: "fast" | "slow"; readonly on: boolean;
       readonly names: string[]; readonly bare: string; readonly seed: number | null; readonly rate: number | null;
       readonly data: string; readonly picks: ("a" | "b")[]; readonly empty: number[]; readonly whole: number }> = true;`,
    "params.mode = 'slow'; params.stepz; parameters({ a: { defalt: 1 } }); parameters({ a: { type: 'float' } })",
  );
  assert.deepEqual(notebook.errors(1), []);
  const names = notebook.completions(2);
  assert.ok(
    ["steps", "mode", "on", "names"].every((name) => names.includes(name)),
    names.join(),
  );
  assert.deepEqual(notebook.errors(3), []);
  assert.equal(notebook.errors(4).length, 4, notebook.errors(4).join("\n"));
});
