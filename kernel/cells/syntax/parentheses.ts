import { giveUp } from "./give-up.ts";

/** After these a slash divides. */
const divides = /[\p{ID_Continue}$)\]}"'`]/u;

/** Where the parentheses of a text end: only what stands behind one tells whether it held the parameters of an arrow function. */
export class Parentheses {
  readonly #text: string;
  readonly #codes: Uint16Array;
  /** By their beginnings. */
  readonly #closing = new Map<number, number>();

  constructor(text: string, codes: Uint16Array) {
    this.#text = text;
    this.#codes = codes;
  }

  /** The offset of the parenthesis that closes the one at an offset. */
  closing(open: number): number {
    return this.#closing.get(open) ?? this.#find(open);
  }

  /** Where a parenthesis ends, and all those in it. */
  #find(open: number): number {
    const codes = this.#codes;
    const text = this.#text;
    const opened: number[] = [];
    let significant = 40;
    for (let at = open; at < text.length; at++) {
      const code = codes[at]!;
      switch (code) {
        case 32:
        case 9:
        case 10:
        case 13:
          continue;
        case 40:
          opened.push(at);
          break;
        case 41:
          this.#closing.set(opened.pop()!, at);
          if (opened.length === 0) return at;
          break;
        case 34:
        case 39:
          at = this.#behindString(at, code);
          break;
        case 96:
          // A template may hold anything, parentheses too.
          at = this.#behindTemplate(at);
          break;
        case 47: {
          const after = codes[at + 1]!;
          if (after === 47) {
            const end = text.indexOf("\n", at);
            if (end < 0) giveUp();
            at = end;
            continue;
          }
          if (after === 42) {
            const end = text.indexOf("*/", at + 2);
            if (end < 0) giveUp();
            at = end + 1;
            continue;
          }
          if (!divides.test(String.fromCharCode(significant))) at = this.#behindRegularExpression(at);
        }
      }
      significant = code;
    }
    return giveUp();
  }

  #behindString(from: number, quote: number): number {
    for (let at = from + 1; at < this.#text.length; at++) {
      const code = this.#text.charCodeAt(at);
      if (code === quote) return at;
      if (code === 92) at++;
    }
    return giveUp();
  }

  #behindTemplate(from: number): number {
    const text = this.#text;
    for (let at = from + 1; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 96) return at;
      if (code === 92) at++;
      else if (code === 36 && text.charCodeAt(at + 1) === 123) {
        let depth = 1;
        for (at += 2; depth > 0; at++) {
          const inner = text.charCodeAt(at);
          if (at >= text.length) giveUp();
          if (inner === 123) depth++;
          else if (inner === 125) depth--;
          else if (inner === 34 || inner === 39) at = this.#behindString(at, inner);
          else if (inner === 96) at = this.#behindTemplate(at);
          else if (inner === 47 && /[/*]/.test(text[at + 1] ?? "")) giveUp();
        }
        at--;
      }
    }
    return giveUp();
  }

  #behindRegularExpression(from: number): number {
    const text = this.#text;
    let inClass = false;
    for (let at = from + 1; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 10) giveUp();
      if (code === 92) at++;
      else if (code === 91) inClass = true;
      else if (code === 93) inClass = false;
      else if (code === 47 && !inClass) return at;
    }
    return giveUp();
  }
}
