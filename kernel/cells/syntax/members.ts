import type {
  CallExpression,
  Expression,
  Identifier,
  ImportExpression,
  MemberExpression,
  MetaProperty,
  NewExpression,
  SpreadElement,
} from "acorn";
import { giveUp, notOrdinary } from "./give-up.ts";
import { PrimaryParser } from "./primaries.ts";

/** Members, calls, `new` and `import()` (ECMA-262, 13.3), with the types in them. */
export abstract class MemberParser extends PrimaryParser {
  /** Members, calls and templates behind an expression. */
  protected subscripts(start: number, from: number, first: Expression, isHeritage: boolean): Expression {
    let node = first;
    let chain = false;
    for (;;) {
      switch (this.kind) {
        case ".": {
          this.next();
          const property = this.memberName();
          node = {
            type: "MemberExpression",
            start,
            object: node,
            computed: false,
            property,
            optional: false,
            end: this.tail(),
          };
          continue;
        }
        case "?.": {
          this.next();
          chain = true;
          if (this.is("(")) node = this.#callExpression(start, from, node, true);
          else if (this.is("[")) node = this.#computedMember(start, node, true);
          else {
            if (this.is("<") || this.is("`")) giveUp();
            const property = this.memberName();
            node = {
              type: "MemberExpression",
              start,
              object: node,
              computed: false,
              property,
              optional: true,
              end: this.tail(),
            };
          }
          continue;
        }
        case "[":
          node = this.#computedMember(start, node, false);
          continue;
        case "(":
          node = this.#callExpression(start, from, node, false);
          continue;
        case "`":
          if (chain) giveUp();
          this.turnLast(node, "call");
          {
            const quasi = this.templateLiteral();
            node = { type: "TaggedTemplateExpression", start, tag: node, quasi, end: this.tail() };
          }
          continue;
        case "!":
          if (this.newline) break;
          {
            const begin = this.start;
            this.next();
            this.blank(begin);
            this.typeEnd = this.before;
          }
          continue;
        case "<":
        case "<<":
          if (!isHeritage && this.#typeArgumentsOfCall()) continue;
      }
      break;
    }
    if (!chain) return node;
    return { type: "ChainExpression", start, expression: node as CallExpression, end: this.tail() };
  }

  /** Skips `<T>` where a call follows. */
  #typeArgumentsOfCall(): boolean {
    const mark = this.mark();
    const { start } = this;
    try {
      this.typeArguments();
    } catch (error) {
      if (error !== notOrdinary) throw error;
      this.reset(mark);
      return false;
    }
    if (this.is("(") || this.is("`")) {
      this.blank(start);
      return true;
    }
    // `a < b > c` compares; what else it may be is left to others.
    const goesOn = this.isAnyWord() || this.is("number") || this.is("string");
    if (!goesOn || this.newline) giveUp();
    this.reset(mark);
    return false;
  }

  #computedMember(start: number, object: Expression, optional: boolean): MemberExpression {
    this.next();
    const property = this.inside();
    this.expect("]");
    return { type: "MemberExpression", start, object, computed: true, property, optional, end: this.tail() };
  }

  #callExpression(start: number, from: number, callee: Expression, optional: boolean): CallExpression {
    if (callee.type === "Identifier") this.turnLast(callee, "call");
    const args = this.#callArguments();
    const node: CallExpression = {
      type: "CallExpression",
      start,
      callee,
      arguments: args,
      optional,
      end: this.tail(),
    };
    this.reportAround(node, from);
    return node;
  }

  #callArguments(): (Expression | SpreadElement)[] {
    const args: (Expression | SpreadElement)[] = [];
    this.expect("(");
    while (!this.is(")")) {
      args.push(this.is("...") ? this.spreadElement() : this.insideAssignment());
      if (!this.is(")")) this.expect(",");
    }
    this.next();
    return args;
  }

  protected override newExpression(): Expression {
    const { start } = this;
    const from = this.events.length;
    this.next();
    if (this.eat(".")) {
      if (!this.isWord("target") || this.functionDepth === 0) giveUp();
      return this.#metaProperty("new", start, from);
    }
    if (this.is("import") || this.is("super")) giveUp();
    const begin = this.start;
    let callee = this.primary();
    for (;;) {
      if (this.is(".")) {
        this.next();
        const property = this.memberName();
        callee = {
          type: "MemberExpression",
          start: begin,
          object: callee,
          computed: false,
          property,
          optional: false,
          end: this.tail(),
        };
      } else if (this.is("[")) callee = this.#computedMember(begin, callee, false);
      else break;
    }
    if (this.is("?.") || this.is("`") || this.is("!")) giveUp();
    if (this.is("<") && !this.#typeArgumentsOfCall() && this.is("<")) giveUp();
    const args = this.is("(") ? this.#callArguments() : [];
    const node: NewExpression = { type: "NewExpression", start, callee, arguments: args, end: this.tail() };
    this.reportAround(node, from);
    return node;
  }

  protected override importExpression(): Expression {
    const { start } = this;
    const from = this.events.length;
    this.next();
    if (this.eat(".")) {
      if (!this.isWord("meta")) giveUp();
      return this.#metaProperty("import", start, from);
    }
    this.expect("(");
    const source = this.insideAssignment();
    let options: Expression | null = null;
    if (this.eat(",") && !this.is(")")) {
      options = this.insideAssignment();
      this.eat(",");
    }
    this.expect(")");
    const node: ImportExpression = { type: "ImportExpression", start, source, options, end: this.tail() };
    this.reportAround(node, from);
    return node;
  }

  #metaProperty(name: "new" | "import", start: number, from: number): MetaProperty {
    const property = this.identifier();
    const meta: Identifier = { type: "Identifier", start, name, end: start + name.length };
    const node: MetaProperty = { type: "MetaProperty", start, meta, property, end: this.tail() };
    this.reportAround(node, from);
    return node;
  }
}
