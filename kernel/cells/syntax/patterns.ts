import type {
  ArrayPattern,
  AssignmentProperty,
  Expression,
  Identifier,
  ObjectPattern,
  Pattern,
  PrivateIdentifier,
  RestElement,
} from "acorn";
import { patternNames } from "../references.ts";
import { giveUp } from "./give-up.ts";
import { SourceReader } from "./reader.ts";

/** Names that strict code keeps for itself, or that mean something else at the top level of a function than in a cell. */
export const unusable = new Set(
  "let static implements interface package private protected public yield await enum".split(" "),
);

/** What declares names: parameters (ECMA-262, 15.1) and the patterns of variables (14.3.3), with the types in them. */
export abstract class PatternParser extends SourceReader {
  protected parameters(isConstructor = false): Pattern[] {
    const params: Pattern[] = [];
    this.expect("(");
    if (this.is("this")) {
      const from = this.start;
      this.next();
      if (this.eat(":")) this.type();
      if (!this.is(")")) this.expect(",");
      this.blank(from);
    }
    while (!this.is(")")) {
      // Of these a variable of the class is made.
      if (isConstructor && this.is("name") && /^(public|private|protected|readonly|override)$/.test(this.word))
        giveUp();
      params.push(this.#parameter());
      if (!this.is(")")) this.expect(",");
    }
    this.next();
    return params;
  }

  #parameter(): Pattern {
    const { start } = this;
    if (this.eat("...")) {
      const argument = this.bindingPattern();
      this.typeAnnotation();
      this.scope.names.push(...patternNames(argument));
      return { type: "RestElement", start, argument, end: argument.end };
    }
    const left = this.bindingPattern();
    this.scope.names.push(...patternNames(left));
    if (this.is("?")) {
      const from = this.start;
      this.next();
      this.blank(from);
    }
    this.typeAnnotation();
    if (!this.eat("=")) return left;
    const right = this.assignment();
    return { type: "AssignmentPattern", start, left, right, end: this.tail() };
  }

  protected bindingName(): Identifier {
    if (!this.is("name") || unusable.has(this.word)) giveUp();
    return this.identifier();
  }

  protected bindingPattern(): Pattern {
    if (this.is("[")) return this.#arrayPattern();
    if (this.is("{")) return this.#objectPattern();
    return this.bindingName();
  }

  #patternElement(): Pattern {
    const { start } = this;
    const left = this.bindingPattern();
    if (!this.eat("=")) return left;
    const right = this.assignment();
    return { type: "AssignmentPattern", start, left, right, end: this.tail() };
  }

  #restElement(): RestElement {
    const { start } = this;
    this.next();
    const argument = this.bindingPattern();
    return { type: "RestElement", start, argument, end: this.tail() };
  }

  #arrayPattern(): ArrayPattern {
    const { start } = this;
    const elements: (Pattern | null)[] = [];
    this.expect("[");
    while (!this.is("]")) {
      if (this.eat(",")) {
        elements.push(null);
        continue;
      }
      elements.push(this.is("...") ? this.#restElement() : this.#patternElement());
      if (!this.is("]")) this.expect(",");
    }
    this.next();
    return { type: "ArrayPattern", start, elements, end: this.tail() };
  }

  #objectPattern(): ObjectPattern {
    const { start } = this;
    const properties: ObjectPattern["properties"] = [];
    this.expect("{");
    while (!this.is("}")) {
      if (this.is("...")) properties.push(this.#restElement());
      else properties.push(this.#patternProperty());
      if (!this.is("}")) this.expect(",");
    }
    this.next();
    return { type: "ObjectPattern", start, properties, end: this.tail() };
  }

  #patternProperty(): AssignmentProperty {
    const { start } = this;
    const computed = this.is("[");
    const isName = this.is("name") && !unusable.has(this.word);
    const key = this.memberKey() as Expression;
    let shorthand = false;
    let value: Pattern;
    if (this.eat(":")) value = this.#patternElement();
    else {
      if (!isName) giveUp();
      shorthand = true;
      value = key as Identifier;
      if (this.eat("=")) {
        const right = this.assignment();
        value = { type: "AssignmentPattern", start, left: value, right, end: this.tail() };
      }
    }
    return { type: "Property", start, key, value, kind: "init", method: false, shorthand, computed, end: this.tail() };
  }

  protected abstract assignment(): Expression;
  protected abstract identifier(): Identifier;
  protected abstract memberKey(): Expression | PrivateIdentifier;
}
