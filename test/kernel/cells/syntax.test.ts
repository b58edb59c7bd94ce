// The quick parser of cells, against Node's type stripper and Meriyah, which know nothing of it.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import type { Program } from "acorn";
import { parseModule } from "meriyah";
import { type CellProgram, cellProgram } from "../../../kernel/cells/cell-program.ts";
import { eventsOf } from "../../../kernel/cells/cell-syntax.ts";
import { type QuickSyntax, quickSyntax } from "../../../kernel/cells/syntax/parser.ts";
import type { SyntaxEvent } from "../../../kernel/cells/syntax/reader.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The texts of all cells of the conformance cases. */
function fixtureCells(): string[] {
  const found: string[] = [];
  const look = (value: unknown, key: string): void => {
    if (typeof value === "string" && key === "cells") found.push(value.replace(/^#!/, "//"));
    else if (Array.isArray(value)) for (const one of value) look(one, key);
    else if (typeof value === "object" && value !== null)
      for (const [name, one] of Object.entries(value)) look(one, /^(cells|code|source)$/.test(name) ? "cells" : name);
  };
  for (const file of globSync("test/fixtures/conformance/*.json", { cwd: root }))
    look(JSON.parse(readFileSync(root + file, "utf8")), "");
  return found.filter((source) => !/^\s*\{|^\ufeff/.test(source));
}

// One is nested more deeply than this comparison goes.
const cells = fixtureCells().filter(({ length }) => length < 4000);

/** Our own sources: modules, longer than any cell. */
const modules = globSync("{kernel,extension,renderers}/**/*.ts", { cwd: root, exclude: ["**/dist/**"] }).map((file) =>
  readFileSync(root + file, "utf8"),
);

/** What the long way makes of a text; undefined where it refuses it. */
function reference(source: string): { code: string; program: Program } | undefined {
  try {
    const code = stripTypeScriptTypes(source, { mode: "strip" });
    return { code, program: parseModule(code, { ranges: true, lexical: true }) as unknown as Program };
  } catch {
    return undefined;
  }
}

/** Nodes as plain values. Left out: what the quick parser does not tell, and semicolons alone, which stand where types were. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((one) => one?.type !== "EmptyStatement").map(plain);
  if (typeof value !== "object" || value === null) return value ?? undefined;
  const { type } = value as { type?: string };
  const entries = Object.entries(value).flatMap(([key, one]) => {
    if (/^(range|loc|raw|regex|bigint|directive|cooked)$/.test(key) || one === null || one === undefined) return [];
    if (type === "Literal" && key === "value") return [];
    if (type === "TemplateElement" && key !== "tail") return [];
    // With or without a semicolon, and with or without the name before it.
    if (
      /^(start|end)$/.test(key) &&
      /^(PropertyDefinition|FunctionExpression|\w+(Statement|Declaration))$/.test(type ?? "")
    )
      return [];
    if (key === "expression" && /Function/.test(type ?? "")) return [];
    return [[key, plain(one)] as const];
  });
  return Object.fromEntries(entries);
}

/** The events that the rewriting asks for. */
function asked({ kind, node, flag }: SyntaxEvent): boolean {
  if (kind === "leave")
    return (
      /^(AwaitExpression|ThrowStatement|AssignmentExpression|ClassDeclaration)$/.test(node.type) ||
      (node.type === "VariableDeclaration" && flag)
    );
  if (kind !== "enter") return kind !== "export";
  if (node.type === "UnaryExpression") return node.operator === "delete";
  if (node.type === "VariableDeclarator")
    return flag && node.id.type === "Identifier" && /^(Arrow)?Function|^ClassExpression/.test(node.init?.type ?? "");
  if (/^(Function|Class)Declaration$/.test(node.type)) return flag;
  return /^(Await|Import|Call|New|Assignment|Update)Expression$|^(Throw|ForIn|ForOf)Statement$|^(MetaProperty|CatchClause)$/.test(
    node.type,
  );
}

function told(events: readonly SyntaxEvent[], code: string): string[] {
  return events.filter(asked).map(({ kind, node, flag, nested }) => {
    const named = node.type === "Identifier";
    // Whether a name in parentheses leads its statement makes no difference.
    const flags = named && /\(\s*$/.test(code.slice(0, node.start)) ? "" : `${flag} ${nested}`;
    return `${kind} ${node.type} ${node.start} ${named ? `${node.name} ` : ""}${flags}`;
  });
}

/** Whether a text is read the same on both ways; what only one of them reads is told apart. */
function compared(source: string): "same" | "left" | "refused" {
  const quick = quickSyntax(source);
  if (!quick) return "left";
  const other = reference(source);
  if (!other) return "refused";
  sameSyntax(quick, other, source);
  return "same";
}

function sameSyntax(quick: QuickSyntax, other: { code: string; program: Program }, source: string): void {
  const blank = (text: string) => text.replace(/[;\s]/g, " ");
  assert.equal(blank(quick.code), blank(withoutComments(other.code, quick.code)), source);
  assert.deepEqual(plain(quick.program.body), plain(other.program.body), source);
  assert.deepEqual(told(quick.events, quick.code), told(eventsOf(other.program), quick.code), source);
  // Semicolons stand where types ended a line, or it would go on.
  const again = parseModule(quick.code, { ranges: true, lexical: true }) as unknown as Program;
  assert.deepEqual(plain(again.body), plain(quick.program.body), source);
}

/** The stripper leaves comments in types where they are; the quick parser makes blanks of them. */
function withoutComments(code: string, like: string): string {
  if (code.length !== like.length) return code;
  return code
    .split("")
    .map((character, at) => (/\s/.test(like[at]!) ? like[at]! : character))
    .join("");
}

test("cells are read as Node's stripper and Meriyah read them", () => {
  const found = cells.map((source) => compared(source));
  const share = found.filter((one) => one === "same").length / cells.length;
  assert.ok(cells.length > 900 && share > 0.8, `${cells.length} cells, ${share}`);
});

test("so are modules", () => {
  const found = modules.map((source) => compared(source));
  assert.ok(!found.includes("refused"));
  const share = found.filter((one) => one === "same").length / modules.length;
  assert.ok(modules.length > 300 && share > 0.85, `${modules.length} modules, ${share}`);
});

test("what a cell depends on is the same, whichever parser has read it", () => {
  const blank = (text: string) => text.replace(/[;\s]+/g, " ");
  const facts = ({ code, origin, place, texts, ...rest }: CellProgram) => ({
    ...rest,
    texts: [...texts].map(([name, text]) => [name, blank(text)]),
  });
  for (const source of cells) {
    if (!quickSyntax(source)) continue;
    let careful: CellProgram;
    try {
      careful = cellProgram(source, () => false, true);
    } catch {
      continue;
    }
    const quick = cellProgram(source, () => false);
    assert.deepEqual(facts(quick), facts(careful), source);
    assert.equal(blank(quick.code), blank(careful.code), source);
    // Errors name the same places.
    for (const offset of [0, source.length >> 1, source.length]) {
      const position = quick.place(offset);
      assert.deepEqual(position, careful.place(offset), source);
    }
  }
});

test("texts that were damaged are read as others read them, or left to them, or refused by V8", () => {
  let seed = 20;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0;
    return (seed >>> 8) % below;
  };
  const token =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|[\w$]+|\s+|=>|\.\.\.|\?\.|[^\w\s]/g;
  const others = [
    "as any",
    "!",
    "?",
    ":",
    ";",
    "\n",
    "(",
    ")",
    "{",
    "}",
    "[",
    "<T>",
    "=>",
    "async ",
    "await ",
    "x",
    "/",
    "type ",
  ];
  const short = cells.filter(({ length }) => length > 5 && length < 600);
  let same = 0;
  for (let round = 0; round < 40_000; round++) {
    const tokens = short[random(short.length)]!.match(token) ?? [];
    const at = random(tokens.length);
    const how = random(4);
    if (how === 0) tokens.splice(at, 1);
    else if (how === 1) tokens.splice(at, 0, tokens[random(tokens.length)]!);
    else if (how === 2) tokens.splice(at, 0, others[random(others.length)]!);
    else tokens[at] = others[random(others.length)]!;
    const source = tokens.join("");
    if (/^\s*\{|\ufeff/.test(source)) continue;
    if (compared(source) === "same") same++;
  }
  assert.ok(same > 5000, `${same}`);
});

test("what V8 refuses is refused in the end", () => {
  for (const source of [
    "let a; { let b; let b; }",
    "class A { constructor() {} constructor() {} }",
    "/(/",
    "a => { break x }",
    "({ a: 1 }).#b",
  ]) {
    assert.throws(() => new Script(cellProgram(source, () => false).code), SyntaxError, source);
    assert.throws(() => cellProgram(source, () => false, true), SyntaxError, source);
  }
});

test("what is translated, and what it is not sure of, is left to others", () => {
  const texts = [
    "enum A { B }",
    "namespace N { export const a = 1 }",
    "declare const a: number;",
    "class A { constructor(private a: number) {} }",
    "@d class A {}",
    "const a = <div />;",
    "const a = <any>b;",
    "import a = require('a');",
    "export default 1;",
    "return 1;",
    "function f() { await 1 }",
    "a ? (b) : c => d;",
    "new.target",
    "delete a;",
    "arguments = 1;",
    "function f() {}\nfunction f() {}",
    "import { a } from 'a';\nlet a;",
    "a\n--> b",
    "const = 1;",
    "f(",
    "`${",
    `${"(".repeat(20_000)}1`,
  ];
  for (const source of texts) assert.equal(quickSyntax(source), undefined, source.slice(0, 60));
});

test("a line that ended with a type still ends", () => {
  const codes = {
    "a as T\n(b)": "a ;   \n(b)",
    "let x = a as T[]\n[0].map(f)": "let x = a ;     \n[0].map(f)",
    "a\ntype T = 1\n(b)": "a\n;         \n(b)",
    "interface I { a: 1;\n b: 2 }\n+1": ";                  \n       \n+1",
    "const f = (a: number): string => `${a!}`": "const f = (a        )         => `${a }`",
    "f<T>(a?.b<U>(), c < d, e > g)": "f   (a?.b   (), c < d, e > g)",
  };
  for (const [source, code] of Object.entries(codes)) assert.equal(quickSyntax(source)?.code, code);
});
