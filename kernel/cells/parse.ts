import { type Program, parse } from "acorn";
import { parseModule } from "meriyah";

/** The syntax tree of an ES module, as {@link parsedModule} gives it. Throws anything when it does not like the text. */
export function parsedFast(code: string): Program {
  return parseModule(code, { ranges: true, lexical: true }) as unknown as Program;
}

/**
 * The syntax tree of an ES module (ESTree, every node with `start` and `end`). Meriyah reads it several times as fast as Acorn, which
 * has the last word about what it refuses, with the words and places that a syntax error shows. Throws a `SyntaxError` with `loc`.
 */
export function parsedModule(code: string): Program {
  try {
    return parsedFast(code);
  } catch {
    return parse(code, { ecmaVersion: "latest", sourceType: "module", allowHashBang: true });
  }
}
