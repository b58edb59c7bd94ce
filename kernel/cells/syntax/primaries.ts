import type {
  BlockStatement,
  Expression,
  FunctionExpression,
  Function as FunctionNode,
  Identifier,
  Literal,
  PrivateIdentifier,
  Property,
  SpreadElement,
  Statement,
  TemplateElement,
  TemplateLiteral,
} from "acorn";
import { giveUp } from "./give-up.ts";
import { PatternParser, unusable } from "./patterns.ts";

/** What expressions are made of (ECMA-262, 13.2): names, literals, templates, arrays, objects and whatever stands in parentheses. */
export abstract class PrimaryParser extends PatternParser {
  /** In brackets, where everything is allowed again. */
  protected inside(): Expression {
    return this.#bracketed(false);
  }

  /** The same where a comma ends it. */
  protected insideAssignment(): Expression {
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
        return this.templateLiteral();
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
        return this.newExpression();
      case "this":
        this.next();
        return { type: "ThisExpression", start, end: this.tail() };
      case "super":
        this.next();
        if (!this.is("(") && !this.is(".") && !this.is("[")) giveUp();
        return { type: "Super", start, end: this.tail() } as unknown as Expression;
      case "import":
        return this.importExpression();
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
      const key = this.insideAssignment();
      this.expect("]");
      return key;
    }
    if (this.is("string")) return this.textLiteral();
    if (this.is("number")) return this.#plainLiteral();
    return this.memberName();
  }

  protected memberName(): Identifier | PrivateIdentifier {
    if (!this.is("private")) return this.anyName();
    const { start, word } = this;
    this.next();
    return { type: "PrivateIdentifier", start, name: word, end: this.tail() };
  }

  protected templateLiteral(): TemplateLiteral {
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
      elements.push(this.is("...") ? this.spreadElement() : this.insideAssignment());
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
      properties.push(this.is("...") ? this.spreadElement() : this.#objectProperty());
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
      const value = this.insideAssignment();
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

  protected spreadElement(): SpreadElement {
    const { start } = this;
    this.next();
    const argument = this.insideAssignment();
    return { type: "SpreadElement", start, argument, end: this.tail() };
  }

  #functionExpression(start: number, isAsync: boolean): Expression {
    this.next();
    const generator = this.eat("*");
    const id = this.is("name") ? this.bindingName() : null;
    const node = this.functionNode("FunctionExpression", start, id, isAsync, generator) ?? giveUp();
    return node as FunctionExpression;
  }

  protected abstract expression(): Expression;
  protected abstract newExpression(): Expression;
  protected abstract importExpression(): Expression;
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
