import { createRequire, stripTypeScriptTypes } from "node:module";
import { type AnyNode, type Identifier, type Program, parse } from "acorn";
import { analyze } from "eslint-scope";

/** What a cell has to do with the others, from its text alone. Types are left out: they do nothing when a cell runs. */
export interface CellAnalysis {
  /** Names that it declares at its top level, in source order. */
  readonly declares: readonly string[];
  /** Names that it uses without declaring them, globals included. */
  readonly reads: readonly string[];
  /** Names that it assigns without declaring them. */
  readonly writes: readonly string[];
  /** Names, of its own or not, whose values it may change in place: `list.push(1)`, `options.size = 3`, `delete cache.key`. */
  readonly mutates: readonly string[];
  /** What it imports or requires by a fixed name. */
  readonly modules: readonly string[];
}

/** Names that a cell declares, reads and writes; null where it cannot be parsed. Parses only: well under a millisecond per cell. */
export function analyseCell(source: string): CellAnalysis | null {
  const program = parsed(source);
  if (!program) return null;
  const scopes = analyze(program as Parameters<typeof analyze>[0], { ecmaVersion: 2022, sourceType: "module" });
  const top = scopes.scopes.find((scope) => scope.type === "module");
  const free = scopes.globalScope?.through ?? [];
  const owned = (top?.variables ?? []).flatMap((variable) => variable.references);
  const shared = new Set<unknown>([...free, ...owned].map((one) => one.identifier));
  const mutates = new Set<string>();
  const modules = new Set<string>();
  walk(program, (node) => {
    const changed = changedInPlace(node);
    if (changed && shared.has(changed)) mutates.add(changed.name);
    const asked = requested(node);
    if (asked !== undefined) modules.add(asked);
  });
  /** Once each; names that only the printed text has belong to the printer. */
  const own = (names: readonly string[]) => [...new Set(names)].filter((name) => source.includes(name));
  const names = (of: typeof free) => own(of.map((one) => one.identifier.name));
  return {
    declares: own((top?.variables ?? []).map((variable) => variable.name)),
    reads: names(free.filter((one) => one.isRead())),
    writes: names(free.filter((one) => one.isWrite())),
    mutates: own([...mutates]),
    modules: [...modules],
  };
}

function parsed(source: string): Program | undefined {
  // `{ a: 1, b }` alone is an object.
  if (/^\s*\{[\s\S]*\}\s*$/.test(source)) {
    const object = script(`(${source.trim()}\n)`);
    if (object) return object;
  }
  return script(source);
}

function script(source: string): Program | undefined {
  for (const toJavaScript of [stripped, transformed, lowered]) {
    try {
      return parse(toJavaScript(source), { ecmaVersion: "latest", sourceType: "module", ranges: true });
    } catch {
      // The next way understands more: enums and namespaces, then decorators.
    }
  }
  return undefined;
}

let warned = false;

function stripped(source: string): string {
  if (!warned) withoutWarning(() => stripTypeScriptTypes("", { mode: "strip" }));
  warned = true;
  return stripTypeScriptTypes(source, { mode: "strip" });
}

/** Node says once that the function is new; a command line should not pass that on. */
function withoutWarning(work: () => void): void {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    work();
  } finally {
    process.emitWarning = emitWarning;
  }
}

const transformed = (source: string) => stripTypeScriptTypes(source, { mode: "transform" });

function lowered(source: string): string {
  // Broken text is no reason to load esbuild.
  if (!/@|\baccessor\b/.test(source)) throw new SyntaxError("no decorators");
  const { transformSync } = createRequire(import.meta.url)("esbuild") as typeof import("esbuild");
  const tsconfigRaw = { compilerOptions: { verbatimModuleSyntax: true } };
  return transformSync(source, { loader: "ts", supported: { decorators: false }, logLevel: "silent", tsconfigRaw })
    .code;
}

/** The name at the root of what an expression changes: `a` in `a.b[0].c = 1`, `a.push()`, `delete a.b`, `a.n++`. */
function changedInPlace(node: AnyNode): Identifier | undefined {
  switch (node.type) {
    case "AssignmentExpression":
      return root(node.left as AnyNode);
    case "UpdateExpression":
      return root(node.argument as AnyNode);
    case "UnaryExpression":
      return node.operator === "delete" ? root(node.argument as AnyNode) : undefined;
    case "CallExpression":
      return root(node.callee as AnyNode);
    default:
      return undefined;
  }
}

function root(node: AnyNode): Identifier | undefined {
  let at = node.type === "ChainExpression" ? (node.expression as AnyNode) : node;
  if (at.type !== "MemberExpression") return undefined;
  while (at.type === "MemberExpression" || at.type === "CallExpression")
    at = (at.type === "MemberExpression" ? at.object : at.callee) as AnyNode;
  return at.type === "Identifier" ? at : undefined;
}

function requested(node: AnyNode): string | undefined {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration":
    case "ImportExpression":
      return literal(node.source as AnyNode | null | undefined);
    case "CallExpression":
      return node.callee.type === "Identifier" && node.callee.name === "require"
        ? literal(node.arguments[0] as AnyNode | undefined)
        : undefined;
    default:
      return undefined;
  }
}

function literal(node: AnyNode | null | undefined): string | undefined {
  return node?.type === "Literal" && typeof node.value === "string" ? node.value : undefined;
}

function walk(node: AnyNode, visit: (node: AnyNode) => void): void {
  visit(node);
  for (const value of Object.values(node))
    for (const one of Array.isArray(value) ? value : [value])
      if (typeof one === "object" && one !== null && "type" in one && typeof one.type === "string") walk(one, visit);
}
