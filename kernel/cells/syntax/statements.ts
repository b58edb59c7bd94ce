import type {
  AnyNode,
  BlockStatement,
  CatchClause,
  Expression,
  ForInStatement,
  ForOfStatement,
  Pattern,
  Statement,
  SwitchCase,
  ThrowStatement,
  VariableDeclaration,
  VariableDeclarator,
} from "acorn";
import { patternNames } from "../references.ts";
import { FunctionParser } from "./functions.ts";
import { giveUp } from "./give-up.ts";

/** Statements and declarations (ECMA-262, 14), with the types in them. */
export abstract class StatementParser extends FunctionParser {
  /** A statement or declaration of a list. */
  protected statementListItem(body: Statement[]): void {
    switch (this.kind) {
      case "const":
        return void body.push(this.#variableDeclaration("const"));
      case "function":
        return this.#functionDeclaration(body, false);
      case "class":
        return void body.push(this.classNode("ClassDeclaration"));
      case "name":
        if (this.#wordItem(body)) return;
    }
    body.push(this.#statement());
  }

  /** What begins with a word that is reserved here only; false when it is just a name. */
  #wordItem(body: Statement[]): boolean {
    switch (this.word) {
      case "let":
        body.push(this.#variableDeclaration("let"));
        return true;
      case "interface":
      case "type":
        return this.typeDeclaration();
      case "async": {
        const mark = this.mark();
        this.next();
        if (this.is("function") && !this.newline) {
          this.#functionDeclaration(body, true, mark.start);
          return true;
        }
        this.reset(mark);
        return false;
      }
      case "abstract": {
        const mark = this.mark();
        this.next();
        if (this.is("class") && !this.newline) {
          this.blank(mark.start);
          body.push(this.classNode("ClassDeclaration", true));
          return true;
        }
        this.reset(mark);
        return false;
      }
      case "declare":
      case "namespace":
      case "module":
      case "global":
      case "using": {
        const mark = this.mark();
        this.next();
        if (!this.newline && (this.isAnyWord() || this.is("string") || this.is("{"))) giveUp();
        this.reset(mark);
      }
    }
    return false;
  }

  #statement(): Statement {
    const { start } = this;
    switch (this.kind) {
      case "{":
        return this.#block();
      case ";":
        this.next();
        return { type: "EmptyStatement", start, end: this.tail() };
      case "var":
        return this.#variableDeclaration("var");
      case "if":
        return this.#ifStatement();
      case "for":
        return this.#forStatement();
      case "while": {
        this.next();
        const test = this.#parenthesizedTest();
        return { type: "WhileStatement", start, test, body: this.#statement(), end: this.tail() };
      }
      case "do": {
        this.next();
        const body = this.#statement();
        this.expect("while");
        const test = this.#parenthesizedTest();
        if (this.is(";")) this.next();
        return { type: "DoWhileStatement", start, body, test, end: this.tail() };
      }
      case "return": {
        if (this.depth === 0) giveUp();
        this.next();
        const argument = this.ends() ? null : this.expression();
        this.endOfStatement();
        return { type: "ReturnStatement", start, argument, end: this.tail() };
      }
      case "break":
      case "continue": {
        const type = this.is("break") ? "BreakStatement" : "ContinueStatement";
        this.next();
        const label = this.ends() ? null : this.identifier();
        this.endOfStatement();
        return { type, start, label, end: this.tail() };
      }
      case "throw":
        return this.#throwStatement();
      case "try":
        return this.#tryStatement();
      case "switch":
        return this.#switchStatement();
      case "debugger":
        this.next();
        this.endOfStatement();
        return { type: "DebuggerStatement", start, end: this.tail() };
      case "name":
        if (this.#isLabel()) {
          const label = this.identifier();
          this.expect(":");
          return { type: "LabeledStatement", start, label, body: this.#statement(), end: this.tail() };
        }
        break;
      case "import":
        break;
      case "const":
      case "class":
      case "function":
      case "with":
      case "export":
      case "enum":
        giveUp();
    }
    if (this.is("name") && this.word === "let") giveUp();
    const before = this.statementStart;
    this.statementStart = start;
    const expression = this.expression();
    this.statementStart = before;
    this.endOfStatement();
    return { type: "ExpressionStatement", start, expression, end: this.tail() };
  }

  #isLabel(): boolean {
    // The next token is a name: only a colon right behind it makes it a label.
    const { codes } = this;
    let at = this.end;
    while (codes[at] === 32) at++;
    return codes[at] === 58;
  }

  #block(): BlockStatement {
    const outer = this.openScope();
    const block = this.blockInside();
    this.closeScope(outer);
    return block;
  }

  /** A block in the scope of what is around it. */
  protected override blockInside(): BlockStatement {
    const { start } = this;
    const body: Statement[] = [];
    this.expect("{");
    while (!this.is("}")) {
      if (this.is("end")) giveUp();
      this.statementListItem(body);
    }
    this.next();
    return { type: "BlockStatement", start, body, end: this.tail() };
  }

  #parenthesizedTest(): Expression {
    this.expect("(");
    const expression = this.inside();
    this.expect(")");
    return expression;
  }

  #ifStatement(): Statement {
    const { start } = this;
    this.next();
    const test = this.#parenthesizedTest();
    const consequent = this.#statement();
    const alternate = this.eat("else") ? this.#statement() : null;
    return { type: "IfStatement", start, test, consequent, alternate, end: this.tail() };
  }

  #throwStatement(): ThrowStatement {
    const { start } = this;
    const from = this.events.length;
    this.next();
    if (this.newline) giveUp();
    const argument = this.expression();
    this.endOfStatement();
    const node: ThrowStatement = { type: "ThrowStatement", start, argument, end: this.tail() };
    this.reportAround(node, from, true);
    return node;
  }

  #tryStatement(): Statement {
    const { start } = this;
    this.next();
    const block = this.#block();
    let handler: CatchClause | null = null;
    if (this.is("catch")) handler = this.#catchClause();
    const finalizer = this.eat("finally") ? this.#block() : null;
    if (!handler && !finalizer) giveUp();
    return { type: "TryStatement", start, block, handler, finalizer, end: this.tail() };
  }

  #catchClause(): CatchClause {
    const { start } = this;
    const from = this.events.length;
    this.next();
    const outer = this.openScope();
    let param: Pattern | null = null;
    if (this.eat("(")) {
      param = this.bindingPattern();
      this.typeAnnotation();
      this.expect(")");
      this.scope.names.push(...patternNames(param));
    }
    const body = this.blockInside();
    this.closeScope(outer);
    const node: CatchClause = { type: "CatchClause", start, param, body, end: this.tail() };
    this.reportAround(node, from);
    return node;
  }

  #switchStatement(): Statement {
    const { start } = this;
    this.next();
    const discriminant = this.#parenthesizedTest();
    const outer = this.openScope();
    const cases: SwitchCase[] = [];
    this.expect("{");
    while (!this.is("}")) {
      const begin = this.start;
      let test: Expression | null = null;
      if (this.eat("case")) test = this.expression();
      else this.expect("default");
      this.expect(":");
      const consequent: Statement[] = [];
      while (!this.is("case") && !this.is("default") && !this.is("}")) {
        if (this.is("end")) giveUp();
        this.statementListItem(consequent);
      }
      cases.push({ type: "SwitchCase", start: begin, test, consequent, end: this.tail() });
    }
    this.next();
    this.closeScope(outer);
    return { type: "SwitchStatement", start, discriminant, cases, end: this.tail() };
  }

  #forStatement(): Statement {
    const { start } = this;
    const from = this.events.length;
    this.next();
    const awaits = this.is("name") && this.word === "await";
    if (awaits) {
      if (!this.inAsync) giveUp();
      this.next();
    }
    const outer = this.openScope();
    this.expect("(");
    const node = this.#forRest(start, awaits);
    this.closeScope(outer);
    if (node.type !== "ForStatement") this.reportAround(node as AnyNode, from);
    return node;
  }

  #forRest(start: number, awaits: boolean): Statement {
    let init: VariableDeclaration | Expression | null = null;
    const first = this.events.length;
    this.allowsIn = false;
    if (this.is("const") || this.is("var")) init = this.#variableDeclaration(this.kind as "const" | "var", true);
    else if (this.isWord("let")) init = this.#variableDeclaration("let", true);
    else if (this.isWord("using") || (this.isWord("async") && !awaits) || this.isWord("await")) giveUp();
    else if (!this.is(";")) init = this.expression();
    this.allowsIn = true;
    if (init && (this.isWord("of") || this.is("in"))) return this.#forEachRest(start, init, first, awaits);
    if (awaits) giveUp();
    if (init?.type === "VariableDeclaration") this.#leaveVariables(init);
    this.expect(";");
    const test = this.is(";") ? null : this.expression();
    this.expect(";");
    const update = this.is(")") ? null : this.expression();
    this.expect(")");
    const body = this.#statement();
    return { type: "ForStatement", start, init, test, update, body, end: this.tail() };
  }

  #forEachRest(start: number, head: VariableDeclaration | Expression, first: number, awaits: boolean): Statement {
    const of = !this.is("in");
    if (awaits && !of) giveUp();
    let left: VariableDeclaration | Pattern;
    if (head.type === "VariableDeclaration") {
      left = head;
      if (head.declarations.length !== 1 || head.declarations[0]!.init) giveUp();
      this.#leaveVariables(head);
    } else left = this.toTarget(head, first);
    this.next();
    const right = of ? this.assignment() : this.expression();
    this.expect(")");
    const body = this.#statement();
    const end = this.tail();
    return of
      ? ({ type: "ForOfStatement", start, await: awaits, left, right, body, end } satisfies ForOfStatement)
      : ({ type: "ForInStatement", start, left, right, body, end } satisfies ForInStatement);
  }

  #variableDeclaration(kind: "var" | "let" | "const", head = false): VariableDeclaration {
    const { start } = this;
    const declarations: VariableDeclarator[] = [];
    this.next();
    do declarations.push(this.#variableDeclarator(kind, head));
    while (this.eat(","));
    if (!head) this.endOfStatement();
    const node: VariableDeclaration = { type: "VariableDeclaration", start, kind, declarations, end: this.tail() };
    if (!head) this.#leaveVariables(node);
    return node;
  }

  #leaveVariables(node: VariableDeclaration): void {
    if (this.depth === 0) this.reportLeave(node);
  }

  #variableDeclarator(kind: "var" | "let" | "const", head: boolean): VariableDeclarator {
    const { start } = this;
    const from = this.events.length;
    const id = this.bindingPattern();
    const names = patternNames(id);
    // Defaults in a pattern see its own names.
    if (id.type !== "Identifier") this.resolve(names, from);
    (kind === "var" ? this.scope.vars : this.scope.names).push(...names);
    if (this.is("!")) {
      const mark = this.start;
      this.next();
      if (id.type !== "Identifier" || !this.is(":")) giveUp();
      this.blank(mark);
    }
    this.typeAnnotation();
    const init = this.eat("=") ? this.assignment() : null;
    if (!init && !head && (kind === "const" || id.type !== "Identifier")) giveUp();
    const node: VariableDeclarator = { type: "VariableDeclarator", start, id, init, end: this.tail() };
    if (this.depth === 0 && id.type === "Identifier" && init && isFunction(init)) this.reportAround(node, from);
    return node;
  }

  #functionDeclaration(body: Statement[], isAsync: boolean, start = this.start): void {
    const from = this.events.length;
    this.next();
    const generator = this.eat("*");
    const id = this.bindingName();
    const node = this.functionNode("FunctionDeclaration", start, id, isAsync, generator);
    // A signature without a body.
    if (!node) return this.blank(start, 1);
    this.scope.names.push(id.name);
    body.push(node as unknown as Statement);
    if (this.depth === 0) this.reportAround(node as AnyNode, from);
  }
}

function isFunction(node: Expression): boolean {
  return (
    node.type === "ArrowFunctionExpression" || node.type === "FunctionExpression" || node.type === "ClassExpression"
  );
}
