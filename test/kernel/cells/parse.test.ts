import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { parse } from "acorn";
import { parsedModule } from "../../../kernel/cells/parse.ts";

const require = createRequire(import.meta.url);

/** Every node below one, as `type start-end`, in a fixed order. */
function nodes(tree: unknown, found: string[] = []): string[] {
  if (Array.isArray(tree)) for (const one of tree) nodes(one, found);
  else if (typeof tree === "object" && tree !== null) {
    const node = tree as Record<string, unknown>;
    if (typeof node.type === "string" && node.type !== "Program") found.push(`${node.type} ${node.start}-${node.end}`);
    for (const key of Object.keys(node).sort()) if (key !== "range" && key !== "regex") nodes(node[key], found);
  }
  return found;
}

const sources = [
  ...["acorn", "meriyah", "commander", "zeromq"].map(
    (name) => [name, readFileSync(require.resolve(name), "utf8")] as const,
  ),
  [
    "scopes",
    "label: for (const [a, { b = 1, ...c }] of d) { if (a) continue label; else var e = async (f, ...g) => await f?.[b]?.(...g) }",
  ],
  [
    "classes",
    "class A extends (B, C) { static #x = 1; static { this.#x++ } get y() { return #x in this } async *[z]() { yield* super.z() } }",
  ],
  [
    "resources",
    "using one = open(); await using two = other(); for (using three of four) {} for await (const five of six) {}",
  ],
  [
    "modules",
    "import a, { b as c } from 'd' with { type: 'json' }; export * as e from 'f'; export { a as default }; export const g = import('h')",
  ],
  ["operators", "a ??= (-b) ** -c, d ||= delete j?.k, void (typeof l === 'm'), new n.o(p?.[q]), (0, r)?.(...s)"],
  [
    "texts",
    "`g${h}${`i${j}`}`; k.l`m`; const r = /[a--b]/v, s = /(?<t>u)\\k<t>/dgimsuy, v = 1_000n, w = 0b11, x = '\\u{1f600}', y = `\\``",
  ],
] as const;

for (const [name, source] of sources)
  test(`both parsers see the same tree: ${name}`, () => {
    const expected = nodes(parse(source, { ecmaVersion: "latest", sourceType: "module", allowHashBang: true }));
    const found = nodes(parsedModule(source));
    const at = expected.findIndex((one, index) => one !== found[index]);
    assert.equal(at < 0 ? "same" : `${expected[at]} against ${found[at]}`, "same");
    assert.equal(found.length, expected.length);
  });

for (const [source, message] of [
  ["const a = 1; const a = 2", "Identifier 'a' has already been declared (1:19)"],
  ["1 +", "Unexpected token (1:3)"],
  ["break", "Unsyntactic break (1:0)"],
  ["class A { m() { this.#no } }", "Private field '#no' must be declared in an enclosing class (1:21)"],
] as const)
  test(`an error has Acorn's words and place: ${source}`, () => {
    assert.throws(() => parsedModule(source), { name: "SyntaxError", message });
  });
