import type { AnyNode, Identifier } from "acorn";
import type { ReferenceKind } from "../references.ts";
import { giveUp } from "./give-up.ts";
import { TypeScanner } from "./types.ts";

/** What a walk over a program would tell of it, in its order. */
export interface SyntaxEvent {
  /** A name that no inner scope declares, or the beginning or end of a node. */
  kind: ReferenceKind | "enter" | "leave";
  readonly node: AnyNode;
  /** Of a name: an expression statement starts with it. Of a node: it is outside of functions and classes. */
  readonly flag: boolean;
  /** Of a name: it stands inside a function or class. */
  readonly nested: boolean;
}

/** What names a scope declares, and where its part of the events begins. */
interface Scope {
  readonly names: string[];
  /** Of the function around: its `var`s. */
  readonly vars: string[];
  readonly from: number;
}

/** What holds around a function. */
interface Around {
  readonly scope: Scope;
  readonly async: boolean;
  readonly generator: boolean;
  readonly allowsIn: boolean;
  readonly inCondition: boolean;
  readonly statement: number;
}

/**
 * What parsing has in common: texts that become blanks, the names that scopes declare, and the account of names and nodes.
 */
export class SourceReader extends TypeScanner {
  protected readonly events: SyntaxEvent[] = [];
  /** Begin and end of texts that become blanks; a third number is 1 where a semicolon takes the place of the first character. */
  readonly #blanked: number[] = [];
  protected scope: Scope = { names: [], vars: [], from: 0 };
  /** Functions and classes around. */
  protected depth = 0;
  /** Functions around, other than arrow functions, so that `new.target` has a meaning. */
  protected functionDepth = 0;
  protected inAsync = true;
  protected inGenerator = false;
  /** `in` is no operator in the head of a loop. */
  protected allowsIn = true;
  /** Between the `?` and the `:` of a condition, where a colon may be that one. */
  protected inCondition = false;
  /** Where the expression statement begins that is being read. */
  protected statementStart = -1;
  /** Where a type ended that a line end may separate from what follows. */
  protected typeEnd = -1;

  protected withoutTypes(): string {
    const { text } = this;
    const blanked = this.#blanked;
    if (blanked.length === 0) return text;
    const parts: string[] = [];
    let at = 0;
    for (let one = 0; one < blanked.length; one += 3) {
      const from = blanked[one]!;
      const to = blanked[one + 1]!;
      const begin = blanked[one + 2]!;
      parts.push(text.slice(at, from));
      if (begin) parts.push(";");
      parts.push(blanks(text, from + begin, to));
      at = to;
    }
    parts.push(text.slice(at));
    return parts.join("");
  }

  /** What was read since a place becomes blanks. */
  protected blank(from: number, semicolon: 0 | 1 = 0): void {
    const blanked = this.#blanked;
    // What lies in a longer stretch that becomes blank counts no more.
    while (blanked.length > 0 && blanked[blanked.length - 3]! >= from) blanked.length -= 3;
    blanked.push(from, this.before, semicolon);
  }

  /** Where the text ends that was read, without what becomes blank. */
  protected tail(): number {
    const blanked = this.#blanked;
    let end = this.before;
    for (let at = blanked.length - 3; at >= 0 && blanked[at + 1] === end; at -= 3) {
      end = blanked[at]!;
      while (isBlank(this.codes[end - 1]!)) end--;
    }
    return end;
  }

  protected typeAnnotation(): void {
    if (!this.is(":")) return;
    const from = this.start;
    this.next();
    this.type();
    this.blank(from);
  }

  protected returnAnnotation(): void {
    if (!this.is(":")) return;
    const from = this.start;
    this.next();
    this.returnType();
    this.blank(from);
  }

  protected skipTypeParameters(): void {
    if (!this.is("<")) return;
    const from = this.start;
    this.typeParameters();
    this.blank(from);
  }

  /** `interface`, `type` and others that leave nothing behind. */
  protected typeDeclaration(): boolean {
    const from = this.start;
    const mark = this.mark();
    const { word } = this;
    this.next();
    if (!this.is("name") || this.newline) {
      this.reset(mark);
      return false;
    }
    this.next();
    if (word === "interface") {
      if (this.is("<")) this.typeParameters();
      if (this.eat("extends"))
        do this.type();
        while (this.eat(","));
      this.typeMembers();
    } else {
      if (this.is("<")) this.typeParameters();
      else if (!this.is("=")) {
        this.reset(mark);
        return false;
      }
      this.expect("=");
      this.type();
      this.endOfStatement();
    }
    this.blank(from, 1);
    return true;
  }

  protected openScope(vars: string[] = this.scope.vars): Scope {
    const outer = this.scope;
    this.scope = { names: [], vars, from: this.events.length };
    return outer;
  }

  protected closeScope(outer: Scope): void {
    const { names, from } = this.scope;
    this.scope = outer;
    this.resolve(names, from);
  }

  /** Forgets the uses of names from an event on: they are known where they stand. */
  protected resolve(names: readonly string[], from: number): void {
    if (names.length === 0) return;
    const events = this.events;
    const known = names.length > 6 ? new Set(names) : undefined;
    let kept = from;
    for (let at = from; at < events.length; at++) {
      const event = events[at]!;
      if (event.kind !== "enter" && event.kind !== "leave") {
        const { name } = event.node as Identifier;
        if (known ? known.has(name) : names.includes(name)) continue;
      }
      events[kept++] = event;
    }
    events.length = kept;
  }

  protected reportUse(node: Identifier, kind: ReferenceKind): void {
    this.events.push({ kind, node, flag: node.start === this.statementStart, nested: this.depth > 0 });
  }

  /** Changes how the last name was used, if this is its node. */
  protected turnLast(node: AnyNode, kind: ReferenceKind): void {
    const last = this.events[this.events.length - 1];
    if (last?.node === node && last.kind === "read") last.kind = kind;
  }

  /** Reports a node whose inside was reported from an event on. */
  protected reportAround(node: AnyNode, from: number, leaves = false): void {
    const events = this.events;
    const topLevel = this.depth === 0;
    const enter: SyntaxEvent = { kind: "enter", node, flag: topLevel, nested: false };
    if (from === events.length) events.push(enter);
    else events.splice(from, 0, enter);
    if (leaves) this.reportLeave(node);
  }

  protected reportLeave(node: AnyNode): void {
    this.events.push({ kind: "leave", node, flag: this.depth === 0, nested: false });
  }

  protected ends(): boolean {
    return this.newline || this.is(";") || this.is("}") || this.is("end");
  }

  /** The end of a statement: a semicolon, or the line end that stands for one. */
  protected endOfStatement(): void {
    if (this.is(";")) return this.next();
    if (this.is("}") || this.is("end")) return;
    if (!this.newline) giveUp();
    // Without the type, the next line would go on with the expression before it.
    if (this.typeEnd === this.before) this.#blanked[this.#blanked.length - 1] = 1;
  }

  protected enterFunction(isAsync: boolean, generator: boolean): Around {
    const vars: string[] = [];
    const around: Around = {
      scope: this.openScope(vars),
      async: this.inAsync,
      generator: this.inGenerator,
      allowsIn: this.allowsIn,
      inCondition: this.inCondition,
      statement: this.statementStart,
    };
    this.inAsync = isAsync;
    this.inGenerator = generator;
    this.allowsIn = true;
    this.inCondition = false;
    this.depth++;
    return around;
  }

  protected leaveFunction(around: Around): void {
    this.depth--;
    const { names, vars } = this.scope;
    if (vars.length > 0) names.push(...vars);
    this.closeScope(around.scope);
    this.inAsync = around.async;
    this.inGenerator = around.generator;
    this.allowsIn = around.allowsIn;
    this.inCondition = around.inCondition;
    this.statementStart = around.statement;
  }
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

const spaces = " ".repeat(64);

/** Blanks in place of a stretch of text, with its line ends. */
function blanks(text: string, from: number, to: number): string {
  const lineEnd = text.indexOf("\n", from);
  if (lineEnd < 0 || lineEnd >= to)
    return to - from <= spaces.length ? spaces.slice(0, to - from) : " ".repeat(to - from);
  return text.slice(from, to).replace(/[^\r\n\u2028\u2029]/g, " ");
}
