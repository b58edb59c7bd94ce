import type { AnyNode, Identifier } from "acorn";
import { type CellEffects, EffectsReader, isFunction } from "./cell-effects.ts";
import { declarationOf, lastExpression, parseCell } from "./cell-syntax.ts";
import { Edits } from "./edits.ts";
import { type ImportRequest, importRequest } from "./imports.ts";
import { intrinsics } from "./intrinsics.ts";
import { LineIndex, type Position } from "./positions.ts";
import { lexicalNames, patternNames, type ReferenceKind } from "./references.ts";
import type { JavaScript, SourceSyntaxError } from "./typescript.ts";

/** A cell, ready to be compiled: the source of a function that takes bindings and helpers and runs it. */
export interface CellProgram extends CellEffects {
  /**
   * `(function(ªname…, ªªhelper…) { "use strict"; … })`, an `async` one if the cell awaits. What stands in parentheses V8 compiles at once, as
   * it will run at once.
   */
  readonly code: string;
  /** Names whose bindings are the function's first parameters, in order. */
  readonly names: readonly string[];
  readonly imports: readonly ImportRequest[];
  /** `let`, `const`, class and `using` names at top level. */
  readonly lexical: readonly string[];
  readonly functions: readonly string[];
  readonly vars: readonly string[];
  /** From a place in `code` to the place in the cell's source. */
  readonly origin: (position: Position) => Position;
  /** From an offset in the JavaScript text to the place in the cell's source. */
  readonly place: (offset: number) => Position;
}

/**
 * Parameters after the bindings. Two marks, so that no variable of a cell can have the name. The last is held by every function that
 * the cell makes, so that it lives as long as any of its code can run.
 */
export const cellHelpers = [
  "ªªresult",
  "ªªimport",
  "ªªmeta",
  "ªªat",
  "ªªthrow",
  "ªªawait",
  "ªªcaught",
  "ªªcode",
] as const;

/** Text of a cell that may await something at top level. */
const awaits = /\bawait\b/;

/**
 * Rewrites a cell so that its top-level names live in bindings shared by the notebook. Declarations stay where they are, as native
 * ones; after each, its binding is set. Every use of a name outside the scope that declares it goes through the binding (`ªx.v`),
 * so closures see what later cells declare. Throws {@link SourceSyntaxError}.
 */
export function cellProgram(source: string, isBound: (name: string) => boolean, carefully = false): CellProgram {
  const syntax = parseCell(source, () => isBound("React"), carefully);
  const { script, program, events } = syntax;
  const { code } = script;
  const body = program.body as AnyNode[];
  const edits = new Edits(code);

  const imports = body.flatMap((node) => {
    const asks =
      node.type === "ImportDeclaration" ||
      node.type === "ExportNamedDeclaration" ||
      node.type === "ExportAllDeclaration";
    return asks ? (importRequest(node, code) ?? []) : [];
  });
  const imported = new Set(imports.flatMap((one) => one.bindings.map(({ local }) => local)));
  /** What a printer added for itself (helpers of decorators) is no variable of the notebook, but for what it imports (JSX). */
  const shared = (name: string) =>
    !script.printed || source.includes(name) || imported.has(name) || (name === "React" && isBound(name));
  /** Declarations that stand at top level themselves, not in a block or loop, and other statements. */
  const own = body.map((node) => declarationOf(node) ?? node);
  const functions = own
    .flatMap((node) => (node.type === "FunctionDeclaration" && node.id ? [node.id.name] : []))
    .filter(shared);
  const lexical = lexicalNames(own.filter(({ type }) => type !== "FunctionDeclaration")).filter(
    (name) => !functions.includes(name) && shared(name),
  );
  const vars = [...new Set(syntax.vars)].filter(shared);
  const declared = new Set([...functions, ...lexical, ...vars, ...imported]);

  const names = new Set<string>(declared);
  const effects = new EffectsReader(code, declared, functions);
  const native = new Set<AnyNode>();
  const handled = new Set<AnyNode>();
  /** Where they start, which tells them from others of their kinds. */
  const ownStarts = new Set(own.map(({ start }) => start));
  /** Constants that the cell has declared so far: what runs as part of it need not ask their bindings. */
  const constants = new Set<string>();
  /** Where functions end that are passed to a call. */
  const passed: number[] = [];
  let counter = 0;
  const define = (list: readonly string[], kind: string) =>
    list.filter(shared).map((name) => `ª${name}.${kind === "const" || kind === "using" ? "c" : "d"}(${name})`);

  const last = lastExpression(body, script.printed);
  for (const node of body) topStatement(node);
  if (last) edits.insert(last.start, "ªªresult((");
  for (const { kind, node, flag, nested } of events) {
    if (kind === "enter") enter(node, flag);
    else if (kind === "leave") leave(node, flag);
    else reference(node as Identifier, kind, flag, nested);
  }
  for (const end of passed) edits.insert(end, ")");
  if (last) edits.insert(last.end, "))");
  return finish();

  function topStatement(node: AnyNode): void {
    if (node.type === "ImportDeclaration" || node.type === "ExportAllDeclaration")
      return edits.replace(node.start, node.end, ";");
    if (node.type === "ExportNamedDeclaration") {
      if (node.declaration) edits.replace(node.start, node.declaration.start, "");
      else edits.replace(node.start, node.end, ";");
    }
    if (node.type === "ExportDefaultDeclaration") {
      const named = /^(Function|Class)Declaration$/.test(node.declaration.type) && declarationOf(node) !== undefined;
      edits.replace(node.start, node.declaration.start, named ? "" : ";(");
      if (!named) edits.insert(node.declaration.end, ")");
    }
  }

  function enter(node: AnyNode, topLevel: boolean): void {
    effects.enter(node, topLevel);
    switch (node.type) {
      case "AwaitExpression":
        edits.insert(node.start, "ªªawait(");
        if (topLevel) edits.insert(node.argument.start, `ªªat(${node.start},`);
        return;
      case "ThrowStatement":
        return edits.insert(node.argument.start, `ªªthrow(${node.start},(`);
      case "ImportExpression":
        return edits.replace(node.start, node.start + "import".length, "ªªimport");
      case "MetaProperty":
        if (node.meta.name === "import") edits.replace(node.start, node.end, "ªªmeta");
        return;
      case "CatchClause":
        if (!node.param) edits.insert(node.body.start, "(ªªe)");
        if (!node.param || node.param.type === "Identifier")
          edits.insert(node.body.start + 1, `ªªcaught(${node.param ? node.param.name : "ªªe"});`);
        return;
      case "ForInStatement":
      case "ForOfStatement":
        return loopHead(node, topLevel);
      case "CallExpression":
        if (script.printed && topLevel) namespaceBody(node);
        if (topLevel)
          for (const one of node.arguments) if (isFunction(one) && one.type !== "ClassExpression") calledSoon(one);
    }
  }

  /** V8 compiles a function in parentheses together with what is around it, and any other when it is called: it then reads it again. */
  function calledSoon(node: AnyNode): void {
    edits.insert(node.start, "(");
    passed.push(node.end);
  }

  function leave(node: AnyNode, topLevel: boolean): void {
    if (node.type === "AwaitExpression") edits.insert(node.end, topLevel ? "),1)" : ")");
    if (node.type === "ThrowStatement") edits.insert(node.argument.end, "))");
    if (node.type === "AssignmentExpression") nameAfterTarget(node);
    if (node.type === "VariableDeclaration" && topLevel && !handled.has(node)) {
      if (node.kind !== "var" && !ownStarts.has(node.start)) return;
      const kind = node.kind === "await using" ? "using" : node.kind;
      const alone = node.declarations.length === 1 && ownStarts.has(node.start);
      for (const { id, init, end } of node.declarations) {
        // `var x` without a value keeps what it has.
        if (kind === "var" && !init) continue;
        const declares = patternNames(id);
        if (kind === "const") for (const name of declares) constants.add(name);
        const defined = define(declares, kind);
        if (defined.length === 0) continue;
        if (alone) edits.insert(end, `;${defined.join(";")};`);
        else edits.insert(end, `,ªª${counter++}=(${defined.join()},void 0)`);
      }
    }
    if (node.type === "ClassDeclaration" && node.id && ownStarts.has(node.start))
      edits.insert(node.end, `;${define([node.id.name], "class")};`);
  }

  function reference(node: Identifier, kind: ReferenceKind, leads: boolean, nested: boolean): void {
    const { name } = node;
    if (native.has(node) || kind === "export" || !shared(name)) return;
    if (!declared.has(name) && (name === "eval" || (intrinsics.has(name) && !isBound(name)))) return;
    names.add(name);
    const changes = kind === "write" || kind === "shorthand write";
    effects.use(node, changes, nested);
    if (nested || changes || !constants.has(name)) edits.replace(node.start, node.end, replaced(name, kind, leads));
  }

  function loopHead(node: Extract<AnyNode, { type: "ForInStatement" | "ForOfStatement" }>, topLevel: boolean): void {
    const { left, body: inside } = node;
    const first: string[] = [];
    if (node.type === "ForOfStatement" && node.await) first.push("ªªawait()");
    if (left.type === "VariableDeclaration" && left.kind === "var" && topLevel) {
      handled.add(left);
      for (const { id } of left.declarations) first.push(...define(patternNames(id), "var"));
    }
    if (first.length === 0) return;
    if (inside.type === "BlockStatement") return edits.insert(inside.start + 1, `${first.join(";")};`);
    edits.insert(inside.start, `{${first.join(";")};`);
    edits.insert(inside.end, "}");
  }

  /** `(function(N) { … })(N || (N = {}))`, as enums and namespaces are printed: starts anew instead of adding to an older `N`. */
  function namespaceBody(node: Extract<AnyNode, { type: "CallExpression" }>): void {
    const { callee, arguments: args } = node;
    const param = callee.type === "FunctionExpression" && callee.params.length === 1 ? callee.params[0] : undefined;
    if (param?.type !== "Identifier" || !declared.has(param.name)) return;
    const argument = args[0] as AnyNode | undefined;
    const first = argument?.type === "LogicalExpression" ? argument.left : argument;
    if (first?.type !== "Identifier" || first.name !== param.name) return;
    native.add(first);
    if (argument?.type === "LogicalExpression" && argument.right.type === "AssignmentExpression") {
      native.add(argument.right.left as AnyNode);
    }
    const statement = body.find((one) => one.type === "ExpressionStatement" && one.expression === node);
    if (statement) edits.insert(statement.end, `;${define([param.name], "var")};`);
  }

  /** `f = () => …` names the function `f`; an assignment to a member would not. */
  function nameAfterTarget(node: Extract<AnyNode, { type: "AssignmentExpression" }>): void {
    const { left, right, operator } = node;
    if (left.type !== "Identifier" || !/^(=|\?\?=|\|\|=|&&=)$/.test(operator)) return;
    const anonymous =
      right.type === "ArrowFunctionExpression" ||
      ((right.type === "FunctionExpression" || right.type === "ClassExpression") && !right.id);
    if (!anonymous || code[right.start - 1] === "(") return;
    edits.insert(right.start, `({${left.name}:`);
    edits.insert(right.end, `}).${left.name}`);
  }

  function finish(): CellProgram {
    const { code: text, origin } = edits.apply();
    const prologue = define(functions, "function").join(";");
    const params = [...names].map((name) => `ª${name}`);
    const kind = awaits.test(text) ? "async function" : "function";
    // A cell that has such names itself declares them in a scope of its own.
    const [begin, end] = code.includes("ª") ? [`return(${kind}(){`, "})()"] : ["", ""];
    // What the first function mentions all functions of the cell hold.
    const head = `(${kind}(${[...params, ...cellHelpers].join()}){"use strict";${begin}()=>ªªcode;${prologue};`;
    const whole = `${head}${text}\n${end}})`;
    return {
      code: whole,
      names: [...names],
      imports,
      lexical,
      functions,
      vars,
      ...effects.effects(),
      ...places(whole, head.length, code, origin, script),
    };
  }
}

/** What stands for a name that is a variable of the notebook. */
function replaced(name: string, kind: ReferenceKind, leads: boolean): string {
  switch (kind) {
    case "typeof":
      return `ª${name}.u`;
    case "shorthand":
    case "shorthand write":
      return `${name}:ª${name}.v`;
    case "call":
      // The comma keeps `this` undefined; the zero keeps a line that starts so from continuing the line before.
      return `${leads ? "0," : ""}(0,ª${name}.v)`;
    default:
      return `ª${name}.v`;
  }
}

/** The ways back to the source. On its own, so that a trace which is kept for long does not keep the syntax tree. */
function places(
  whole: string,
  head: number,
  code: string,
  origin: (offset: number) => number,
  script: JavaScript,
): Pick<CellProgram, "place" | "origin"> {
  let from: LineIndex | undefined;
  let to: LineIndex | undefined;
  const place = (offset: number) => {
    to ??= new LineIndex(code);
    return script.origin(to.position(Math.min(offset, code.length)));
  };
  return {
    place,
    origin: (position) => {
      from ??= new LineIndex(whole);
      return place(calleeStart(code, origin(Math.max(0, from.offset(position) - head))));
    },
  };
}

/** V8 places a call of a rewritten name at its parenthesis; the language places it at the name. */
function calleeStart(code: string, offset: number): number {
  if (code[offset] !== "(") return offset;
  const name = /(?<![\p{ID_Continue}$.#])[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.exec(
    code.slice(Math.max(0, offset - 100), offset),
  );
  return name ? offset - name[0].length : offset;
}
