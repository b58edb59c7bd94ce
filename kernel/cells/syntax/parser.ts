import type { ImportAttribute, ImportDeclaration, Program, Statement } from "acorn";
import { giveUp, notOrdinary } from "./give-up.ts";
import { unusable } from "./patterns.ts";
import type { SyntaxEvent } from "./reader.ts";
import { StatementParser } from "./statements.ts";

/** An ordinary TypeScript program, read in one go. */
export interface QuickSyntax {
  /** JavaScript: blanks stand where the types were. */
  readonly code: string;
  /** ESTree of `code`. Literals that are no texts, and texts with escapes, have no value. */
  readonly program: Program;
  /**
   * What `walkReferences` reports, for the nodes that the rewriting of cells asks for: calls, assignments, `await`, `throw`, `import`,
   * `catch`, loops over members, and at top level variables, functions and classes.
   */
  readonly events: readonly SyntaxEvent[];
  /** Its `var`s outside of functions. */
  readonly vars: readonly string[];
}

/**
 * Reads TypeScript without the detour over JavaScript: types are skipped and names resolved on the way, so that it takes a fraction of the
 * time. It leaves to others (with `undefined`) what is not erased but translated (enums, namespaces, decorators, JSX, parameter
 * properties), whatever it is not sure of, and every text that is wrong. What it accepts may still be wrong in ways that V8 finds.
 */
export function quickSyntax(text: string): QuickSyntax | undefined {
  try {
    return new Parser(text).program();
  } catch (error) {
    // A text that is nested too deeply, too.
    if (error === notOrdinary || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Modules (ECMA-262, 16.2): what cells import and export. */
class Parser extends StatementParser {
  readonly #importedNames: string[] = [];

  program(): QuickSyntax {
    this.next();
    const body: Statement[] = [];
    while (!this.is("end")) this.#moduleItem(body);
    // A function may declare again what a module may not.
    const declared = [...this.scope.names, ...new Set(this.scope.vars), ...this.#importedNames];
    if (new Set(declared).size < declared.length) giveUp();
    const program: Program = { type: "Program", start: 0, end: this.text.length, body, sourceType: "module" };
    return { code: this.withoutTypes(), program, events: this.events, vars: this.scope.vars };
  }

  #moduleItem(body: Statement[]): void {
    if (this.is("import")) {
      const mark = this.mark();
      this.next();
      const isExpression = this.is("(") || this.is(".");
      this.reset(mark);
      if (!isExpression) return this.#importDeclaration(body);
    }
    if (this.is("export")) return this.#exportDeclaration(body);
    this.statementListItem(body);
  }

  #importDeclaration(body: Statement[]): void {
    const { start } = this;
    this.next();
    const specifiers: ImportDeclaration["specifiers"] = [];
    let isType = false;
    if (this.isWord("type")) {
      const mark = this.mark();
      this.next();
      isType = this.is("{") || this.is("*") || (this.is("name") && !this.isWord("from"));
      if (!isType) {
        // `import type from "…"` names a variable; the other is a type of that name.
        if (this.isWord("from")) giveUp();
        this.reset(mark);
      }
    }
    if (!this.is("string")) {
      let more = true;
      if (this.is("name")) {
        const local = this.bindingName();
        // `import x = require("…")`
        if (this.is("=")) giveUp();
        specifiers.push({ type: "ImportDefaultSpecifier", start: local.start, end: local.end, local });
        more = this.eat(",");
      }
      if (more) {
        const from = this.start;
        if (this.eat("*")) {
          if (!this.isWord("as")) giveUp();
          this.next();
          const local = this.bindingName();
          specifiers.push({ type: "ImportNamespaceSpecifier", start: from, end: local.end, local });
        } else this.#importNames(specifiers);
      }
      if (!this.isWord("from")) giveUp();
      this.next();
    }
    const source = this.textLiteral();
    const attributes = this.#attributes();
    this.endOfStatement();
    if (isType) return this.blank(start, 1);
    for (const { local } of specifiers) this.#importedNames.push(local.name);
    const node: ImportDeclaration = {
      type: "ImportDeclaration",
      start,
      end: this.tail(),
      specifiers,
      source,
      attributes,
    };
    body.push(node as unknown as Statement);
  }

  #importNames(specifiers: ImportDeclaration["specifiers"]): void {
    this.expect("{");
    while (!this.is("}")) {
      const { start } = this;
      if (this.isWord("type")) {
        // `type A`, `type A as B`; `type` and `type as …` are left to others.
        this.next();
        if (!this.is("name") || this.isWord("as")) giveUp();
        this.next();
        if (this.isWord("as")) {
          this.next();
          this.expect("name");
        }
        if (this.is(",")) this.next();
        else if (!this.is("}")) giveUp();
        this.blank(start);
        continue;
      }
      const isName = this.is("name");
      const imported = this.anyName();
      let local = imported;
      if (this.isWord("as")) {
        this.next();
        local = this.bindingName();
      } else if (!isName || unusable.has(local.name)) giveUp();
      specifiers.push({ type: "ImportSpecifier", start, end: this.tail(), imported, local });
      if (!this.is("}")) this.expect(",");
    }
    this.next();
  }

  #attributes(): ImportAttribute[] {
    const attributes: ImportAttribute[] = [];
    if (!this.is("with")) return attributes;
    this.next();
    this.expect("{");
    while (!this.is("}")) {
      const { start } = this;
      const key = this.is("string") ? this.textLiteral() : this.anyName();
      this.expect(":");
      const value = this.textLiteral();
      attributes.push({ type: "ImportAttribute", start, end: value.end, key, value });
      if (!this.is("}")) this.expect(",");
    }
    this.next();
    return attributes;
  }

  /** Declarations with `export` before them. Other exports are rare in cells. */
  #exportDeclaration(body: Statement[]): void {
    const { start } = this;
    this.next();
    if (this.isWord("interface") || this.isWord("type")) {
      if (!this.typeDeclaration()) giveUp();
      return this.blank(start, 1);
    }
    const isDeclaration = this.is("const") || this.is("var") || this.is("function") || this.is("class");
    if (!isDeclaration && !this.isWord("let") && !this.isWord("async") && !this.isWord("abstract")) giveUp();
    const inside: Statement[] = [];
    this.statementListItem(inside);
    const [declaration] = inside;
    // A signature alone.
    if (!declaration) return this.blank(start, 1);
    if (!/^(Variable|Function|Class)Declaration$/.test(declaration.type)) giveUp();
    const node = {
      type: "ExportNamedDeclaration",
      start,
      end: declaration.end,
      declaration,
      specifiers: [],
      source: null,
      attributes: [],
    };
    body.push(node as unknown as Statement);
  }
}
