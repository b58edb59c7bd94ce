import type { AnyNode, Identifier, Pattern, Program } from "acorn";

/** How the text around a name must change when the name is replaced by an expression. */
export type ReferenceKind = "read" | "call" | "write" | "typeof" | "shorthand" | "export";

/** A use of a name that belongs to the top level of the program or to nobody in it. */
export interface Reference {
  readonly node: Identifier;
  readonly kind: ReferenceKind;
  /** True when an expression statement starts with this name. */
  readonly leads: boolean;
  /** True inside a function or class: what happens there happens when it is called. */
  readonly nested: boolean;
}

/** What the walk reports as it passes, in source order: before a node's children, and after. */
export interface Visitor {
  reference(reference: Reference): void;
  enter?(node: AnyNode, topLevel: boolean): void;
  leave?(node: AnyNode, topLevel: boolean): void;
}

type Operation = Extract<AnyNode, { type: "BinaryExpression" | "LogicalExpression" }>;

interface Scope {
  readonly names: ReadonlySet<string>;
  readonly parent: Scope | undefined;
  /** True up to the first function or class: code that runs as part of the program's own body. */
  readonly topLevel: boolean;
}

/** Walks a program and reports every free name with the way it is used, leaving out what inner scopes declare. */
export function walkReferences(program: Program, visitor: Visitor): void {
  const top: Scope = { names: new Set(), parent: undefined, topLevel: true };
  for (const statement of program.body) visit(statement as AnyNode, top);

  function visit(node: AnyNode, scope: Scope, leads = false): void {
    visitor.enter?.(node, scope.topLevel);
    children(node, scope, leads);
    visitor.leave?.(node, scope.topLevel);
  }

  function maybe(node: AnyNode | null | undefined, scope: Scope, leads = false): void {
    if (node) visit(node, scope, leads);
  }

  function all(nodes: readonly (AnyNode | null)[], scope: Scope): void {
    for (const node of nodes) maybe(node, scope);
  }

  function use(node: Identifier, kind: ReferenceKind, scope: Scope, leads: boolean): void {
    for (let at: Scope | undefined = scope; at; at = at.parent) if (at.names.has(node.name)) return;
    visitor.reference({ node, kind, leads, nested: !scope.topLevel });
  }

  function children(node: AnyNode, scope: Scope, leads: boolean): void {
    switch (node.type) {
      case "Identifier":
        return use(node, "read", scope, leads);
      case "ImportDeclaration":
      case "ExportAllDeclaration":
      case "MetaProperty":
      case "BreakStatement":
      case "ContinueStatement":
        return;
      case "ExportNamedDeclaration":
        if (node.declaration) return visit(node.declaration, scope);
        if (!node.source)
          for (const { local } of node.specifiers) if (local.type === "Identifier") use(local, "export", scope, false);
        return;
      case "ExpressionStatement":
        return visit(node.expression, scope, true);
      case "LabeledStatement":
        return visit(node.body, scope);
      case "MemberExpression":
        visit(node.object, scope, leads);
        if (node.computed) visit(node.property, scope);
        return;
      case "CallExpression":
        callee(node.callee, scope, leads);
        return all(node.arguments, scope);
      case "TaggedTemplateExpression":
        callee(node.tag, scope, leads);
        return visit(node.quasi, scope);
      case "UnaryExpression":
        if (node.operator === "typeof" && node.argument.type === "Identifier")
          return use(node.argument, "typeof", scope, false);
        return visit(node.argument, scope);
      case "UpdateExpression":
        return target(node.argument as Pattern, scope, leads && !node.prefix);
      case "AssignmentExpression":
        target(node.left, scope, leads);
        return visit(node.right, scope);
      case "BinaryExpression":
      case "LogicalExpression":
        return operands(node, scope, leads);
      case "ConditionalExpression":
        visit(node.test, scope, leads);
        visit(node.consequent, scope);
        return visit(node.alternate, scope);
      case "SequenceExpression":
        node.expressions.forEach((expression, at) => {
          visit(expression, scope, leads && at === 0);
        });
        return;
      case "ChainExpression":
        return visit(node.expression, scope, leads);
      case "Property":
        if (node.computed) visit(node.key, scope);
        if (node.shorthand && node.value.type === "Identifier") return use(node.value, "shorthand", scope, false);
        return visit(node.value, scope);
      case "VariableDeclaration":
        for (const declarator of node.declarations) visit(declarator, scope);
        return;
      case "VariableDeclarator":
        // A default inside the pattern sees the names of its own pattern as they are being made.
        declared(node.id, inner(scope, patternNames(node.id)));
        return maybe(node.init, scope);
      case "FunctionDeclaration":
      case "FunctionExpression":
      case "ArrowFunctionExpression":
        return inFunction(node, scope);
      case "ClassDeclaration":
      case "ClassExpression":
        return inClass(node, scope);
      case "StaticBlock":
        return all(node.body, {
          ...inner(scope, [...varNames(node.body), ...lexicalNames(node.body)]),
          topLevel: false,
        });
      case "BlockStatement":
        return all(node.body, inner(scope, lexicalNames(node.body)));
      case "SwitchStatement": {
        visit(node.discriminant, scope);
        const cases = inner(
          scope,
          node.cases.flatMap((one) => lexicalNames(one.consequent)),
        );
        return all(node.cases, cases);
      }
      case "ForStatement": {
        const loop = inner(scope, headNames(node.init));
        maybe(node.init, loop);
        maybe(node.test, loop);
        maybe(node.update, loop);
        return visit(node.body, loop);
      }
      case "ForInStatement":
      case "ForOfStatement": {
        const loop = inner(scope, headNames(node.left));
        if (node.left.type === "VariableDeclaration") visit(node.left, loop);
        else target(node.left, loop, false);
        visit(node.right, loop);
        return visit(node.body, loop);
      }
      case "CatchClause": {
        const names = node.param ? patternNames(node.param) : [];
        const clause = inner(scope, [...names, ...lexicalNames(node.body.body)]);
        if (node.param) declared(node.param, clause);
        return all(node.body.body, clause);
      }
      case "ParenthesizedExpression":
        return visit(node.expression, scope, leads);
      default:
        for (const [key, value] of Object.entries(node)) {
          if (key === "type" || value === null || typeof value !== "object") continue;
          if (Array.isArray(value)) {
            for (const one of value) if (isNode(one)) visit(one, scope);
          } else if (isNode(value)) visit(value, scope);
        }
    }
  }

  function callee(node: AnyNode, scope: Scope, leads: boolean): void {
    if (node.type === "Identifier") use(node, "call", scope, leads);
    else visit(node, scope, leads);
  }

  /** `a + b + c + …`: one after the other instead of one inside the other, so that a long row does not use up the stack. */
  function operands(node: Operation, scope: Scope, leads: boolean): void {
    const row: Operation[] = [node];
    let first = node.left as AnyNode;
    while (first.type === "BinaryExpression" || first.type === "LogicalExpression") {
      visitor.enter?.(first, scope.topLevel);
      row.push(first);
      first = first.left as AnyNode;
    }
    visit(first, scope, leads);
    for (const operation of row.reverse()) {
      visit(operation.right, scope);
      if (operation !== node) visitor.leave?.(operation, scope.topLevel);
    }
  }

  /** The left side of an assignment. */
  function target(node: Pattern, scope: Scope, leads: boolean): void {
    switch (node.type) {
      case "Identifier":
        return use(node, "write", scope, leads);
      case "ObjectPattern":
        for (const property of node.properties) {
          if (property.type === "RestElement") target(property.argument, scope, false);
          else {
            if (property.computed) visit(property.key, scope);
            const value = property.value;
            const name = value.type === "AssignmentPattern" ? value.left : value;
            if (property.shorthand && name.type === "Identifier") {
              use(name, "shorthand", scope, false);
              if (value.type === "AssignmentPattern") visit(value.right, scope);
            } else target(value, scope, false);
          }
        }
        return;
      case "ArrayPattern":
        for (const element of node.elements) if (element) target(element, scope, false);
        return;
      case "RestElement":
        return target(node.argument, scope, false);
      case "AssignmentPattern":
        target(node.left, scope, false);
        return visit(node.right, scope);
      default:
        return visit(node as AnyNode, scope, leads);
    }
  }

  /** The left side of a declaration: its names are no uses, its defaults and computed keys are expressions. */
  function declared(node: Pattern, scope: Scope): void {
    switch (node.type) {
      case "ObjectPattern":
        for (const property of node.properties) {
          if (property.type === "RestElement") declared(property.argument, scope);
          else {
            if (property.computed) visit(property.key, scope);
            declared(property.value, scope);
          }
        }
        return;
      case "ArrayPattern":
        for (const element of node.elements) if (element) declared(element, scope);
        return;
      case "RestElement":
        return declared(node.argument, scope);
      case "AssignmentPattern":
        declared(node.left, scope);
        return visit(node.right, scope);
    }
  }

  function inFunction(node: Extract<AnyNode, { params: Pattern[] }>, scope: Scope): void {
    const names = node.params.flatMap(patternNames);
    if (node.type !== "ArrowFunctionExpression") names.push("arguments");
    if (node.type === "FunctionExpression" && node.id) names.push(node.id.name);
    if (node.body.type === "BlockStatement") names.push(...varNames(node.body.body), ...lexicalNames(node.body.body));
    const body: Scope = { names: new Set(names), parent: scope, topLevel: false };
    for (const param of node.params) declared(param, body);
    if (node.body.type !== "BlockStatement") return visit(node.body, body);
    visitor.enter?.(node.body, false);
    all(node.body.body, body);
    visitor.leave?.(node.body, false);
  }

  function inClass(node: Extract<AnyNode, { superClass?: unknown }>, scope: Scope): void {
    const own: Scope = { ...inner(scope, node.id ? [node.id.name] : []), topLevel: false };
    maybe(node.superClass, own);
    for (const member of node.body.body) {
      if (member.type === "StaticBlock") visit(member, own);
      else {
        if (member.computed) visit(member.key as AnyNode, own);
        if (member.value) visit(member.value, inner(own, member.type === "PropertyDefinition" ? ["arguments"] : []));
      }
    }
  }
}

function inner(parent: Scope, names: readonly string[]): Scope {
  return names.length === 0 ? parent : { names: new Set(names), parent, topLevel: parent.topLevel };
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function headNames(head: AnyNode | null | undefined): string[] {
  return head?.type === "VariableDeclaration" && head.kind !== "var"
    ? head.declarations.flatMap((one) => patternNames(one.id))
    : [];
}

/** The names that a pattern binds, in source order. */
export function patternNames(pattern: Pattern): string[] {
  switch (pattern.type) {
    case "Identifier":
      return [pattern.name];
    case "ObjectPattern":
      return pattern.properties.flatMap((one) => patternNames(one.type === "RestElement" ? one.argument : one.value));
    case "ArrayPattern":
      return pattern.elements.flatMap((one) => (one ? patternNames(one) : []));
    case "RestElement":
      return patternNames(pattern.argument);
    case "AssignmentPattern":
      return patternNames(pattern.left);
    default:
      return [];
  }
}

/** `let`, `const`, `using`, class and function names that a list of statements declares directly. */
export function lexicalNames(statements: readonly AnyNode[]): string[] {
  return statements.flatMap((statement) => {
    if (statement.type === "VariableDeclaration" && statement.kind !== "var")
      return statement.declarations.flatMap((one) => patternNames(one.id));
    if (statement.type === "ClassDeclaration" || statement.type === "FunctionDeclaration")
      return statement.id ? [statement.id.name] : [];
    return [];
  });
}

/** `var` names anywhere inside, but not inside functions and classes. */
export function varNames(nodes: readonly AnyNode[]): string[] {
  const names: string[] = [];
  const look = (node: AnyNode): void => {
    if (node.type === "VariableDeclaration") {
      if (node.kind === "var") names.push(...node.declarations.flatMap((one) => patternNames(one.id)));
      return;
    }
    if (!/(Statement|Block|Clause|Case|ExportNamedDeclaration)$/.test(node.type)) return;
    if (node.type === "ExpressionStatement") return;
    for (const value of Object.values(node)) {
      if (Array.isArray(value)) {
        for (const one of value) if (isNode(one)) look(one);
      } else if (isNode(value)) look(value);
    }
  };
  nodes.forEach(look);
  return names;
}
