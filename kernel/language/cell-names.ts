import type TS from "typescript";
import { isTsx } from "./cell-jsx.ts";
import { ts } from "./compiler.ts";
import { descendants } from "./descendants.ts";

/** How a name came to be, as far as the compiler treats it differently. */
export type NameKind =
  | "const"
  | "let"
  | "var"
  | "function"
  | "class"
  | "enum"
  | "namespace"
  | "import"
  | "interface"
  | "type";

/** A name that a cell declares at its top level. */
export interface CellName {
  readonly name: string;
  /** Of the value; of the type where there is no value. */
  readonly kind: NameKind;
  readonly value: boolean;
  readonly type: boolean;
  /** True when the cell's own text exports it under this name. */
  readonly exported: boolean;
  /** Where the (first) declaration's name starts in the cell. */
  readonly offset: number;
}

/** What the text of one cell says without knowing the others. */
export interface CellNames {
  readonly declared: ReadonlyMap<string, CellName>;
  /** Names that the cell assigns somewhere. Inner scopes are not told apart: a few too many do no harm. */
  readonly assigned: ReadonlySet<string>;
  /** The whole cell is `{ … }` and means an object. */
  readonly object: boolean;
  /** The kernel reads the cell as TSX. */
  readonly tsx: boolean;
  /** Comments in front that only count at the top of a file: `/// <reference …>`, `@ts-nocheck`, `@jsx …`. */
  readonly pragmas: string;
}

/** Reads the names of a cell. Text that is being typed is read as far as it can be. */
export function cellNames(source: string): CellNames {
  const tsx = isTsx(source);
  const kind = tsx ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.ESNext, false, kind);
  const declared = new Map<string, CellName>();
  const assigned = new Set<string>();
  const exportedLater = new Set<string>();

  const add = (name: TS.Identifier | undefined, kind: NameKind, exported = false) => {
    if (!name || name.text === "") return;
    const value = kind !== "interface" && kind !== "type";
    const type = ["class", "enum", "namespace", "import", "interface", "type"].includes(kind);
    const known = declared.get(name.text);
    declared.set(name.text, {
      name: name.text,
      kind: known?.value ? known.kind : kind,
      value: value || (known?.value ?? false),
      type: type || (known?.type ?? false),
      exported: exported || (known?.exported ?? false),
      offset: known?.offset ?? name.getStart(file),
    });
  };
  const addPattern = (name: TS.BindingName, kind: NameKind, exported: boolean): void => {
    if (ts.isIdentifier(name)) add(name, kind, exported);
    else for (const part of name.elements) if (ts.isBindingElement(part)) addPattern(part.name, kind, exported);
  };
  const addVariables = (list: TS.VariableDeclarationList, exported: boolean) => {
    const kind = list.flags & ts.NodeFlags.Const ? "const" : list.flags & ts.NodeFlags.Let ? "let" : "var";
    for (const one of list.declarations) addPattern(one.name, kind, exported);
  };

  for (const statement of file.statements) addStatement(statement);
  for (const name of exportedLater) {
    const known = declared.get(name);
    if (known) declared.set(name, { ...known, exported: true });
  }
  for (const node of descendants(file)) for (const name of assignedBy(node)) assigned.add(name);
  return { declared, assigned, tsx, object: isObject(source), pragmas: pragmasOf(source) };

  function addStatement(node: TS.Statement): void {
    const exported =
      ts.canHaveModifiers(node) &&
      (ts.getModifiers(node) ?? []).some((one) => one.kind === ts.SyntaxKind.ExportKeyword) &&
      !(ts.getModifiers(node) ?? []).some((one) => one.kind === ts.SyntaxKind.DefaultKeyword);
    if (ts.isVariableStatement(node)) addVariables(node.declarationList, exported);
    else if (ts.isFunctionDeclaration(node)) add(node.name, "function", exported);
    else if (ts.isClassDeclaration(node)) add(node.name, "class", exported);
    else if (ts.isEnumDeclaration(node)) add(node.name, "enum", exported);
    else if (ts.isInterfaceDeclaration(node)) add(node.name, "interface", exported);
    else if (ts.isTypeAliasDeclaration(node)) add(node.name, "type", exported);
    else if (ts.isModuleDeclaration(node)) {
      if (ts.isIdentifier(node.name) && !(node.flags & ts.NodeFlags.GlobalAugmentation))
        add(node.name, "namespace", exported);
    } else if (ts.isImportEqualsDeclaration(node)) add(node.name, "import", exported);
    else if (ts.isImportDeclaration(node)) {
      const clause = node.importClause;
      add(clause?.name, "import");
      const bindings = clause?.namedBindings;
      if (bindings && ts.isNamespaceImport(bindings)) add(bindings.name, "import");
      else for (const one of bindings?.elements ?? []) add(one.name, "import");
    } else if (ts.isExportDeclaration(node)) {
      if (node.exportClause && ts.isNamedExports(node.exportClause))
        for (const one of node.exportClause.elements) exportedLater.add(one.name.text);
    } else addHoisted(node);
  }

  /** `var` in blocks and loops belongs to the cell. */
  function addHoisted(node: TS.Node): void {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isExpression(node)) return;
    if (ts.isVariableDeclarationList(node) && !(node.flags & ts.NodeFlags.BlockScoped)) addVariables(node, false);
    else ts.forEachChild(node, addHoisted);
  }
}

const isAssignment = (kind: TS.SyntaxKind) =>
  kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;

function assignedBy(node: TS.Node): string[] {
  if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) return targets(node.left);
  if (
    (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) &&
    (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken)
  )
    return targets(node.operand);
  if ((ts.isForOfStatement(node) || ts.isForInStatement(node)) && !ts.isVariableDeclarationList(node.initializer))
    return targets(node.initializer);
  return [];
}

function targets(node: TS.Node): string[] {
  if (ts.isIdentifier(node)) return [node.text];
  if (ts.isParenthesizedExpression(node) || ts.isSpreadElement(node) || ts.isSpreadAssignment(node))
    return targets(node.expression);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) return targets(node.left);
  if (ts.isArrayLiteralExpression(node)) return node.elements.flatMap(targets);
  if (ts.isObjectLiteralExpression(node)) return node.properties.flatMap(targets);
  if (ts.isPropertyAssignment(node)) return targets(node.initializer);
  if (ts.isShorthandPropertyAssignment(node)) return [node.name.text];
  return [];
}

/** `{ a: 1 }` alone is an object, as the kernel and Node's REPL have it. */
function isObject(source: string): boolean {
  if (!/^\s*\{[\s\S]*\}\s*$/.test(source)) return false;
  const file = ts.createSourceFile("object.ts", `(${source}\n)`, ts.ScriptTarget.ESNext, false, ts.ScriptKind.TS);
  const [only, more] = file.statements;
  if (more || !only || !ts.isExpressionStatement(only) || !ts.isParenthesizedExpression(only.expression)) return false;
  const object = only.expression.expression;
  const broken = (file as { readonly parseDiagnostics?: readonly unknown[] }).parseDiagnostics ?? [];
  return ts.isObjectLiteralExpression(object) && object.properties.length > 0 && broken.length === 0;
}

function pragmasOf(source: string): string {
  const comments = ts.getLeadingCommentRanges(source, 0) ?? [];
  return comments
    .map(({ pos, end }) => source.slice(pos, end))
    .filter((text) => /^\/\/\/\s*<|^\/\/\s*@ts-nocheck|^\/\*[\s*]*@jsx/.test(text))
    .map((text) => `${text.replaceAll("\r", "")}\n`)
    .join("");
}
