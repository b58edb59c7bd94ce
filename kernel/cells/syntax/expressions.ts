import type {
  ArrowFunctionExpression,
  AssignmentExpression,
  AssignmentProperty,
  AwaitExpression,
  BinaryExpression,
  BlockStatement,
  CallExpression,
  Expression,
  FunctionExpression,
  Function as FunctionNode,
  Identifier,
  ImportExpression,
  Literal,
  MemberExpression,
  MetaProperty,
  NewExpression,
  Pattern,
  PrivateIdentifier,
  Property,
  RestElement,
  SpreadElement,
  Statement,
  TemplateElement,
  TemplateLiteral,
  UnaryExpression,
  UpdateExpression,
} from "acorn";
import type { ReferenceKind } from "../references.ts";
import { Parentheses } from "./parentheses.ts";
import { PatternParser, unusable } from "./patterns.ts";
import { giveUp, notOrdinary } from "./scanner.ts";

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
/** Expressions (ECMA-262, 13), with the types in them. */
export abstract class ExpressionParser extends PatternParser {
  readonly #parentheses = new Parentheses(this.text, this.codes);

  /** In brackets, where everything is allowed again. */
  protected inside(): Expression {
    return this.#bracketed(false);
  }

  /** The same where a comma ends it. */
  #insideAssignment(): Expression {
    return this.#bracketed(true);
  }

  #bracketed(single: boolean): Expression {
    const { allowsIn, inCondition } = this;
    this.allowsIn = true;
    this.inCondition = false;
    const expression = single ? this.assignment() : this.expression();
    this.allowsIn = allowsIn;
    this.inCondition = inCondition;
    return expression;
  }

  protected expression(): Expression {
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
    const arrow = this.#arrowIfAny();
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

  /** Members, calls and templates behind an expression. */
  protected subscripts(start: number, from: number, first: Expression, isHeritage: boolean): Expression {
    let node = first;
    let chain = false;
    for (;;) {
      switch (this.kind) {
        case ".": {
          this.next();
          const property = this.#memberName();
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
            const property = this.#memberName();
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
            const quasi = this.#templateLiteral();
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

  #memberName(): Identifier | PrivateIdentifier {
    if (!this.is("private")) return this.anyName();
    const { start, word } = this;
    this.next();
    return { type: "PrivateIdentifier", start, name: word, end: this.tail() };
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
      args.push(this.is("...") ? this.#spreadElement() : this.#insideAssignment());
      if (!this.is(")")) this.expect(",");
    }
    this.next();
    return args;
  }

  #spreadElement(): SpreadElement {
    const { start } = this;
    this.next();
    const argument = this.#insideAssignment();
    return { type: "SpreadElement", start, argument, end: this.tail() };
  }

  protected primary(): Expression {
    const { start, kind } = this;
    switch (kind) {
      case "name": {
        if (unusable.has(this.word)) giveUp();
        if (this.word === "async") {
          const mark = this.mark();
          this.next();
          if (this.is("function") && !this.newline) return this.#functionExpression(start, true);
          this.reset(mark);
        }
        const node = this.identifier();
        this.reportUse(node, "read");
        return node;
      }
      case "number":
      case "true":
      case "false":
      case "null":
        return this.#plainLiteral();
      case "string":
        return this.textLiteral();
      case "`":
        return this.#templateLiteral();
      case "(": {
        this.next();
        const node = this.inside();
        this.expect(")");
        return node;
      }
      case "[":
        return this.#arrayExpression();
      case "{":
        return this.#objectExpression();
      case "function":
        return this.#functionExpression(start, false);
      case "class":
        return this.classNode("ClassExpression");
      case "new":
        return this.#newExpression();
      case "this":
        this.next();
        return { type: "ThisExpression", start, end: this.tail() };
      case "super":
        this.next();
        if (!this.is("(") && !this.is(".") && !this.is("[")) giveUp();
        return { type: "Super", start, end: this.tail() } as unknown as Expression;
      case "import":
        return this.#importExpression();
      case "/":
      case "/=": {
        this.regularExpression();
        return { type: "Literal", start, end: this.tail() };
      }
      case "private":
        // `#x in object`
        return giveUp();
    }
    return giveUp();
  }

  #plainLiteral(): Literal {
    const { start } = this;
    this.next();
    return { type: "Literal", start, end: this.tail() };
  }

  /** A text. Its value is known where it has no escapes. */
  protected textLiteral(): Literal {
    if (!this.is("string")) giveUp();
    const { start } = this;
    this.next();
    const value = this.text.slice(start + 1, this.before - 1);
    if (value.includes("\\")) return { type: "Literal", start, end: this.tail() };
    return { type: "Literal", start, value, end: this.tail() };
  }

  protected override identifier(): Identifier {
    if (!this.is("name")) giveUp();
    const { start, word } = this;
    this.next();
    return { type: "Identifier", start, name: word, end: this.tail() };
  }

  protected anyName(): Identifier {
    if (!this.isAnyWord()) giveUp();
    const { start, word } = this;
    this.next();
    return { type: "Identifier", start, name: word, end: this.tail() };
  }

  /** The name of a member that is being defined. */
  protected override memberKey(): Expression | PrivateIdentifier {
    if (this.is("[")) {
      this.next();
      const key = this.#insideAssignment();
      this.expect("]");
      return key;
    }
    if (this.is("string")) return this.textLiteral();
    if (this.is("number")) return this.#plainLiteral();
    return this.#memberName();
  }

  #templateLiteral(): TemplateLiteral {
    const { start } = this;
    const quasis: TemplateElement[] = [];
    const expressions: Expression[] = [];
    let from = start + 1;
    while (this.templateCharacters(from)) {
      quasis.push(this.#quasi(from, this.before - 2, false));
      expressions.push(this.inside());
      if (!this.is("}")) giveUp();
      from = this.start + 1;
    }
    quasis.push(this.#quasi(from, this.before - 1, true));
    return { type: "TemplateLiteral", start, expressions, quasis, end: this.tail() };
  }

  #quasi(start: number, end: number, tail: boolean): TemplateElement {
    return { type: "TemplateElement", start, value: { raw: this.text.slice(start, end) }, tail, end };
  }

  #arrayExpression(): Expression {
    const { start } = this;
    const elements: (Expression | SpreadElement | null)[] = [];
    this.next();
    while (!this.is("]")) {
      if (this.eat(",")) {
        elements.push(null);
        continue;
      }
      elements.push(this.is("...") ? this.#spreadElement() : this.#insideAssignment());
      if (!this.is("]")) this.expect(",");
    }
    this.next();
    return { type: "ArrayExpression", start, elements, end: this.tail() };
  }

  #objectExpression(): Expression {
    const { start } = this;
    const properties: (Property | SpreadElement)[] = [];
    this.next();
    while (!this.is("}")) {
      properties.push(this.is("...") ? this.#spreadElement() : this.#objectProperty());
      if (!this.is("}")) this.expect(",");
    }
    this.next();
    return { type: "ObjectExpression", start, properties, end: this.tail() };
  }

  #objectProperty(): Property {
    const { start } = this;
    let isAsync = false;
    let generator = false;
    let kind: Property["kind"] = "init";
    if (this.is("name") && (this.word === "async" || this.word === "get" || this.word === "set")) {
      const mark = this.mark();
      const { word } = this;
      this.next();
      const isName = this.kind as string;
      if (isName === ":" || isName === "," || isName === "}" || isName === "(" || isName === "=" || isName === "<")
        this.reset(mark);
      else if (word === "async") {
        if (this.newline) giveUp();
        isAsync = true;
      } else kind = word as "get" | "set";
    }
    if (this.eat("*")) generator = true;
    const computed = this.is("[");
    const isName = this.is("name");
    const key = this.memberKey() as Expression;
    const method = this.is("(") || this.is("<");
    if (method) {
      const value = this.functionNode("FunctionExpression", this.start, null, isAsync, generator) ?? giveUp();
      const own = kind === "init";
      return {
        type: "Property",
        start,
        key,
        value: value as FunctionExpression,
        kind,
        method: own,
        shorthand: false,
        computed,
        end: this.tail(),
      };
    }
    if (isAsync || generator || kind !== "init") giveUp();
    if (this.eat(":")) {
      const value = this.#insideAssignment();
      return {
        type: "Property",
        start,
        key,
        value,
        kind,
        method: false,
        shorthand: false,
        computed,
        end: this.tail(),
      };
    }
    // `{ a = 1 }` is the beginning of a pattern.
    if (!isName || key.type !== "Identifier" || unusable.has(key.name) || this.is("=")) giveUp();
    this.reportUse(key, "shorthand");
    return {
      type: "Property",
      start,
      key,
      value: key,
      kind,
      method: false,
      shorthand: true,
      computed,
      end: this.tail(),
    };
  }

  #functionExpression(start: number, isAsync: boolean): Expression {
    this.next();
    const generator = this.eat("*");
    const id = this.is("name") ? this.bindingName() : null;
    const node = this.functionNode("FunctionExpression", start, id, isAsync, generator) ?? giveUp();
    return node as FunctionExpression;
  }

  #newExpression(): Expression {
    const { start } = this;
    const from = this.events.length;
    this.next();
    if (this.eat(".")) {
      if (!this.isWord("target") || this.functionDepth === 0) giveUp();
      const property = this.identifier();
      const meta: Identifier = { type: "Identifier", start, name: "new", end: start + 3 };
      const node: MetaProperty = { type: "MetaProperty", start, meta, property, end: this.tail() };
      this.reportAround(node, from);
      return node;
    }
    if (this.is("import") || this.is("super")) giveUp();
    const begin = this.start;
    let callee = this.primary();
    for (;;) {
      if (this.is(".")) {
        this.next();
        const property = this.#memberName();
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

  #importExpression(): Expression {
    const { start } = this;
    const from = this.events.length;
    this.next();
    if (this.eat(".")) {
      if (!this.isWord("meta")) giveUp();
      const property = this.identifier();
      const meta: Identifier = { type: "Identifier", start, name: "import", end: start + 6 };
      const node: MetaProperty = { type: "MetaProperty", start, meta, property, end: this.tail() };
      this.reportAround(node, from);
      return node;
    }
    this.expect("(");
    const source = this.#insideAssignment();
    let options: Expression | null = null;
    if (this.eat(",") && !this.is(")")) {
      options = this.#insideAssignment();
      this.eat(",");
    }
    this.expect(")");
    const node: ImportExpression = { type: "ImportExpression", start, source, options, end: this.tail() };
    this.reportAround(node, from);
    return node;
  }

  /** An arrow function, if one begins here. */
  #arrowIfAny(): Expression | undefined {
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
  protected abstract functionNode(
    type: "FunctionDeclaration" | "FunctionExpression",
    start: number,
    id: Identifier | null,
    isAsync: boolean,
    generator: boolean,
    isConstructor?: boolean,
  ): (FunctionNode & { readonly body: BlockStatement }) | undefined;
  protected abstract classNode(
    type: "ClassDeclaration" | "ClassExpression",
    isAbstract?: boolean,
  ): Statement & Expression;
}
