import type {
  AnyNode,
  BlockStatement,
  ClassBody,
  Class as ClassNode,
  Expression,
  FunctionExpression,
  Function as FunctionNode,
  Identifier,
  MethodDefinition,
  PropertyDefinition,
  Statement,
} from "acorn";
import { ExpressionParser } from "./expressions.ts";
import { giveUp } from "./scanner.ts";

/** Functions and classes (ECMA-262, 15), with the types in them. */
export abstract class FunctionParser extends ExpressionParser {
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
}
