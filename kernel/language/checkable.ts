import { maskedText } from "./masked-text.ts";

/** Lines and characters of a text that is short. */
const fewLines = 30;
const fewCharacters = 2000;

/** Declarations whose own text shows their type: a literal without an annotation, or with the one that fits. */
const plainDeclarations =
  /\b(?:const|let|var)\s+[\w$]+\s*(?::\s*number\s*=\s*-?\d[\d_.]*|:\s*string\s*=\s*""|:\s*boolean\s*=\s*(?:true|false))(?=\s*(?:[;,\n]|$))/g;
/** Objects of the language whose functions take nearly anything. */
const plainObjects: Readonly<Record<string, object>> = { console, Math, performance, Date };
const plainUses = /(?<![\w$.])(console|Math|performance|Date)\.(\w+)/g;
/** Numbers and what is spread have dots that are no members. */
const otherDots = /\.\.\.|\d\.\d*|(?<![\w$)\]])\.\d+/g;

const annotation = /\b(?:const|let|var)\s+(?:[\w$]+\s*:|[{[])|\)\s*:/;
const member = /[\w$)\]"}!]\s*\??\.\s*[A-Za-z_$#]/;
const calls = /([\w$]+|[)\]])\s*\(/g;
const words =
  /\b(?:new|class|interface|type|enum|namespace|extends|implements|satisfies|import|export|abstract|declare|delete|switch)\b|\bas\s+(?!const\b)/;
/** What stands before a parenthesis without being called. */
const noCalls = new Set(
  "if for while switch catch with return await typeof void in of else do case throw async function".split(" "),
);

/**
 * Whether a cell is short and has anything of which a compiler could think badly: members, calls, annotations, classes, imports. What
 * remains are sums of variables, plain declarations, loops, and prints. Takes some microseconds.
 */
export function isCheckable(source: string): boolean {
  if (source.length > fewCharacters || source.split("\n").length > fewLines) return false;
  if (source.includes("@ts-")) return true;
  const text = maskedText(source)
    .replace(plainDeclarations, ";")
    .replace(plainUses, (use, object: string, name: string) => (name in plainObjects[object]! ? "do " : use))
    .replace(otherDots, " ");
  if (words.test(text) || annotation.test(text) || member.test(text)) return true;
  return [...text.matchAll(calls)].some(([, name = ""]) => !noCalls.has(name));
}
