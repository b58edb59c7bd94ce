import type TS from "typescript";
import { isProblem, parameterDeclaration } from "../protocol/parameter-declaration.ts";
import type { WrittenParameter } from "../protocol/parameters.ts";
import { ts } from "./compiler.ts";
import { commentOn, literalValue } from "./literals.ts";

type Found = Omit<WrittenParameter, "by" | "cell">;

/** The variables that a cell tagged `parameters` declares. Their types come from their annotation, or else from their value. */
export function taggedParameters(file: TS.SourceFile): Found[] {
  return file.statements.flatMap((statement) => {
    if (!ts.isVariableStatement(statement)) return [];
    const declarations = statement.declarationList.declarations;
    return declarations.flatMap((one) => {
      if (!ts.isIdentifier(one.name)) return [];
      const comment = commentOn(declarations.length === 1 ? statement : one, file);
      return variable(one, one.name.text, file, comment === undefined ? {} : { description: comment });
    });
  });
}

function variable(
  { type, initializer }: TS.VariableDeclaration,
  name: string,
  file: TS.SourceFile,
  described: { readonly description?: string },
): Found {
  const options = type ? annotated(type) : {};
  const literal = initializer ? literalValue(initializer) : undefined;
  // A variable that waits for its value is one that every run must give.
  const declared = parameterDeclaration(name, {
    ...(initializer || options.type ? {} : { type: "any" }),
    ...options,
    ...(literal ? { default: literal.value } : {}),
  });
  if (!isProblem(declared) && (literal || !initializer)) return { ...described, ...declared, exact: true };
  const rest = isProblem(declared) ? { type: "any" as const, list: false, nullable: false } : declared;
  const defaultSource = initializer?.getText(file) ?? "undefined";
  return { name, ...described, ...rest, required: false, defaultSource, exact: false };
}

/** Options as a type annotation says them: `number`, `string[]`, `"fast" | "slow"`, `number | null`. */
function annotated(type: TS.TypeNode): Record<string, unknown> {
  if (ts.isParenthesizedTypeNode(type)) return annotated(type.type);
  if (ts.isUnionTypeNode(type)) {
    const rest = type.types.filter((one) => !isNull(one));
    const nullable = rest.length < type.types.length ? { nullable: true } : {};
    const choices = rest.flatMap((one) =>
      ts.isLiteralTypeNode(one) ? (literalValue(one.literal as TS.Expression) ?? []) : [],
    );
    if (choices.length === rest.length && rest.length > 0) {
      const values = choices.map(({ value }) => value);
      return { type: typeof values[0], choices: values, ...nullable };
    }
    return rest.length === 1 && rest[0] ? { ...annotated(rest[0]), ...nullable } : { type: "any", ...nullable };
  }
  if (ts.isArrayTypeNode(type)) {
    const { type: member } = annotated(type.elementType);
    return /^(number|string|boolean)$/.test(String(member)) ? { type: `${member}[]` } : {};
  }
  if (ts.isTypeOperatorNode(type)) return annotated(type.type);
  if (ts.isLiteralTypeNode(type) && !isNull(type)) {
    const literal = literalValue(type.literal as TS.Expression);
    return literal ? { type: typeof literal.value, choices: [literal.value] } : {};
  }
  switch (type.kind) {
    case ts.SyntaxKind.NumberKeyword:
      return { type: "number" };
    case ts.SyntaxKind.StringKeyword:
      return { type: "string" };
    case ts.SyntaxKind.BooleanKeyword:
      return { type: "boolean" };
    case ts.SyntaxKind.AnyKeyword:
    case ts.SyntaxKind.UnknownKeyword:
      return { type: "any" };
    default:
      return {};
  }
}

function isNull(type: TS.TypeNode): boolean {
  return ts.isLiteralTypeNode(type) && type.literal.kind === ts.SyntaxKind.NullKeyword;
}
