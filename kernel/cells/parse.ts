import { type Options, Parser, type Program } from "acorn";
import { parseModule } from "meriyah";

const settings: Options = { ecmaVersion: "latest", sourceType: "module", allowHashBang: true };

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
    return Parser.parse(code, settings);
  }
}

/** A parser that lets a text export names that it does not declare: another cell may. */
class CellParser extends Parser {
  checkLocalExport(): void {}
}

/** The same for a cell. */
export function parsedCell(code: string): Program {
  try {
    return parsedFast(code);
  } catch {
    return CellParser.parse(code, settings);
  }
}
