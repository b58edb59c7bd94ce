import type {
  AssignmentExpression,
  AssignmentProperty,
  AwaitExpression,
  BinaryExpression,
  Expression,
  Pattern,
  RestElement,
  SpreadElement,
  UnaryExpression,
  UpdateExpression,
} from "acorn";
import type { ReferenceKind } from "../references.ts";
import { giveUp } from "./give-up.ts";
import { MemberParser } from "./members.ts";

const precedence = new Map(
  [["??"], ["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!=", "===", "!=="], ["<", ">", "<=", ">=", "instanceof", "in"]]
    .concat([["<<", ">>", ">>>"], ["+", "-"], ["*", "/", "%"], ["**"]])
    .flatMap((operators, at) => operators.map((operator) => [operator, at + 1] as const)),
);
const relational = precedence.get("<")!;
const assignments = new Set([
  "=",
  "+=",
  "-=",
  "*=",
  "/=",
  "%=",
  "<<=",
  ">>=",
  ">>>=",
  "|=",
  "^=",
  "&=",
  "**=",
  "||=",
  "&&=",
  "??=",
]);

/** Operators and assignments (ECMA-262, 13.4 to 13.16), with the types in them. */
export abstract class ExpressionParser extends MemberParser {
  protected override expression(): Expression {
    const { start } = this;
    const first = this.assignment();
    if (!this.is(",")) return first;
    const expressions = [first];
    while (this.eat(",")) expressions.push(this.assignment());
    return { type: "SequenceExpression", start, expressions, end: this.tail() };
  }

  protected override assignment(): Expression {
    const { start } = this;
    const from = this.events.length;
    const arrow = this.arrowIfAny();
    if (arrow) return arrow;
    if (this.is("name") && this.word === "yield") return this.#yieldExpression();
    const parenthesis = this.is("(");
    const left = this.#conditional(start);
    if (!assignments.has(this.kind)) return left;
    const operator = this.kind as AssignmentExpression["operator"];
    if (parenthesis && left.type !== "MemberExpression") giveUp();
    const target = this.toTarget(left, from);
    if (operator !== "=" && target.type !== "Identifier" && target.type !== "MemberExpression") giveUp();
    this.next();
    const right = this.assignment();
    const node: AssignmentExpression = {
      type: "AssignmentExpression",
      start,
      left: target,
      operator,
      right,
      end: this.tail(),
    };
    this.reportAround(node, from, true);
    return node;
  }

  /** An expression that turns out to be the target of an assignment. */
  protected toTarget(node: Expression, from: number): Pattern {
    switch (node.type) {
      case "Identifier": {
        if (node.name === "eval" || node.name === "arguments") giveUp();
        this.#turnUse(node, from, "write");
        return node;
      }
      case "MemberExpression":
        return node;
      case "ArrayExpression": {
        const elements = node.elements.map((one) => one && this.#toElement(one, from));
        return { type: "ArrayPattern", start: node.start, elements, end: node.end };
      }
      case "ObjectExpression": {
        const properties = node.properties.map((one) => {
          if (one.type === "SpreadElement") return this.#toElement(one, from) as RestElement;
          if (one.method || one.kind !== "init") giveUp();
          if (one.shorthand) this.#turnUse(one.value, from, "shorthand write");
          const value = one.shorthand ? (one.value as Pattern) : this.toTarget(one.value, from);
          return { ...one, value } as AssignmentProperty;
        });
        return { type: "ObjectPattern", start: node.start, properties, end: node.end };
      }
    }
    return giveUp();
  }

  /** Changes how a name was used that was reported after an event. */
  #turnUse(node: Expression, from: number, kind: ReferenceKind): void {
    const event = this.events.slice(from).find((one) => one.node === node);
    if (event) event.kind = kind;
  }

  #toElement(node: Expression | SpreadElement, from: number): Pattern {
    if (node.type !== "SpreadElement") return this.toTarget(node, from);
    return { type: "RestElement", start: node.start, argument: this.toTarget(node.argument, from), end: node.end };
  }

  #yieldExpression(): Expression {
    if (!this.inGenerator) giveUp();
    const { start } = this;
    this.next();
    const delegate = !this.newline && this.eat("*");
    const none = this.ends() || this.is(")") || this.is("]") || this.is(",") || this.is(":");
    const argument = none && !delegate ? null : this.assignment();
    return { type: "YieldExpression", start, argument, delegate, end: this.tail() };
  }

  #conditional(start: number): Expression {
    const test = this.#binary(start, this.#unary(), 0);
    if (!this.is("?")) return test;
    this.next();
    const allowsIn = this.allowsIn;
    const inCondition = this.inCondition;
    this.allowsIn = true;
    this.inCondition = true;
    const consequent = this.assignment();
    this.allowsIn = allowsIn;
    this.inCondition = inCondition;
    this.expect(":");
    const alternate = this.assignment();
    return { type: "ConditionalExpression", start, test, consequent, alternate, end: this.tail() };
  }

  /** Operators from a precedence on, the left side of which was read. */
  #binary(start: number, first: Expression, least: number): Expression {
    let left = first;
    for (;;) {
      if (this.is("name")) {
        if ((this.word !== "as" && this.word !== "satisfies") || this.newline || least >= relational) return left;
        const begin = this.start;
        this.next();
        if (this.is("const")) this.next();
        else this.type();
        this.blank(begin);
        this.typeEnd = this.before;
        if (assignments.has(this.kind)) giveUp();
        continue;
      }
      const own = precedence.get(this.kind);
      if (own === undefined || own <= least || (this.is("in") && !this.allowsIn)) return left;
      const operator = this.kind;
      // The base of a power may have no sign, which V8 finds.
      this.next();
      const begin = this.start;
      const right = this.#binary(begin, this.#unary(), operator === "**" ? own - 1 : own);
      const end = this.tail();
      if (own <= 3) {
        const mixes = (one: Expression) =>
          one.type === "LogicalExpression" && (one.operator === "??") !== (operator === "??");
        if (mixes(left) || mixes(right)) giveUp();
        left = { type: "LogicalExpression", start, left, right, operator: operator as "??", end };
      } else
        left = {
          type: "BinaryExpression",
          start,
          left,
          right,
          operator: operator as BinaryExpression["operator"],
          end,
        };
    }
  }

  #unary(): Expression {
    const { start, kind } = this;
    const from = this.events.length;
    switch (kind) {
      case "!":
      case "-":
      case "+":
      case "~":
      case "typeof":
      case "void":
      case "delete": {
        this.next();
        const argument = this.#unary();
        if (this.is("**")) giveUp();
        const node: UnaryExpression = {
          type: "UnaryExpression",
          start,
          operator: kind,
          argument,
          prefix: true,
          end: this.tail(),
        };
        if (kind === "typeof") this.turnLast(argument, "typeof");
        if (kind === "delete") {
          if (argument.type === "Identifier") giveUp();
          this.reportAround(node, from);
        }
        return node;
      }
      case "++":
      case "--": {
        this.next();
        const argument = this.#unary();
        return this.#updateExpression(start, from, kind, argument, true);
      }
      case "name":
        if (this.word === "await") return this.#awaitExpression();
        break;
      case "<":
        giveUp();
    }
    const argument = this.subscripts(start, from, this.primary(), false);
    if ((this.is("++") || this.is("--")) && !this.newline) {
      const operator = this.kind as "++" | "--";
      this.next();
      return this.#updateExpression(start, from, operator, argument, false);
    }
    return argument;
  }

  #updateExpression(
    start: number,
    from: number,
    operator: "++" | "--",
    argument: Expression,
    prefix: boolean,
  ): Expression {
    if (argument.type !== "Identifier" && argument.type !== "MemberExpression") giveUp();
    this.toTarget(argument, from);
    const node: UpdateExpression = { type: "UpdateExpression", start, argument, operator, prefix, end: this.tail() };
    this.reportAround(node, from);
    return node;
  }

  #awaitExpression(): Expression {
    if (!this.inAsync) giveUp();
    const { start } = this;
    const from = this.events.length;
    this.next();
    if (this.isWord("using")) giveUp();
    const argument = this.#unary();
    if (this.is("**")) giveUp();
    const node: AwaitExpression = { type: "AwaitExpression", start, argument, end: this.tail() };
    this.reportAround(node, from, true);
    return node;
  }

  protected abstract arrowIfAny(): Expression | undefined;
}
