import type {
  AnyNode,
  ArrowFunctionExpression,
  BlockStatement,
  ClassBody,
  Class as ClassNode,
  Expression,
  FunctionExpression,
  Function as FunctionNode,
  Identifier,
  MethodDefinition,
  Pattern,
  PropertyDefinition,
  Statement,
} from "acorn";
import { ExpressionParser } from "./expressions.ts";
import { giveUp, notOrdinary } from "./give-up.ts";
import { Parentheses } from "./parentheses.ts";

/** Functions and classes (ECMA-262, 15), with the types in them. */
export abstract class FunctionParser extends ExpressionParser {
  readonly #parentheses = new Parentheses(this.text, this.codes);

  /** From its parameters on; undefined when it has no body. */
  protected override functionNode(
    type: "FunctionDeclaration" | "FunctionExpression",
    start: number,
    id: Identifier | null,
    isAsync: boolean,
    generator: boolean,
    isConstructor = false,
  ): (FunctionNode & { readonly body: BlockStatement }) | undefined {
    const around = this.enterFunction(isAsync, generator);
    this.functionDepth++;
    this.scope.names.push("arguments");
    if (id && type === "FunctionExpression") this.scope.names.push(id.name);
    this.skipTypeParameters();
    const params = this.parameters(isConstructor);
    this.returnAnnotation();
    const body = this.is("{") ? this.blockInside() : undefined;
    if (!body) {
      this.endOfStatement();
      // What is said of names must not lie in what becomes blank.
      if (this.events.length > this.scope.from) giveUp();
    }
    this.functionDepth--;
    this.leaveFunction(around);
    if (!body) return undefined;
    return { type, start, id, params, body, generator, async: isAsync, expression: false, end: this.tail() };
  }

  protected override classNode(
    type: "ClassDeclaration" | "ClassExpression",
    isAbstract = false,
  ): Statement & Expression {
    const { start } = this;
    const from = this.events.length;
    this.next();
    let id: Identifier | null = null;
    if (this.is("name") && !this.isWord("implements")) id = this.bindingName();
    if (!id && type === "ClassDeclaration") giveUp();
    const outer = this.openScope();
    if (id) this.scope.names.push(id.name);
    this.depth++;
    const statement = this.statementStart;
    this.skipTypeParameters();
    let superClass: Expression | null = null;
    if (this.eat("extends")) {
      superClass = this.subscripts(this.start, this.events.length, this.primary(), true);
      if (this.is("<")) {
        const begin = this.start;
        this.typeArguments();
        this.blank(begin);
      }
    }
    if (this.isWord("implements")) {
      const begin = this.start;
      this.next();
      do this.type();
      while (this.eat(","));
      this.blank(begin);
    }
    const body = this.#classBody(isAbstract);
    this.depth--;
    this.statementStart = statement;
    this.closeScope(outer);
    const node = { type, start, id, superClass, body, end: this.tail() } satisfies ClassNode;
    if (type === "ClassDeclaration") {
      this.scope.names.push(id!.name);
      if (this.depth === 0) this.reportAround(node as unknown as AnyNode, from);
      this.reportLeave(node as unknown as AnyNode);
    }
    return node as unknown as Statement & Expression;
  }

  #classBody(isAbstract: boolean): ClassBody {
    const { start } = this;
    const body: ClassBody["body"] = [];
    this.expect("{");
    while (!this.is("}")) {
      if (this.eat(";")) continue;
      const member = this.#classMember(isAbstract);
      if (member) body.push(member);
    }
    this.next();
    return { type: "ClassBody", start, body, end: this.tail() };
  }

  #classMember(isAbstract: boolean): ClassBody["body"][number] | undefined {
    let { start } = this;
    let isStatic = false;
    let isAsync = false;
    let generator = false;
    let kind: "method" | "get" | "set" = "method";
    while (
      this.is("name") &&
      /^(public|private|protected|readonly|override|abstract|declare|static|async|get|set|accessor)$/.test(this.word)
    ) {
      const mark = this.mark();
      const { word } = this;
      this.next();
      // The word is the name itself.
      if (
        this.is("(") ||
        this.is("=") ||
        this.is(";") ||
        this.is("}") ||
        this.is(":") ||
        this.is("?") ||
        this.is("!") ||
        this.is("<")
      ) {
        this.reset(mark);
        break;
      }
      if (this.newline || word === "accessor" || word === "declare") giveUp();
      if (word === "static") {
        if (isStatic) giveUp();
        isStatic = true;
        if (this.is("{")) return this.#staticBlock(mark.start);
      } else if (word === "async") isAsync = true;
      else if (word === "get" || word === "set") kind = word;
      else if (word === "abstract") return isAbstract ? this.#abstractMember(start) : giveUp();
      else {
        // The line before would go on with these.
        if (this.is("[") || this.is("*")) giveUp();
        this.blank(mark.start);
        if (start === mark.start) start = this.start;
      }
    }
    if (this.eat("*")) generator = true;
    if (this.is("[") && this.#isIndexSignature()) {
      this.balanced();
      this.expect(":");
      this.type();
      this.endOfStatement();
      return void this.blank(start, 1);
    }
    const computed = this.is("[");
    const key = this.memberKey();
    const isConstructor = !isStatic && key.type === "Identifier" && key.name === "constructor" && !computed;
    if (this.is("?") || this.is("!")) {
      const from = this.start;
      this.next();
      this.blank(from);
    }
    if (this.is("(") || this.is("<")) {
      const value = this.functionNode("FunctionExpression", this.start, null, isAsync, generator, isConstructor);
      if (!value) {
        if (computed) giveUp();
        return void this.blank(start, 1);
      }
      const node: MethodDefinition = {
        type: "MethodDefinition",
        start,
        key,
        value: value as FunctionExpression,
        kind: isConstructor ? "constructor" : kind,
        computed,
        static: isStatic,
        end: this.tail(),
      };
      return node;
    }
    if (isAsync || generator || kind !== "method") giveUp();
    this.typeAnnotation();
    const value = this.eat("=") ? this.#fieldValue() : null;
    const end = this.tail();
    this.endOfStatement();
    const node: PropertyDefinition = {
      type: "PropertyDefinition",
      start,
      key,
      value,
      computed,
      static: isStatic,
      end,
    };
    // A field without a value is still set, to undefined, also where a base class has set it.
    return node;
  }

  #fieldValue(): Expression {
    const around = this.enterFunction(false, false);
    this.functionDepth++;
    this.scope.names.push("arguments");
    const value = this.assignment();
    this.functionDepth--;
    this.leaveFunction(around);
    return value;
  }

  #staticBlock(start: number): ClassBody["body"][number] {
    const around = this.enterFunction(false, false);
    this.functionDepth++;
    const { body } = this.blockInside();
    this.functionDepth--;
    this.leaveFunction(around);
    return { type: "StaticBlock", start, body, end: this.tail() };
  }

  /** An abstract member leaves nothing behind. */
  #abstractMember(start: number): undefined {
    while (this.is("name") && /^(override|readonly|get|set)$/.test(this.word)) {
      const mark = this.mark();
      this.next();
      if (this.isAnyWord() || this.is("[") || this.is("string")) continue;
      this.reset(mark);
      break;
    }
    const key = this.kind;
    if (key !== "name" && key !== "string") giveUp();
    this.next();
    this.eat("?");
    if (this.is("(") || this.is("<")) {
      if (this.functionNode("FunctionExpression", this.start, null, false, false)) giveUp();
    } else {
      this.typeAnnotation();
      this.endOfStatement();
    }
    this.blank(start, 1);
  }

  #isIndexSignature(): boolean {
    const mark = this.mark();
    this.next();
    let found = this.is("name");
    if (found) {
      this.next();
      found = this.is(":");
    }
    this.reset(mark);
    return found;
  }

  /** An arrow function, if one begins here. */
  protected override arrowIfAny(): Expression | undefined {
    const { start } = this;
    if (this.is("(")) return this.#isArrow(start) ? this.#arrowFunction(start, false) : undefined;
    if (this.is("<")) return this.#arrowFunction(start, false);
    if (!this.is("name")) return undefined;
    if (this.#isArrowBehind(this.end)) return this.#arrowFunction(start, false);
    if (this.word !== "async") return undefined;
    const mark = this.mark();
    this.next();
    if (!this.newline) {
      if (this.is("<")) giveUp();
      const isArrow = this.is("(") ? this.#isArrow(this.start) : this.is("name") && this.#isArrowBehind(this.end);
      if (isArrow) return this.#arrowFunction(start, true);
    }
    this.reset(mark);
    return undefined;
  }

  /** Whether `=>` comes next. */
  #isArrowBehind(from: number): boolean {
    const { codes } = this;
    let at = from;
    while (codes[at] === 32) at++;
    return codes[at] === 61 && codes[at + 1] === 62;
  }

  /** Whether a parenthesis begins the parameters of an arrow function. */
  #isArrow(open: number): boolean {
    const close = this.#parentheses.closing(open);
    if (this.#isArrowBehind(close + 1)) return true;
    const mark = this.mark();
    this.end = close + 1;
    this.next();
    let found = this.is("=>");
    if (this.is(":")) {
      try {
        this.next();
        this.returnType();
        found = this.is("=>");
      } catch (error) {
        if (error !== notOrdinary) throw error;
      }
      // `a ? (b) : c => d`
      if (found && this.inCondition) giveUp();
    }
    this.reset(mark);
    return found;
  }

  /** From its parameters on. */
  #arrowFunction(from: number, isAsync: boolean): ArrowFunctionExpression {
    let start = from;
    const around = this.enterFunction(isAsync, false);
    let params: Pattern[];
    if (this.is("name")) {
      const name = this.bindingName();
      this.scope.names.push(name.name);
      params = [name];
    } else {
      const isGeneric = this.is("<");
      this.skipTypeParameters();
      // `<T>(x) …` may also be a type assertion, and a line end in what becomes blank may end a `return`.
      if (
        isGeneric &&
        (!this.is("(") || this.text.slice(start, this.start).includes("\n") || !this.#isArrow(this.start))
      )
        giveUp();
      if (isGeneric) start = this.start;
      params = this.parameters();
      this.returnAnnotation();
    }
    if (this.newline) giveUp();
    this.expect("=>");
    if (!this.is("{")) {
      this.allowsIn = around.allowsIn;
      this.inCondition = around.inCondition;
    }
    const body = this.is("{") ? this.blockInside() : this.assignment();
    this.leaveFunction(around);
    return {
      type: "ArrowFunctionExpression",
      start,
      id: null,
      params,
      body,
      generator: false,
      async: isAsync,
      expression: body.type !== "BlockStatement",
      end: this.tail(),
    };
  }

  protected abstract blockInside(): BlockStatement;
}
