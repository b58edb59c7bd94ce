import type TS from "typescript";
import { ts } from "./compiler.ts";

/** The value of an expression that is written out, or `undefined` where it must be computed. `-1`, `as const` and brackets are fine. */
export function literalValue(node: TS.Expression): { readonly value: unknown } | undefined {
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
    return literalValue(node.expression);
  if (ts.isStringLiteralLike(node)) return { value: node.text };
  if (ts.isNumericLiteral(node)) return { value: Number(node.text) };
  if (ts.isArrayLiteralExpression(node)) {
    const members = node.elements.map(literalValue);
    return members.every((one) => one !== undefined) ? { value: members.map((one) => one?.value) } : undefined;
  }
  if (ts.isObjectLiteralExpression(node)) return objectValue(node);
  if (ts.isPrefixUnaryExpression(node)) {
    const inner = literalValue(node.operand)?.value;
    if (typeof inner !== "number") return undefined;
    if (node.operator === ts.SyntaxKind.MinusToken) return { value: -inner };
    return node.operator === ts.SyntaxKind.PlusToken ? { value: inner } : undefined;
  }
  switch (node.kind) {
    case ts.SyntaxKind.TrueKeyword:
      return { value: true };
    case ts.SyntaxKind.FalseKeyword:
      return { value: false };
    case ts.SyntaxKind.NullKeyword:
      return { value: null };
    default:
      return undefined;
  }
}

function objectValue(node: TS.ObjectLiteralExpression): { readonly value: unknown } | undefined {
  const value: Record<string, unknown> = {};
  for (const property of node.properties) {
    if (!ts.isPropertyAssignment(property)) return undefined;
    const name = propertyName(property.name);
    const literal = literalValue(property.initializer);
    if (name === undefined || !literal) return undefined;
    value[name] = literal.value;
  }
  return { value };
}

/** The name of a property that is written out. */
export function propertyName(name: TS.PropertyName): string | undefined {
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name) ? name.text : undefined;
}

/** The comment that says something about a node: the one behind it on its line, or else above it. Without its marks. */
export function commentOn(node: TS.Node, file: TS.SourceFile): string | undefined {
  const text = file.text;
  const line = (at: number) => file.getLineAndCharacterOfPosition(at).line;
  const above = (ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []).filter(
    ({ pos, end }) =>
      // Behind something else on its line, it belongs to that.
      /^\s*$/.test(text.slice(text.lastIndexOf("\n", pos - 1) + 1, pos)) && line(node.getStart(file)) - line(end) <= 1,
  );
  // A comma or semicolon may stand between a node and the comment behind it.
  const after = /^[\t ]*[,;]?/.exec(text.slice(node.getEnd()))?.[0].length ?? 0;
  const behind = ts.getTrailingCommentRanges(text, node.getEnd() + after) ?? [];
  const [comments] = [behind.slice(0, 1), above.slice(-1)].filter((one) => one.length > 0);
  const plain = comments
    ?.map(({ pos, end }) => text.slice(pos, end))
    .join(" ")
    .replace(/^\/\*+|\*+\/$|^\/\/+/g, "")
    .replace(/^\s*\*\s?/gm, "")
    .replace(/\s+/g, " ")
    .trim();
  return plain === "" ? undefined : plain;
}
