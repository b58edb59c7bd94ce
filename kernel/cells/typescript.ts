import { createRequire, stripTypeScriptTypes } from "node:module";
import { setFlagsFromString } from "node:v8";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { LineIndex, type Position } from "./positions.ts";

/** JavaScript made from TypeScript, of the newest language level that Node runs. */
export interface JavaScript {
  readonly code: string;
  /** True when the text was printed anew, so that declarations may have moved (enum, namespace, decorators). */
  readonly printed: boolean;
  /** From a place in `code` to the place in the TypeScript source. */
  readonly origin: (position: Position) => Position;
}

/** A syntax error with its place in the source. */
export class SourceSyntaxError extends SyntaxError {
  override readonly name = "SyntaxError";
  readonly position: Position;
  /** The local module that it lies in; a cell otherwise. */
  file: string | undefined;
  source: string | undefined;

  constructor(message: string, position: Position) {
    super(message);
    this.position = position;
  }
}

/**
 * Takes the types out. Most code keeps every character in its place (types become blanks); code with enums, namespaces, parameter
 * properties and the like is printed anew with a source map. Throws {@link SourceSyntaxError}.
 */
export function toJavaScript(source: string, language: "ts" | "tsx" | "js" | "jsx" = "ts"): JavaScript {
  if (language === "js") return { code: source, printed: false, origin: (position) => position };
  if (language === "tsx" || language === "jsx") return lowered(source, language);
  if (broken) return withCompiler(source);
  try {
    return { code: stripped(source), printed: false, origin: (position) => position };
  } catch (error) {
    if (codeOf(error) === "ERR_INTERNAL_ASSERTION") {
      broken = true;
      return withCompiler(source);
    }
    if (codeOf(error) !== "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") throw located(error, source);
    // The older word for a namespace.
    if (error instanceof Error && error.message.startsWith("`module` keyword")) return withCompiler(source);
  }
  if (mergesBodies(source)) return withCompiler(source);
  try {
    return fromMap(stripTypeScriptTypes(source, { mode: "transform", sourceMap: true, sourceUrl: "cell" }));
  } catch (error) {
    throw located(error, source);
  }
}

/** What V8 has by itself: about the bytes of a WebAssembly function that run before it is optimized. */
const usualBudget = 13_000_000;
let stripperLoaded = false;

/**
 * Loads Node's type stripper, which takes some 50 ms. Local modules need it, and cells that are not ordinary. Once a cell has changed what
 * all objects have in common it may not load any more.
 */
export function loadStripper(): void {
  if (!stripperLoaded) stripped("0");
}

/**
 * The text with blanks instead of types. Node's stripper is a WebAssembly program: V8 would spend a second of processor time in the
 * background on optimizing it, which makes it no faster. Other WebAssembly is left as it is.
 */
function stripped(source: string): string {
  const strip = () => stripTypeScriptTypes(source, { mode: "strip" });
  if (stripperLoaded) return strip();
  stripperLoaded = true;
  setFlagsFromString(`--wasm-tiering-budget=${2 ** 31 - 1}`);
  try {
    return strip();
  } finally {
    setFlagsFromString(`--wasm-tiering-budget=${usualBudget}`);
  }
}

/** Whether namespaces or enums of one name stand in several pieces. Node's transform does not let a piece see the names of the others. */
function mergesBodies(source: string): boolean {
  const names = [...source.matchAll(/\b(?:namespace|module|enum)\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)/gu)].map(
    (one) => one[1],
  );
  return new Set(names).size < names.length;
}

/**
 * True once a text was nested so deeply that Node's type stripper ran out of its memory: it is a WebAssembly program, and does not work
 * again in this process. The TypeScript compiler takes its place then.
 */
let broken = false;

function withCompiler(source: string): JavaScript {
  try {
    return lowered(source, "ts");
  } catch (error) {
    if (error instanceof RangeError)
      throw new SourceSyntaxError("The code is nested too deeply", { line: 1, column: 1 });
    throw error;
  }
}

/** The error of a parser that read `script`, placed in the source. Anything else stays as it is. */
export function syntaxErrorIn(error: unknown, script: JavaScript): unknown {
  if (!(error instanceof SyntaxError) || !("loc" in error)) return error;
  const { line, column } = error.loc as { line: number; column: number };
  const message = error.message.replace(/ \(\d+:\d+\)$/, "");
  return new SourceSyntaxError(message, script.origin({ line, column: column + 1 }));
}

/**
 * The same through the TypeScript compiler, which also lowers what Node does not run yet: decorators, `accessor`, JSX.
 *
 * @param jsx what JSX becomes: calls of `jsx` from `react/jsx-runtime` (or that of `@jsxImportSource`), or of `React.createElement` (`@jsx`)
 */
export function lowered(
  source: string,
  language: "ts" | "tsx" | "js" | "jsx",
  jsx: "automatic" | "classic" = "automatic",
): JavaScript {
  const ts = createRequire(import.meta.url)("typescript") as typeof import("typescript");
  const { outputText, diagnostics = [] } = ts.transpileModule(source, {
    fileName: `cell.${language}`,
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      jsx: jsx === "classic" ? ts.JsxEmit.React : ts.JsxEmit.ReactJSX,
      verbatimModuleSyntax: true,
      useDefineForClassFields: true,
      allowJs: true,
      inlineSourceMap: true,
    },
  });
  const [first] = diagnostics.filter((one) => one.category === ts.DiagnosticCategory.Error);
  if (!first) return fromMap(outputText);
  const position = new LineIndex(source).position(first.start ?? 0);
  throw new SourceSyntaxError(ts.flattenDiagnosticMessageText(first.messageText, "\n"), position);
}

/** How many faults the TypeScript compiler finds as it reads a text. */
export function countFaults(source: string, language: "ts" | "tsx"): number {
  const ts = createRequire(import.meta.url)("typescript") as typeof import("typescript");
  return ts.transpileModule(source, { fileName: `cell.${language}`, reportDiagnostics: true }).diagnostics?.length ?? 0;
}

function fromMap(printed: string): JavaScript {
  const at = printed.lastIndexOf("\n//# sourceMappingURL=");
  const encoded = at < 0 ? undefined : /base64,([\w+/=]+)/.exec(printed.slice(at))?.[1];
  if (!encoded) return { code: printed, printed: true, origin: (position) => position };
  const code = printed.slice(0, at);
  let map: TraceMap | undefined;
  return {
    code,
    printed: true,
    origin: ({ line, column }) => {
      map ??= new TraceMap(Buffer.from(encoded, "base64").toString("utf8"));
      const found = originalPositionFor(map, { line, column: column - 1 });
      return found.line === null ? { line, column } : { line: found.line, column: found.column + 1 };
    },
  };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** Node puts the place before the stack: `:3`, the lines, and carets below the last; none where the text ends too early. */
function located(error: unknown, source: string): unknown {
  if (!(error instanceof Error)) return error;
  const [head = "", ...rest] = (error.stack ?? "").split("\n");
  const line = Number(/:(\d+)$/.exec(head)?.[1] ?? 1);
  const caret = rest.find((text) => /^\s*\^+\s*$/.test(text));
  const early = !caret && !error.message.startsWith("Unterminated");
  const column = caret ? caret.indexOf("^") + 1 : early ? (source.split("\n")[line - 1] ?? "").trimEnd().length + 1 : 1;
  return new SourceSyntaxError(error.message, { line, column });
}
