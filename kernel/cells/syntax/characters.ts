import { Buffer } from "node:buffer";
import { giveUp } from "./give-up.ts";

/** Longer texts are left to others, so that the room for their characters is not kept. */
const mostCharacters = 1 << 20;

/** Those of the text that is being read: quicker to get at than those of a string. */
let characters = new Uint16Array(1 << 14);

/** The characters of a text as numbers (UTF-16), zeros behind them; they hold until the next text is asked for. */
export function charactersOf(text: string): Uint16Array {
  if (text.length > mostCharacters) giveUp();
  if (characters.length < text.length + 4) characters = new Uint16Array(2 * text.length + 4);
  Buffer.from(characters.buffer).write(text, "utf16le");
  characters.fill(0, text.length, text.length + 4);
  return characters;
}

/** Kinds of characters: 1 begins a name, 2 is a digit, 3 is a blank, 4 ends a line, 0 is anything else. */
export const classes = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/[a-zA-Z_$]/.test(character)) classes[code] = 1;
  else if (/\d/.test(character)) classes[code] = 2;
  else if (/[ \t\v\f]/.test(character)) classes[code] = 3;
  else if (/[\n\r]/.test(character)) classes[code] = 4;
}

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isLineEnd(code: number): boolean {
  return code === 10 || code === 13 || code === 0x2028 || code === 0x2029;
}

export function isNamePart(code: number): boolean {
  return code < 128 ? classes[code] === 1 || classes[code] === 2 : isForeign(code, /[\p{ID_Continue}\u200c\u200d]/u);
}

export function isForeignStart(code: number): boolean {
  return isForeign(code, /[\p{ID_Start}]/u);
}

/** Names outside of the first plane are left to others. */
function isForeign(code: number, pattern: RegExp): boolean {
  if (code >= 0xd800 && code <= 0xdfff) giveUp();
  return pattern.test(String.fromCharCode(code));
}
