import type { AnyNode, Program } from "acorn";
import { Edits } from "../edits.ts";
import { type ImportRequest, importRequest, nameOf } from "../imports.ts";
import { parsedModule } from "../parse.ts";
import { LineIndex, type Position } from "../positions.ts";
import { lexicalNames, patternNames, type Reference, walkReferences } from "../references.ts";
import { type JavaScript, lowered, syntaxErrorIn, toJavaScript } from "../typescript.ts";

export type Language = "ts" | "tsx" | "js" | "jsx";

/** A local ES module, ready to be compiled. */
export interface ModuleProgram {
  /**
   * `(function(ªm0…, helpers) { "use strict"; return function*() { … } })`: the first step of the generator announces the
   * exports, the second runs the body, so that modules in a cycle see each other's functions.
   */
  readonly code: string;
  /** What it imports, each once, in order: the namespaces are the function's first parameters. */
  readonly requests: readonly ImportRequest[];
  /** Names that the body uses of each request, for the check that they exist. */
  readonly used: readonly { readonly request: number; readonly name: string; readonly offset: number }[];
  /** Requests of `export * from`. */
  readonly stars: readonly number[];
  /** True when the body awaits at top level. */
  readonly asynchronous: boolean;
  readonly origin: (position: Position) => Position;
  /** From an offset in the JavaScript to the place in the source. */
  readonly place: (offset: number) => Position;
}

/** Parameters after the namespaces. */
export const moduleHelpers = ["ªªexport", "ªªimport", "ªªmeta", "ªªawait", "ªªcaught", "require"] as const;

/** Parses a file; `undefined` when it is a CommonJS module: no import, export, `import.meta` or top-level `await`. */
export function moduleSyntax(
  source: string,
  language: Language,
): { script: JavaScript; program: Program; isModule: boolean } {
  let script = toJavaScript(source, language);
  let program: Program;
  try {
    program = parsedModule(script.code);
  } catch (error) {
    if (language === "js" || !/@|\baccessor\b|<const>/.test(source)) throw syntaxErrorIn(error, script);
    script = lowered(source, language);
    program = parsedModule(script.code);
  }
  let isModule = program.body.some((node) => /^(Import|Export)/.test(node.type));
  if (!isModule)
    walkReferences(program, {
      reference: () => {},
      enter: (node, topLevel) => {
        if (node.type === "MetaProperty" && node.meta.name === "import") isModule = true;
        if (topLevel && node.type === "AwaitExpression") isModule = true;
      },
    });
  return { script, program, isModule };
}

/** Rewrites an ES module into a function: imports become reads of namespaces, exports become getters. */
export function moduleProgram({ script, program }: { script: JavaScript; program: Program }): ModuleProgram {
  const { code } = script;
  const body = program.body as AnyNode[];
  const edits = new Edits(code);
  const requests: ImportRequest[] = [];
  const stars: number[] = [];
  const used: { request: number; name: string; offset: number }[] = [];
  /** Local names of imports, as expressions. */
  const imported = new Map<string, { request: number; name: string; offset: number }>();
  /** Exported names, as expressions. */
  const exported: [name: string, expression: string][] = [];
  let asynchronous = false;

  const ask = (node: Parameters<typeof importRequest>[0]): number => {
    const request = importRequest(node, code);
    if (!request) return -1;
    const same = requests.findIndex((one) => one.specifier === request.specifier && one.type === request.type);
    return same >= 0 ? same : requests.push(request) - 1;
  };
  const member = (request: number, name: string) =>
    name === "*"
      ? `ªm${request}`
      : /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)
        ? `ªm${request}.${name}`
        : `ªm${request}[${JSON.stringify(name)}]`;

  for (const node of body) {
    if (node.type !== "ImportDeclaration") continue;
    const request = ask(node);
    if (request >= 0)
      for (const { local, imported: name } of importRequest(node, code)?.bindings ?? [])
        imported.set(local, { request, name, offset: node.start });
    edits.replace(node.start, node.end, ";");
  }
  for (const node of body) exportsOf(node);
  walkReferences(program, { reference, enter, leave });
  return finish();

  function exportsOf(node: AnyNode): void {
    if (node.type === "ExportAllDeclaration") {
      const request = ask(node);
      if (node.exported) exported.push([nameOf(node.exported), member(request, "*")]);
      else stars.push(request);
      edits.replace(node.start, node.end, ";");
    } else if (node.type === "ExportNamedDeclaration") {
      if (node.declaration) {
        edits.replace(node.start, node.declaration.start, "");
        const declaration = node.declaration as AnyNode;
        const names =
          declaration.type === "VariableDeclaration"
            ? declaration.declarations.flatMap((one) => patternNames(one.id))
            : lexicalNames([declaration]);
        for (const name of names) exported.push([name, name]);
        return;
      }
      const request = node.source ? ask(node) : -1;
      for (const { local, exported: as } of node.specifiers) {
        const name = nameOf(local);
        if (request >= 0) {
          // A name that turns out to be missing may have been a type.
          exported.push([nameOf(as), member(request, name)]);
        } else if (!node.source) {
          const from = imported.get(name);
          exported.push([nameOf(as), from ? member(from.request, from.name) : name]);
        }
      }
      edits.replace(node.start, node.end, ";");
    } else if (node.type === "ExportDefaultDeclaration") {
      const declaration = node.declaration as AnyNode;
      const named =
        (declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration") && declaration.id;
      exported.push(["default", named ? named.name : "ªªdefault"]);
      edits.replace(node.start, declaration.start, named ? "" : ";const ªªdefault=({default:(");
      if (!named) edits.insert(declaration.end, ")}).default");
      if (!named && code[node.end - 1] !== ";") edits.insert(node.end, ";");
    }
  }

  function enter(node: AnyNode, topLevel: boolean): void {
    if (topLevel && (node.type === "AwaitExpression" || (node.type === "ForOfStatement" && node.await)))
      asynchronous = true;
    if (topLevel && node.type === "VariableDeclaration" && node.kind === "await using") asynchronous = true;
    if (node.type === "AwaitExpression") edits.insert(node.start, "ªªawait(");
    if (node.type === "ImportExpression") edits.replace(node.start, node.start + "import".length, "ªªimport");
    if (node.type === "MetaProperty" && node.meta.name === "import") edits.replace(node.start, node.end, "ªªmeta");
    if (node.type === "CatchClause" && node.param?.type === "Identifier")
      edits.insert(node.body.start + 1, `ªªcaught(${node.param.name});`);
  }

  function leave(node: AnyNode): void {
    if (node.type === "AwaitExpression") edits.insert(node.end, ")");
  }

  function reference({ node, kind, leads }: Reference): void {
    const from = imported.get(node.name);
    if (!from || kind === "export") return;
    if (from.name !== "*") used.push(from);
    const text = member(from.request, from.name);
    const shown =
      kind === "call" ? `${leads ? "0," : ""}(0,${text})` : kind === "shorthand" ? `${node.name}:${text}` : text;
    edits.replace(node.start, node.end, shown);
  }

  function finish(): ModuleProgram {
    const { code: text, origin } = edits.apply();
    const params = [...requests.map((_, at) => `ªm${at}`), ...moduleHelpers].join();
    const getters = exported.map(([name, expression]) => `${JSON.stringify(name)}:()=>${expression}`).join();
    const kind = asynchronous ? "async function*" : "function*";
    const head = `(function(${params}){"use strict";return ${kind}(){ªªexport({${getters}});yield;`;
    const whole = `${head}${text.replace(/^#!/, "//")}\n}})`;
    const from = new LineIndex(whole);
    const to = new LineIndex(code);
    const place = (offset: number) => script.origin(to.position(Math.min(offset, code.length)));
    return {
      code: whole,
      requests,
      used,
      stars,
      asynchronous,
      place,
      origin: (position) => place(origin(Math.max(0, from.offset(position) - head.length))),
    };
  }
}
