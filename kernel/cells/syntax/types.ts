import { giveUp } from "./give-up.ts";
import { Scanner } from "./scanner.ts";

/** Types that take no arguments. */
const predefined = new Set("any unknown never string number boolean bigint symbol object undefined".split(" "));

/** Reads over types (the grammar of TypeScript 5): nothing of them is kept but where they stand. */
export class TypeScanner extends Scanner {
  /** Inside the `extends` of a conditional type, where another is not begun. */
  #bounded = false;

  type(): void {
    const bounded = this.#bounded;
    if (this.is("<") || this.is("new") || (this.is("(") && this.#isFunctionType())) return this.#functionType();
    if (this.isWord("abstract") && this.#isFollowedBy("new")) return this.#functionType();
    this.#union();
    if (bounded || !this.is("extends") || this.newline) return;
    this.next();
    this.#bounded = true;
    this.type();
    this.#bounded = false;
    this.expect("?");
    this.type();
    this.expect(":");
    this.type();
  }

  /** What stands behind the colon of a function: a type, or `value is Type`, or `asserts value`. */
  returnType(): void {
    if (this.isWord("asserts")) {
      const mark = this.mark();
      this.next();
      if ((this.is("name") || this.is("this")) && !this.newline && !this.isWord("is")) {
        this.next();
        if (!this.isWord("is") || this.newline) return;
        this.next();
        return this.type();
      }
      this.reset(mark);
    }
    if (this.is("name") || this.is("this")) {
      const mark = this.mark();
      this.next();
      if (this.isWord("is") && !this.newline) this.next();
      else this.reset(mark);
    }
    this.type();
  }

  /** `<T extends U = V>`, from its first token. */
  typeParameters(): void {
    this.expect("<");
    while (!this.is(">")) {
      // `in` and `out` are names here where no other name follows.
      while (this.is("const") || this.is("in") || this.isWord("out")) {
        if (this.isWord("out") && !this.#isFollowedBy("name")) break;
        this.next();
      }
      this.expect("name");
      if (this.eat("extends")) this.#free();
      if (this.eat("=")) this.#free();
      if (!this.is(",")) break;
      this.next();
    }
    this.closeAngle();
  }

  /** `<A, B>`, from its first token. */
  typeArguments(): void {
    this.expect("<");
    do this.#free();
    while (this.eat(","));
    this.closeAngle();
  }

  /** From an opening bracket to behind the one that closes it. */
  balanced(): void {
    let depth = 0;
    do {
      if (this.is("(") || this.is("[") || this.is("{")) depth++;
      else if (this.is(")") || this.is("]") || this.is("}")) depth--;
      else if (this.is("end") || this.is("/") || this.is("/=") || this.is("`")) giveUp();
      this.next();
    } while (depth > 0);
  }

  /** `{ … }` of an interface or an object type. */
  typeMembers(): void {
    this.expect("{");
    while (!this.is("}")) {
      this.#member();
      if (this.is(";") || this.is(",")) this.next();
      else if (!this.is("}") && !this.newline) giveUp();
    }
    this.next();
  }

  /** A type between brackets, where a conditional type may stand again. */
  #free(): void {
    const bounded = this.#bounded;
    this.#bounded = false;
    this.type();
    this.#bounded = bounded;
  }

  #isFollowedBy(kind: string): boolean {
    const mark = this.mark();
    this.next();
    const found = this.kind === kind;
    this.reset(mark);
    return found;
  }

  /** Whether a parenthesis begins the parameters of a function type, and not a type in parentheses. */
  #isFunctionType(): boolean {
    const mark = this.mark();
    this.next();
    let found = this.is(")") || this.is("...");
    if (!found) {
      if (this.is("name") || this.is("this")) this.next();
      else if (this.is("{") || this.is("[")) this.balanced();
      found = this.is(":") || this.is(",") || this.is("?") || this.is("=");
      if (this.is(")")) {
        this.next();
        found = this.is("=>");
      }
    }
    this.reset(mark);
    return found;
  }

  #functionType(): void {
    if (this.isWord("abstract")) this.next();
    this.eat("new");
    if (this.is("<")) this.typeParameters();
    this.#parameters();
    this.expect("=>");
    this.returnType();
  }

  #parameters(): void {
    this.expect("(");
    while (!this.is(")")) {
      const isRest = this.eat("...");
      if (this.is("{") || this.is("[")) this.balanced();
      else if (this.is("name") || this.is("this")) this.next();
      else giveUp();
      if (this.eat("?") && isRest) giveUp();
      if (this.eat(":")) this.#free();
      if (!this.is(")")) this.expect(",");
    }
    this.next();
  }

  #union(): void {
    if (this.is("|")) this.next();
    this.#intersection();
    while (this.eat("|")) this.#intersection();
  }

  #intersection(): void {
    if (this.is("&")) this.next();
    this.#unary();
    while (this.eat("&")) this.#unary();
  }

  #unary(): void {
    while (this.is("name") && /^(keyof|unique|readonly|infer)$/.test(this.word)) {
      const infers = this.word === "infer";
      const mark = this.mark();
      this.next();
      // A type of that name.
      if (!this.#startsType() || this.newline) {
        this.reset(mark);
        break;
      }
      if (!infers) continue;
      this.expect("name");
      if (this.is("extends") && this.#bounded) giveUp();
      return;
    }
    // `A | () => B` is no type, but `A | (() => B)`.
    this.#primary();
    while (this.is("[") && !this.newline) {
      this.next();
      if (!this.is("]")) this.#free();
      this.expect("]");
    }
  }

  #startsType(): boolean {
    return this.isAnyWord() || this.is("(") || this.is("{") || this.is("[") || this.is("string") || this.is("`");
  }

  #primary(): void {
    switch (this.kind) {
      case "name":
        if (predefined.has(this.word)) return this.next();
        this.next();
        return this.#qualified();
      case "string":
      case "number":
      case "void":
      case "null":
      case "this":
      case "true":
      case "false":
        return this.next();
      case "-":
        this.next();
        return this.expect("number");
      case "(":
        this.next();
        this.#free();
        return this.expect(")");
      case "{":
        return this.typeMembers();
      case "[":
        return this.#tuple();
      case "`":
        return this.#template();
      case "typeof":
        this.next();
        if (this.is("import")) return this.#imported();
        if (!this.is("name") && !this.is("this")) giveUp();
        this.next();
        return this.#qualified();
      case "import":
        return this.#imported();
    }
    giveUp();
  }

  #imported(): void {
    this.next();
    this.expect("(");
    this.expect("string");
    this.expect(")");
    this.#qualified();
  }

  #qualified(): void {
    while (this.eat(".")) {
      if (!this.isAnyWord() && !this.is("private")) giveUp();
      this.next();
    }
    if (this.is("<") && !this.newline) this.typeArguments();
  }

  #tuple(): void {
    this.next();
    while (!this.is("]")) {
      this.eat("...");
      if (this.isAnyWord()) {
        const mark = this.mark();
        this.next();
        const optional = this.eat("?");
        if (!this.eat(":")) {
          this.reset(mark);
          if (optional && !this.is("name")) giveUp();
        }
      }
      this.#free();
      this.eat("?");
      if (!this.is("]")) this.expect(",");
    }
    this.next();
  }

  #template(): void {
    for (let more = this.templateCharacters(this.start + 1); more; ) {
      this.#free();
      if (!this.is("}")) giveUp();
      more = this.templateCharacters(this.start + 1);
    }
  }

  #member(): void {
    if (this.is("+") || this.is("-")) this.next();
    while (this.isWord("readonly") || this.isWord("get") || this.isWord("set")) {
      const mark = this.mark();
      this.next();
      if (this.isAnyWord() || this.is("[") || this.is("string") || this.is("number")) continue;
      this.reset(mark);
      break;
    }
    if (this.is("(") || this.is("<")) return this.#signature();
    if (this.is("new")) {
      const mark = this.mark();
      this.next();
      if (this.is("(") || this.is("<")) return this.#signature();
      this.reset(mark);
    }
    if (this.is("[")) this.#bracketed();
    else if (this.isAnyWord() || this.is("string") || this.is("number")) this.next();
    else giveUp();
    if (this.is("+") || this.is("-")) {
      this.next();
      if (!this.is("?")) giveUp();
    }
    this.eat("?");
    if (this.is("(") || this.is("<")) return this.#signature();
    if (this.eat(":")) this.#free();
  }

  /** `[key: string]`, `[K in T as U]`, or a computed name. */
  #bracketed(): void {
    const mark = this.mark();
    this.next();
    if (this.is("name")) {
      this.next();
      if (this.eat(":")) {
        this.#free();
        return this.expect("]");
      }
      if (this.eat("in")) {
        this.#free();
        if (this.isWord("as")) {
          this.next();
          this.#free();
        }
        return this.expect("]");
      }
    }
    this.reset(mark);
    this.next();
    // A computed name: of others than these the compiler knows more.
    if (this.is("string") || this.is("number")) this.next();
    else {
      this.expect("name");
      while (this.eat(".")) this.expect("name");
    }
    this.expect("]");
  }

  #signature(): void {
    if (this.is("<")) this.typeParameters();
    this.#parameters();
    if (!this.eat(":")) return;
    const bounded = this.#bounded;
    this.#bounded = false;
    this.returnType();
    this.#bounded = bounded;
  }
}
