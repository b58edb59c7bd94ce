import { bracketed, listParts, maskedText, partEnd } from "./masked-text.ts";

/** What can be seen of a type or a value without a compiler. */
type Seen =
  | { readonly kind: "number" | "string" | "boolean" | "array" }
  | { readonly kind: "object"; readonly fields: Fields }
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "unknown" };

type Fields = ReadonlyMap<string, { readonly type: Seen; readonly optional: boolean }>;
type Parameters = readonly { readonly type: Seen; readonly optional: boolean; readonly rest: boolean }[];

const unknown: Seen = { kind: "unknown" };
/** Members that every object has. */
const everywhere = new Set(Object.getOwnPropertyNames(Object.prototype));

/**
 * Looks for the plainest type errors in the text of cells: a literal that contradicts its annotation, a member that an object does
 * not have, an argument of the wrong kind. It takes well under a millisecond, so it can be asked about every cell, misses most errors,
 * and is sometimes wrong: it tells whether to wait for the compiler, which alone is believed.
 */
export class TypeSuspicion {
  readonly #types = new Map<string, Fields>();
  readonly #values = new Map<string, Seen>();
  readonly #functions = new Map<string, Parameters>();

  /** Whether a cell looks wrong beside the cells before it. What it declares is remembered for those after it. */
  looksWrong(source: string): boolean {
    const text = maskedText(source);
    this.#learnTypes(text);
    this.#learnFunctions(text);
    // All three learn or look at the whole cell, so none may be left out.
    const declared = this.#declarations(text);
    return declared || this.#assignments(text) || this.#members(text) || this.#calls(text);
  }

  #learnTypes(text: string): void {
    for (const found of text.matchAll(/\b(?:interface\s+([\w$]+)|type\s+([\w$]+)\s*=)\s*\{/g)) {
      const name = found[1] ?? found[2] ?? "";
      const body = bracketed(text, found.index + found[0].length - 1);
      const fields = body === undefined ? undefined : typeFields(body);
      if (fields) this.#types.set(name, fields);
      else this.#types.delete(name);
    }
  }

  #learnFunctions(text: string): void {
    const starts = /\bfunction\s*\*?\s*([\w$]+)\s*\(|\bconst\s+([\w$]+)\s*=\s*(?:async\s*)?\((?=[^()]*\)[^=;\n]*=>)/g;
    for (const found of text.matchAll(starts)) {
      const list = bracketed(text, found.index + found[0].length - 1);
      if (list !== undefined) this.#functions.set(found[1] ?? found[2] ?? "", listParts(list, ",").map(parameter));
    }
  }

  /** `const name: type = value`. */
  #declarations(text: string): boolean {
    let wrong = false;
    for (const found of text.matchAll(/\b(?:const|let|var)\s+([\w$]+)\s*(?::\s*([^=;\n]+?))?\s*=(?![=>])/g)) {
      const [whole, name = "", annotation] = found;
      const start = found.index + whole.length;
      const value = seenValue(text.slice(start, partEnd(text, start, ",;\n")).trim());
      const type = annotation === undefined ? value : seenType(annotation);
      this.#values.set(name, type);
      if (annotation !== undefined && this.#contradict(type, value)) wrong = true;
    }
    return wrong;
  }

  /** `name = value` of a known variable. */
  #assignments(text: string): boolean {
    for (const { 0: whole, 1: name = "", index } of text.matchAll(/(?<=^|[;{}\n])\s*([\w$]+)\s*=(?![=>])/g)) {
      const start = index + whole.length;
      const value = seenValue(text.slice(start, partEnd(text, start, ",;\n")).trim());
      if (this.#contradict(this.#values.get(name), value)) return true;
    }
    return false;
  }

  /** `name.member` of a known object. */
  #members(text: string): boolean {
    for (const [, name = "", member = ""] of text.matchAll(/(?<![\w$.)\]])([\w$]+)\??\.([A-Za-z_$][\w$]*)/g)) {
      const fields = this.#fields(this.#values.get(name));
      if (fields && !fields.has(member) && !everywhere.has(member)) return true;
    }
    return false;
  }

  /** `name(argument, …)` of a known function. */
  #calls(text: string): boolean {
    for (const found of text.matchAll(/(?<![\w$.]|function\s|function\s\*\s?)([\w$]+)\s*\(/g)) {
      const parameters = this.#functions.get(found[1] ?? "");
      const list = parameters && bracketed(text, found.index + found[0].length - 1);
      if (!parameters || list === undefined) continue;
      const given = listParts(list, ",");
      if (given.some((one) => one.startsWith("..."))) continue;
      const needed = parameters.filter(({ optional, rest }) => !optional && !rest).length;
      if (given.length < needed || (given.length > parameters.length && !parameters.at(-1)?.rest)) return true;
      if (given.some((one, at) => !parameters[at]?.rest && this.#contradict(parameters[at]?.type, seenValue(one))))
        return true;
    }
    return false;
  }

  #contradict(type: Seen | undefined, value: Seen): boolean {
    if (!type || type.kind === "unknown" || value.kind === "unknown" || value.kind === "named") return false;
    const fields = this.#fields(type);
    if (!fields) return type.kind !== "named" && type.kind !== value.kind;
    if (value.kind !== "object") return true;
    for (const [name, { type: wanted, optional }] of fields) {
      const given = value.fields.get(name);
      if (given ? this.#contradict(wanted, given.type) : !optional) return true;
    }
    return [...value.fields.keys()].some((name) => !fields.has(name));
  }

  #fields(seen: Seen | undefined): Fields | undefined {
    if (seen?.kind === "object") return seen.fields;
    return seen?.kind === "named" ? this.#types.get(seen.name) : undefined;
  }
}

function seenType(text: string): Seen {
  if (text === "number" || text === "string" || text === "boolean") return { kind: text };
  if (/^(?:readonly\s+)?[\w$.]+\[\]$|^(?:Readonly)?Array<.*>$/.test(text)) return { kind: "array" };
  if (text.startsWith("{") && bracketed(text, 0)?.length === text.length - 2) {
    const fields = typeFields(text.slice(1, -1));
    return fields ? { kind: "object", fields } : unknown;
  }
  return /^[A-Z_$][\w$]*$/i.test(text) ? { kind: "named", name: text } : unknown;
}

function seenValue(text: string): Seen {
  if (text === '""') return { kind: "string" };
  if (/^-?\d[\w.]*$/.test(text)) return { kind: /n$/.test(text) ? "unknown" : "number" };
  if (text === "true" || text === "false") return { kind: "boolean" };
  const inside = bracketed(text, 0);
  if (inside === undefined || inside.length !== text.length - 2) return unknown;
  if (text.startsWith("[")) return { kind: "array" };
  if (!text.startsWith("{")) return unknown;
  const fields = new Map<string, { type: Seen; optional: boolean }>();
  for (const part of listParts(inside, ",")) {
    const [, name, value] = /^([\w$]+)\s*(?::\s*([\s\S]+))?$/.exec(part) ?? [];
    // Spread, methods and computed names are for the compiler.
    if (name === undefined) return unknown;
    fields.set(name, { type: value === undefined ? unknown : seenValue(value), optional: false });
  }
  return { kind: "object", fields };
}

/** The members of an object type; undefined when it has more than plain ones. */
function typeFields(body: string): Fields | undefined {
  const fields = new Map<string, { type: Seen; optional: boolean }>();
  for (const part of listParts(body, ",;\n")) {
    const [, name, optional, type = ""] = /^(?:readonly\s+)?([\w$]+)\s*(\?)?\s*:\s*([\s\S]+)$/.exec(part) ?? [];
    if (name === undefined) return undefined;
    fields.set(name, { type: seenType(type.trim()), optional: optional !== undefined });
  }
  return fields;
}

function parameter(text: string): Parameters[number] {
  const [, rest, optional, type = "", initial] =
    /^(\.\.\.)?[\w$]+\s*(\?)?\s*(?::\s*([^=]+?))?\s*(=(?!>)[\s\S]*)?$/.exec(text) ?? [];
  return {
    type: seenType(type),
    optional: optional !== undefined || initial !== undefined,
    rest: rest !== undefined,
  };
}
