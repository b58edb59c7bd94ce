import { charactersOf, classes, isDigit, isForeignStart, isLineEnd, isNamePart } from "./characters.ts";
import { giveUp } from "./give-up.ts";

/**
 * What a token is: itself for punctuators and reserved words, else the name of its class. A text that starts with a backtick, and a `/`
 * that starts a regular expression, are read by who knows that they may stand there.
 */
export type TokenKind = string;

/** Words as keys of an object, so that V8 compares them with those in the code by their address. */
const reserved = new Map(
  Object.keys(
    Object.fromEntries(
      `break case catch class const continue debugger default delete do else enum export extends false finally for function if import in
      instanceof new null return super switch this throw true try typeof var void while with`
        .split(/\s+/)
        .map((word) => [word, true]),
    ),
  ).map((word) => [word, word]),
);
const longestReserved = 10;

/** Where the words of a text were read first, by a number made from their characters. */
const slots = 1 << 10;
const seenAt = new Int32Array(slots).fill(-1);
const seenWords: string[] = new Array(slots).fill("");
const seenKinds: TokenKind[] = new Array(slots).fill("");
/** The slots that are in use. */
const used: number[] = [];

/** The words are pieces of the text before, and would keep it. */
function forgetWords(): void {
  for (let at = 0; at < used.length; at++) {
    seenAt[used[at]!] = -1;
    seenWords[used[at]!] = "";
  }
  used.length = 0;
}

/** A place in the text where reading can start again. */
export interface Mark {
  readonly kind: TokenKind;
  readonly word: string;
  readonly start: number;
  readonly end: number;
  readonly before: number;
  readonly newline: boolean;
}

/** Reads the tokens of a TypeScript text one after another (ECMA-262, 12). The fields tell the token that comes next. */
export class Scanner {
  readonly text: string;
  /** Its characters as numbers, and zeros behind them. */
  readonly codes: Uint16Array;
  kind: TokenKind = "end";
  /** The text of a name or a reserved word. */
  word = "";
  start = 0;
  end = 0;
  /** Where the token before it ended. */
  before = 0;
  /** Whether there is a line end between the two. */
  newline = false;

  constructor(text: string) {
    this.text = text;
    this.codes = charactersOf(text);
    forgetWords();
  }

  next(): void {
    this.before = this.end;
    const at = this.#blanks(this.end);
    this.start = at;
    const code = this.codes[at]!;
    const type = code < 128 ? classes[code]! : isForeignStart(code) ? 1 : 0;
    if (type === 1) return this.#name(at);
    if (type === 2) return this.#number(at);
    switch (code) {
      case 40:
        return this.#take("(");
      case 41:
        return this.#take(")");
      case 44:
        return this.#take(",");
      case 59:
        return this.#take(";");
      case 58:
        return this.#take(":");
      case 123:
        return this.#take("{");
      case 125:
        return this.#take("}");
      case 91:
        return this.#take("[");
      case 93:
        return this.#take("]");
      case 126:
        return this.#take("~");
      case 96:
        return this.#take("`");
      case 34:
      case 39:
        return this.#string(at, code);
      case 46:
        return this.#dot(at);
      case 61:
        return this.#equals(at);
      case 33:
        return this.#take(this.#is(at + 1, 61) ? (this.#is(at + 2, 61) ? "!==" : "!=") : "!");
      case 43:
        return this.#take(this.#is(at + 1, 43) ? "++" : this.#is(at + 1, 61) ? "+=" : "+");
      case 45:
        return this.#minus(at);
      case 42:
        return this.#take(
          this.#is(at + 1, 42) ? (this.#is(at + 2, 61) ? "**=" : "**") : this.#is(at + 1, 61) ? "*=" : "*",
        );
      case 47:
        return this.#take(this.#is(at + 1, 61) ? "/=" : "/");
      case 37:
        return this.#take(this.#is(at + 1, 61) ? "%=" : "%");
      case 94:
        return this.#take(this.#is(at + 1, 61) ? "^=" : "^");
      case 38:
        return this.#take(
          this.#is(at + 1, 38) ? (this.#is(at + 2, 61) ? "&&=" : "&&") : this.#is(at + 1, 61) ? "&=" : "&",
        );
      case 124:
        return this.#take(
          this.#is(at + 1, 124) ? (this.#is(at + 2, 61) ? "||=" : "||") : this.#is(at + 1, 61) ? "|=" : "|",
        );
      case 63:
        return this.#question(at);
      case 60:
        return this.#less(at);
      case 62:
        return this.#greater(at);
      case 35:
        return this.#private(at);
    }
    if (at < this.text.length) giveUp();
    this.kind = "end";
    this.end = at;
  }

  mark(): Mark {
    const { kind, word, start, end, before, newline } = this;
    return { kind, word, start, end, before, newline };
  }

  reset(mark: Mark): void {
    this.kind = mark.kind;
    this.word = mark.word;
    this.start = mark.start;
    this.end = mark.end;
    this.before = mark.before;
    this.newline = mark.newline;
  }

  expect(kind: TokenKind): void {
    if (this.kind !== kind) giveUp();
    this.next();
  }

  /** Goes on when the token is this one. */
  eat(kind: TokenKind): boolean {
    if (this.kind !== kind) return false;
    this.next();
    return true;
  }

  is(kind: TokenKind): boolean {
    return this.kind === kind;
  }

  /** Whether the token is a word that is reserved in some places only. */
  isWord(word: string): boolean {
    return this.kind === "name" && this.word === word;
  }

  /** Whether the token is a name, or a reserved word where it may be a name: after a dot. */
  isAnyWord(): boolean {
    return this.kind === "name" || (this.kind === this.word && this.word !== "");
  }

  /** Reads the rest of a regular expression of which the next token is the beginning. */
  regularExpression(): void {
    const { codes } = this;
    let at = this.start + 1;
    for (let inClass = false; ; at++) {
      const code = codes[at]!;
      if (code === 0 || isLineEnd(code)) giveUp();
      if (code === 92) at++;
      else if (code === 91) inClass = true;
      else if (code === 93) inClass = false;
      else if (code === 47 && !inClass) break;
    }
    at++;
    while (isNamePart(codes[at]!)) at++;
    this.end = at;
    this.next();
  }

  /** Reads characters of a template from a place; true where an expression follows, and the next token is its first. */
  templateCharacters(from: number): boolean {
    const { codes } = this;
    for (let at = from; ; at++) {
      const code = codes[at]!;
      if (code === 0) giveUp();
      if (code === 92) at++;
      else if (code === 96) {
        this.end = at + 1;
        this.next();
        return false;
      } else if (code === 36 && codes[at + 1]! === 123) {
        this.end = at + 2;
        this.next();
        return true;
      }
    }
  }

  /** Reads a `>`, of which the scanner may have made more. */
  closeAngle(): void {
    if (this.text.charCodeAt(this.start) !== 62) giveUp();
    this.end = this.start + 1;
    this.next();
  }

  #is(at: number, code: number): boolean {
    return this.codes[at] === code;
  }

  #take(kind: TokenKind): void {
    this.kind = kind;
    this.word = "";
    this.end = this.start + kind.length;
  }

  #blanks(from: number): number {
    const { codes } = this;
    let at = from;
    this.newline = false;
    for (;;) {
      const code = codes[at]!;
      if (code > 47 && code < 128) return at;
      if (code === 32 || code === 9) at++;
      else if (code === 10 || code === 13) {
        this.newline = true;
        at++;
      } else if (code === 47) {
        const after = codes[at + 1]!;
        if (after !== 47 && after !== 42) return at;
        at = this.#comment(at, after === 42);
      } else if (code === 11 || code === 12) at++;
      else if (code >= 128 && /[\p{Zs}\ufeff\u2028\u2029]/u.test(String.fromCharCode(code))) {
        if (isLineEnd(code)) this.newline = true;
        at++;
      } else return at;
    }
  }

  #comment(from: number, isBlock: boolean): number {
    const { codes, text } = this;
    let at = from;
    if (!isBlock) {
      while (at < text.length && !isLineEnd(codes[at]!)) at++;
      return at;
    }
    const end = text.indexOf("*/", from + 2);
    if (end < 0) giveUp();
    for (; at < end; at++) if (isLineEnd(codes[at]!)) this.newline = true;
    return end + 2;
  }

  #name(from: number): void {
    const { codes } = this;
    let at = from;
    let code = codes[at]!;
    let hash = 0;
    do {
      hash = (Math.imul(hash, 31) + code) | 0;
      code = codes[++at]!;
    } while (isNamePart(code));
    if (code === 92) giveUp();
    this.end = at;
    const slot = (hash ^ (hash >>> 10)) & (slots - 1);
    const seen = seenAt[slot]!;
    if (seen >= 0 && seenWords[slot]!.length === at - from && this.#isSame(seen, from, at)) {
      this.word = seenWords[slot]!;
      this.kind = seenKinds[slot]!;
      return;
    }
    const word = this.text.slice(from, at);
    this.kind = (word.length <= longestReserved ? reserved.get(word) : undefined) ?? "name";
    this.word = this.kind === "name" ? word : this.kind;
    if (seen < 0) used.push(slot);
    seenAt[slot] = from;
    seenWords[slot] = this.word;
    seenKinds[slot] = this.kind;
  }

  #isSame(one: number, from: number, to: number): boolean {
    const { codes } = this;
    for (let at = from, other = one; at < to; at++, other++) if (codes[at] !== codes[other]) return false;
    return true;
  }

  #number(from: number): void {
    const { codes } = this;
    let at = from;
    this.kind = "number";
    this.word = "";
    while (isDigit(codes[at]!)) at++;
    this.end = at;
    const after = codes[at]!;
    if (after !== 46 && !isNamePart(after)) return;
    for (;;) {
      const code = codes[at]!;
      // A sign belongs to the number behind `e` only, and not in hexadecimal.
      if ((code === 43 || code === 45) && /^\d[\d_]*\.?[\d_]*e$/i.test(this.text.slice(from, at))) at++;
      else if (code === 46 || isNamePart(code)) at++;
      else break;
    }
    // `1..toString()`, `1.e`: what belongs to the number is not seen so simply.
    if (
      !/^(0[xob][\da-f_]+n?|(\d[\d_]*(\.[\d_]*)?|\.\d[\d_]*)(e[+-]?\d[\d_]*)?|\d[\d_]*n)$/i.test(
        this.text.slice(from, at),
      )
    )
      giveUp();
    this.end = at;
  }

  #string(from: number, quote: number): void {
    const { codes } = this;
    let at = from + 1;
    for (;;) {
      const code = codes[at]!;
      if (code === quote) break;
      if (code === 0 || code === 10 || code === 13) giveUp();
      at += code === 92 ? 2 : 1;
    }
    this.kind = "string";
    this.word = "";
    this.end = at + 1;
  }

  #private(at: number): void {
    if (classes[this.codes[at + 1]!] !== 1) giveUp();
    this.#name(at + 1);
    this.kind = "private";
  }

  #dot(at: number): void {
    const after = this.codes[at + 1]!;
    if (isDigit(after)) return this.#number(at);
    this.#take(after === 46 && this.#is(at + 2, 46) ? "..." : ".");
  }

  #equals(at: number): void {
    if (this.#is(at + 1, 62)) return this.#take("=>");
    this.#take(this.#is(at + 1, 61) ? (this.#is(at + 2, 61) ? "===" : "==") : "=");
  }

  #minus(at: number): void {
    if (!this.#is(at + 1, 45)) return this.#take(this.#is(at + 1, 61) ? "-=" : "-");
    // A comment as HTML has them, for a script.
    if (this.newline && this.#is(at + 2, 62)) giveUp();
    this.#take("--");
  }

  #question(at: number): void {
    const after = this.codes[at + 1]!;
    if (after === 63) return this.#take(this.#is(at + 2, 61) ? "??=" : "??");
    this.#take(after === 46 && !isDigit(this.text.charCodeAt(at + 2)) ? "?." : "?");
  }

  #less(at: number): void {
    const after = this.codes[at + 1]!;
    if (after === 33) giveUp();
    if (after === 60) return this.#take(this.#is(at + 2, 61) ? "<<=" : "<<");
    this.#take(after === 61 ? "<=" : "<");
  }

  #greater(at: number): void {
    if (this.#is(at + 1, 61)) return this.#take(">=");
    if (!this.#is(at + 1, 62)) return this.#take(">");
    if (this.#is(at + 2, 61)) return this.#take(">>=");
    if (!this.#is(at + 2, 62)) return this.#take(">>");
    this.#take(this.#is(at + 3, 61) ? ">>>=" : ">>>");
  }
}
