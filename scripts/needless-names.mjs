import { parseModule } from "meriyah";

/**
 * A bundle without the calls of esbuild's `__name` that give a function the name which it has from its declaration, or from the variable or property that it
 * is the value of. Blanks take their place, so that source maps hold.
 */
export function withoutNeedlessNames(text) {
  const cuts = [];
  visit(parseModule(text, { ranges: true, next: true, webcompat: true }), (node) => {
    if (node.type === "ExpressionStatement" && isNaming(node.expression)) {
      const [named, name] = node.expression.arguments;
      if (named.type === "Identifier" && named.name === name.value)
        cuts.push([node.expression.start, node.expression.end]);
      return;
    }
    const [target, value] = given(node);
    if (target?.type !== "Identifier" || node.computed || !isNaming(value)) return;
    const [named, name] = value.arguments;
    if (name.value !== target.name || named.id || !/^(Arrow)?FunctionExpression$/.test(named.type)) return;
    cuts.push([value.start, named.start], [named.end, value.end]);
  });
  cuts.sort(([a], [b]) => a - b);
  let result = "";
  let at = 0;
  for (const [start, end] of cuts) {
    result += text.slice(at, start) + text.slice(start, end).replace(/[^\n]/g, " ");
    at = end;
  }
  return result + text.slice(at);
}

function isNaming(node) {
  const isCall = node?.type === "CallExpression" && node.callee.type === "Identifier" && node.callee.name === "__name";
  return isCall && node.arguments[1]?.type === "Literal";
}

/** What gives a nameless function its name, and the function. */
function given(node) {
  if (node.type === "VariableDeclarator") return [node.id, node.init];
  if (node.type === "Property" || node.type === "PropertyDefinition") return [node.key, node.value];
  if (node.type === "AssignmentExpression" && node.operator === "=") return [node.left, node.right];
  return [];
}

function visit(node, found) {
  const waiting = [node];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (typeof next.type === "string") found(next);
    for (const value of Object.values(next)) if (typeof value === "object" && value !== null) waiting.push(value);
  }
}
