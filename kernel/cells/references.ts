import type { AnyNode, Identifier, Pattern, Program } from "acorn";

/** How the text around a name must change when the name is replaced by an expression. */
export type ReferenceKind = "read" | "call" | "write" | "typeof" | "shorthand" | "shorthand write" | "export";

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

/** What to do with what is inside a node, by the node's type; other types are visited in the order of their properties. */
type Children = {
  readonly [Type in AnyNode["type"]]?: (node: Extract<AnyNode, { type: Type }>, scope: Scope, leads: boolean) => void;
};

/** Walks a program and reports every free name with the way it is used, leaving out what inner scopes declare. */
export function walkReferences(program: Program, visitor: Visitor): void {
  const top: Scope = { names: new Set(), parent: undefined, topLevel: true };
  const nothing = () => {};
  const children: Children = {
    Identifier: (node, scope, leads) => use(node, "read", scope, leads),
    Literal: nothing,
    ImportDeclaration: nothing,
    ExportAllDeclaration: nothing,
    MetaProperty: nothing,
    BreakStatement: nothing,
    ContinueStatement: nothing,
    ExportNamedDeclaration(node, scope) {
      if (node.declaration) visit(node.declaration, scope);
      else if (!node.source)
        for (const { local } of node.specifiers) if (local.type === "Identifier") use(local, "export", scope, false);
    },
    ExpressionStatement: (node, scope) => visit(node.expression, scope, true),
    LabeledStatement: (node, scope) => visit(node.body, scope),
    MemberExpression(node, scope, leads) {
      visit(node.object, scope, leads);
      if (node.computed) visit(node.property, scope);
    },
    CallExpression(node, scope, leads) {
      callee(node.callee, scope, leads);
      all(node.arguments, scope);
    },
    TaggedTemplateExpression(node, scope, leads) {
      callee(node.tag, scope, leads);
      visit(node.quasi, scope);
    },
    UnaryExpression({ operator, argument }, scope) {
      if (operator === "typeof" && argument.type === "Identifier") use(argument, "typeof", scope, false);
      else visit(argument, scope);
    },
    UpdateExpression: ({ argument, prefix }, scope, leads) => target(argument as Pattern, scope, leads && !prefix),
    AssignmentExpression(node, scope, leads) {
      target(node.left, scope, leads);
      visit(node.right, scope);
    },
    BinaryExpression: operands,
    LogicalExpression: operands,
    ConditionalExpression(node, scope, leads) {
      visit(node.test, scope, leads);
      visit(node.consequent, scope);
      visit(node.alternate, scope);
    },
    SequenceExpression(node, scope, leads) {
      node.expressions.forEach((expression, at) => {
        visit(expression, scope, leads && at === 0);
      });
    },
    ChainExpression: (node, scope, leads) => visit(node.expression, scope, leads),
    ParenthesizedExpression: (node, scope, leads) => visit(node.expression, scope, leads),
    Property({ computed, key, shorthand, value }, scope) {
      if (computed) visit(key, scope);
      if (shorthand && value.type === "Identifier") use(value, "shorthand", scope, false);
      else visit(value, scope);
    },
    VariableDeclaration(node, scope) {
      for (const declarator of node.declarations) visit(declarator, scope);
    },
    VariableDeclarator(node, scope) {
      // A default inside the pattern sees the names of its own pattern as they are being made.
      declared(node.id, inner(scope, patternNames(node.id)));
      maybe(node.init, scope);
    },
    FunctionDeclaration: inFunction,
    FunctionExpression: inFunction,
    ArrowFunctionExpression: inFunction,
    ClassDeclaration: inClass,
    ClassExpression: inClass,
    StaticBlock({ body }, scope) {
      all(body, { ...inner(scope, [...varNames(body), ...lexicalNames(body)]), topLevel: false });
    },
    BlockStatement: ({ body }, scope) => all(body, inner(scope, lexicalNames(body))),
    SwitchStatement(node, scope) {
      visit(node.discriminant, scope);
      const names = node.cases.flatMap((one) => lexicalNames(one.consequent));
      all(node.cases, inner(scope, names));
    },
    ForStatement(node, scope) {
      const loop = inner(scope, headNames(node.init));
      maybe(node.init, loop);
      maybe(node.test, loop);
      maybe(node.update, loop);
      visit(node.body, loop);
    },
    ForInStatement: each,
    ForOfStatement: each,
    CatchClause({ param, body }, scope) {
      const clause = inner(scope, [...(param ? patternNames(param) : []), ...lexicalNames(body.body)]);
      if (param) declared(param, clause);
      all(body.body, clause);
    },
  };
  for (const statement of program.body) visit(statement as AnyNode, top);

  function visit(node: AnyNode, scope: Scope, leads = false): void {
    visitor.enter?.(node, scope.topLevel);
    const known = children[node.type] as ((node: AnyNode, scope: Scope, leads: boolean) => void) | undefined;
    if (known) known(node, scope, leads);
    else everything(node, scope);
    visitor.leave?.(node, scope.topLevel);
  }

  function everything(node: AnyNode, scope: Scope): void {
    for (const [key, value] of Object.entries(node)) {
      if (key === "type" || value === null || typeof value !== "object") continue;
      if (Array.isArray(value)) {
        for (const one of value) if (isNode(one)) visit(one, scope);
      } else if (isNode(value)) visit(value, scope);
    }
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

  function each(node: Extract<AnyNode, { type: "ForInStatement" | "ForOfStatement" }>, scope: Scope): void {
    const loop = inner(scope, headNames(node.left));
    if (node.left.type === "VariableDeclaration") visit(node.left, loop);
    else target(node.left, loop, false);
    visit(node.right, loop);
    visit(node.body, loop);
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
              use(name, "shorthand write", scope, false);
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
    const names = node.params.flatMap((one) => patternNames(one));
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

/** The names that a pattern binds, in source order, added to those that are there. */
export function patternNames(pattern: Pattern, names: string[] = []): string[] {
  switch (pattern.type) {
    case "Identifier":
      names.push(pattern.name);
      break;
    case "ObjectPattern":
      for (const one of pattern.properties) patternNames(one.type === "RestElement" ? one.argument : one.value, names);
      break;
    case "ArrayPattern":
      for (const one of pattern.elements) if (one) patternNames(one, names);
      break;
    case "RestElement":
      return patternNames(pattern.argument, names);
    case "AssignmentPattern":
      return patternNames(pattern.left, names);
  }
  return names;
}

/** `let`, `const`, `using`, class and function names that a list of statements declares directly. */
export function lexicalNames(statements: readonly AnyNode[]): string[] {
  const names: string[] = [];
  for (const statement of statements) {
    if (statement.type === "VariableDeclaration" && statement.kind !== "var")
      for (const one of statement.declarations) patternNames(one.id, names);
    else if ((statement.type === "ClassDeclaration" || statement.type === "FunctionDeclaration") && statement.id)
      names.push(statement.id.name);
  }
  return names;
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
