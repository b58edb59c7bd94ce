import { stripTypeScriptTypes } from "node:module";
import type { Json } from "./wire.ts";

/**
 * Content of `is_complete_reply`: whether a console should run the text, or let the person go on. A text is incomplete when the
 * parser stumbles over its end and not before.
 */
export function completeness(code: string): Json {
  try {
    stripTypeScriptTypes(code, { mode: "transform" });
    return { status: "complete" };
  } catch (error) {
    if (!(error instanceof Error)) return { status: "unknown" };
    if ("code" in error && error.code === "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX") return { status: "complete" };
    if (!(error instanceof SyntaxError)) return { status: "unknown" };
    return endsTooSoon(error) ? { status: "incomplete", indent: nextIndent(code) } : { status: "invalid" };
  }
}

/** Node puts the faulty lines before the stack, with carets below what is wrong; the end of the text has no place for them. */
function endsTooSoon({ message, stack = "" }: SyntaxError): boolean {
  if (/^Unterminated (template|block comment)/.test(message) || /eof/.test(message)) return true;
  const before = stack.slice(0, stack.indexOf("SyntaxError"));
  return !/^\s*\^+\s*$/m.test(before);
}

/** As deep as the last line, and one step more after an opening bracket. */
function nextIndent(code: string): string {
  const last = code.trimEnd().split("\n").at(-1) ?? "";
  const indent = /^\s*/.exec(last)?.[0] ?? "";
  return /[{([]\s*$|=>\s*$/.test(last) ? `${indent}  ` : indent;
}
