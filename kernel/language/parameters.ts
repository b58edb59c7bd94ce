import type TS from "typescript";
import { isProblem, parameterDeclaration } from "../protocol/parameter-declaration.ts";
import type { WrittenParameter, WrittenParameters } from "../protocol/parameters.ts";
import { ts } from "./compiler.ts";
import { descendants } from "./descendants.ts";
import { commentOn, literalValue, propertyName } from "./literals.ts";
import { taggedParameters } from "./tagged-parameters.ts";

export interface ParameterCell {
  readonly index: number;
  readonly source: string;
  readonly tags?: readonly string[];
}

/** Finds the parameters that a notebook declares, from its text alone. */
export function writtenParameters(cells: readonly ParameterCell[]): WrittenParameters {
  const files = cells.map((cell) => ({ cell, file: parse(cell.source) }));
  const callees = files.map(({ file }) => calleesOf(file));
  const known = { names: new Set<string>(), spaces: new Set<string>() };
  for (const { names, spaces } of callees) {
    for (const name of names) known.names.add(name);
    for (const space of spaces) known.spaces.add(space);
  }
  const found = new Map<string, WrittenParameter>();
  let complete = true;
  for (const { cell, file } of files) {
    if (cell.tags?.includes("parameters"))
      for (const one of taggedParameters(file)) found.set(one.name, { ...one, by: "tag", cell: cell.index });
    for (const call of callsIn(file, known)) {
      const [specs] = call.arguments;
      if (!specs || !ts.isObjectLiteralExpression(specs)) complete = false;
      else
        for (const property of specs.properties) {
          const one = ts.isPropertyAssignment(property) ? propertyParameter(property, file) : undefined;
          if (one) found.set(one.name, { ...one, by: "call", cell: cell.index });
          else complete = false;
        }
    }
  }
  return { parameters: [...found.values()], complete };
}

function parse(source: string): TS.SourceFile {
  return ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
}

/** Under which names a cell imports `parameters`, and all of "assay". */
function calleesOf(file: TS.SourceFile): { readonly names: string[]; readonly spaces: string[] } {
  const names: string[] = [];
  const spaces: string[] = [];
  for (const statement of file.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    if (statement.moduleSpecifier.text !== "assay") continue;
    const bindings = statement.importClause?.namedBindings;
    if (!bindings) continue;
    if (ts.isNamespaceImport(bindings)) spaces.push(bindings.name.text);
    else
      for (const one of bindings.elements)
        if ((one.propertyName ?? one.name).text === "parameters") names.push(one.name.text);
  }
  return { names, spaces };
}

function callsIn(
  file: TS.SourceFile,
  { names, spaces }: { readonly names: ReadonlySet<string>; readonly spaces: ReadonlySet<string> },
): TS.CallExpression[] {
  const calls: TS.CallExpression[] = [];
  for (const node of descendants(file)) {
    if (!ts.isCallExpression(node)) continue;
    const { expression } = node;
    if (ts.isIdentifier(expression) && names.has(expression.text)) calls.push(node);
    else if (ts.isPropertyAccessExpression(expression) && expression.name.text === "parameters")
      if (ts.isIdentifier(expression.expression) && spaces.has(expression.expression.text)) calls.push(node);
  }
  return calls;
}

type Found = Omit<WrittenParameter, "by" | "cell">;

function propertyParameter(property: TS.PropertyAssignment, file: TS.SourceFile): Found | undefined {
  const name = propertyName(property.name);
  if (name === undefined) return undefined;
  const { initializer } = property;
  const comment = commentOn(property, file);
  const described = comment === undefined ? {} : { description: comment };
  const literal = literalValue(initializer);
  const declared = literal ? parameterDeclaration(name, literal.value) : undefined;
  // What contradicts itself is reported by the cell, with its line.
  if (declared && !isProblem(declared)) return { ...described, ...declared, exact: true };
  const unknown = { name, type: "any", list: false, nullable: false, required: false } as const;
  if (!ts.isObjectLiteralExpression(initializer))
    return { ...unknown, ...described, defaultSource: initializer.getText(file), exact: false };
  return { ...unknown, ...described, ...written(initializer, name, file), exact: false };
}

/** What the options of a parameter say, some of which must be computed. */
function written(options: TS.ObjectLiteralExpression, name: string, file: TS.SourceFile): Partial<Found> {
  const literals: Record<string, unknown> = {};
  let defaultSource: string | undefined;
  for (const property of options.properties) {
    if (!ts.isPropertyAssignment(property)) continue;
    const option = propertyName(property.name) ?? "";
    const literal = literalValue(property.initializer);
    if (literal) literals[option] = literal.value;
    else if (option === "default") defaultSource = property.initializer.getText(file);
  }
  const declared = parameterDeclaration(name, literals);
  const rest = isProblem(declared) ? {} : declared;
  return defaultSource === undefined ? rest : { ...rest, required: false, defaultSource };
}
