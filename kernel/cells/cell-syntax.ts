import type { AnyNode, Program } from "acorn";
import { closesElement } from "../protocol/jsx.ts";
import { parsedCell, parsedFast } from "./parse.ts";
import { varNames, walkReferences } from "./references.ts";
import { quickSyntax } from "./syntax/parser.ts";
import type { SyntaxEvent } from "./syntax/reader.ts";
import { countFaults, type JavaScript, lowered, syntaxErrorIn, toJavaScript } from "./typescript.ts";

/** A parsed cell. */
export interface CellSyntax {
  readonly script: JavaScript;
  readonly program: Program;
  /** What there is to know of its names and nodes, in source order. */
  readonly events: readonly SyntaxEvent[];
  /** Its `var`s, also those in blocks. */
  readonly vars: readonly string[];
}

interface Parsed {
  readonly script: JavaScript;
  readonly program: Program;
}

/** The declaration inside an `export`, or the node itself when it is a named declaration. */
export function declarationOf(node: AnyNode): AnyNode | undefined {
  if (node.type === "ExportNamedDeclaration") return node.declaration ?? undefined;
  const inside = node.type === "ExportDefaultDeclaration" ? (node.declaration as AnyNode) : node;
  const named = (inside.type === "FunctionDeclaration" || inside.type === "ClassDeclaration") && inside.id;
  return named ? inside : undefined;
}

/** The expression whose value the cell shows: its last statement, with a semicolon or without. */
export function lastExpression(body: readonly AnyNode[], printed: boolean): AnyNode | undefined {
  const shown = body.findLast((node) => {
    if (node.type === "EmptyStatement") return false;
    // A printed namespace puts its `var` at the end.
    const lone = declarationOf(node) ?? node;
    return !(printed && lone.type === "VariableDeclaration" && lone.declarations.every((one) => !one.init));
  });
  if (shown?.type === "ExportDefaultDeclaration" && !declarationOf(shown)) return shown.declaration as AnyNode;
  return shown?.type === "ExpressionStatement" ? shown.expression : undefined;
}

/**
 * Parses a cell. `{ a: 1 }` alone is an object, as in Node's REPL.
 *
 * @param hasReact whether the notebook has a variable `React`, which JSX then uses
 * @param carefully whether parsers read it that tell what is wrong with a text; they also read what is not ordinary
 */
export function parseCell(text: string, hasReact: () => boolean = () => false, carefully = false): CellSyntax {
  const source = text.replace(/^#!/, "//");
  const quick = carefully || /^\s*\{/.test(source) ? undefined : quickSyntax(source);
  if (quick) {
    const { code, program, events, vars } = quick;
    return { script: { code, printed: false, origin: (position) => position }, program, events, vars };
  }
  const { script, program } = parsedCarefully(source, hasReact);
  return { script, program, events: eventsOf(program), vars: varNames(program.body as AnyNode[]) };
}

/** The same of a tree that is there. */
export function eventsOf(program: Program): SyntaxEvent[] {
  const events: SyntaxEvent[] = [];
  walkReferences(program, {
    enter: (node, flag) => void events.push({ kind: "enter", node, flag, nested: false }),
    leave: (node, flag) => void events.push({ kind: "leave", node, flag, nested: false }),
    reference: ({ kind, node, leads: flag, nested }) => void events.push({ kind, node, flag, nested }),
  });
  return events;
}

function parsedCarefully(source: string, hasReact: () => boolean): Parsed {
  const asObject = /^\s*\{[\s\S]*\}\s*$/.test(source) ? tried(() => parsedText(`(${source.trim()})`)) : undefined;
  if (asObject && isObject(asObject.program)) return shifted(asObject, source);
  try {
    return parsedText(source);
  } catch (error) {
    // A few words that TypeScript gives a meaning are names as well: `module` alone. JSX is lowered by the compiler.
    const whole = tried(() => asItIs(source)) ?? tried(() => withJsx(source, hasReact));
    if (!whole) throw nearerError(source, error);
    return whole;
  }
}

function asItIs(source: string): Parsed {
  return { script: toJavaScript(source, "js"), program: parsedCell(source) };
}

function withJsx(source: string, hasReact: () => boolean): Parsed | undefined {
  if (!/<\/|\/>/.test(source)) return undefined;
  const classic = /@jsx\s/.test(source) || /\bReact\b/.test(source) || hasReact();
  const script = lowered(source, "tsx", classic ? "classic" : "automatic");
  return { script, program: parsedCell(script.code) };
}

/** What is wrong with a text that is neither TypeScript nor TSX, said of the one that it seems to be. */
function nearerError(source: string, error: unknown): unknown {
  if (!/<\/|\/>/.test(source)) return error;
  if (!closesElement(source) && countFaults(source, "tsx") >= countFaults(source, "ts")) return error;
  try {
    return lowered(source, "tsx") && error;
  } catch (inTsx) {
    return inTsx;
  }
}

function parsedText(source: string): Parsed {
  // Without type arguments, what parses as JavaScript means the same in TypeScript.
  const plain = source.includes("<") ? undefined : tried(() => parsedFast(source));
  if (plain) return { script: toJavaScript(source, "js"), program: plain };
  let script = toJavaScript(source);
  try {
    return { script, program: parsedCell(script.code) };
  } catch (error) {
    // Decorators and `accessor` are not yet JavaScript for Node, and its stripper leaves `<const>` where it is.
    if (!/@|\baccessor\b|<const>/.test(source)) throw syntaxErrorIn(error, script);
    script = lowered(source, "ts");
    try {
      return { script, program: parsedCell(script.code) };
    } catch (again) {
      throw syntaxErrorIn(again, script);
    }
  }
}

function tried<T>(body: () => T): T | undefined {
  try {
    return body();
  } catch {
    return undefined;
  }
}

function isObject(program: Program): boolean {
  const [only, more] = program.body;
  return (
    !more &&
    only?.type === "ExpressionStatement" &&
    only.expression.type === "ObjectExpression" &&
    only.expression.properties.length > 0
  );
}

/** Positions of a cell that was parsed with a parenthesis in front and without its leading blanks. */
function shifted({ script, program }: Parsed, source: string): Parsed {
  const blanks = source.slice(0, source.length - source.trimStart().length);
  const line = blanks.split("\n").length - 1;
  const column = blanks.length - (blanks.lastIndexOf("\n") + 1);
  return {
    program,
    script: {
      ...script,
      origin: (position) => {
        const at = script.origin(position);
        return { line: at.line + line, column: Math.max(1, at.line === 1 ? at.column - 1 + column : at.column) };
      },
    },
  };
}
