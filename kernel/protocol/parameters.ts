/** Kinds of value that a parameter takes. `any`: whatever it is given. */
export const parameterTypes = ["number", "string", "boolean", "object", "any"] as const;
export type ParameterType = (typeof parameterTypes)[number];

/** A parameter as a notebook declares it, in one form for both ways to declare one. */
export interface ParameterDeclaration {
  readonly name: string;
  readonly type: ParameterType;
  /** True for a list of values of the type. */
  readonly list: boolean;
  /** Whether `null` is a value of it. */
  readonly nullable: boolean;
  /** True when it has no default, so that every run must give it. */
  readonly required: boolean;
  /** Missing when there is none, and in what is found from the text when the default is not a literal. */
  readonly default?: unknown;
  /** The values that it takes, or that the members of a list take. */
  readonly choices?: readonly unknown[];
  /** Smallest value of the number, or of the numbers in a list. */
  readonly min?: number;
  readonly max?: number;
  /** Whole numbers only. */
  readonly integer?: boolean;
  readonly description?: string;
}

/** A parameter as the text of a notebook declares it. */
export interface WrittenParameter extends ParameterDeclaration {
  /** The default as it is written, when it is not a literal. */
  readonly defaultSource?: string;
  /** False when something about it must be computed, so that a value can only be checked by running the cell. */
  readonly exact: boolean;
  /** How it is declared: by `parameters({ … })`, or as a variable in a cell tagged `parameters`. */
  readonly by: "call" | "tag";
  /** Number of the cell among the code cells. */
  readonly cell: number;
}

/** The parameters of a notebook. */
export interface WrittenParameters {
  readonly parameters: readonly WrittenParameter[];
  /** False when there may be others: the names of a call cannot all be read from the text. */
  readonly complete: boolean;
}

/** Names of the options of a parameter. */
export const parameterOptions = [
  "default",
  "type",
  "choices",
  "min",
  "max",
  "integer",
  "nullable",
  "description",
] as const;

/** Why a value or a declaration cannot be used: a clause, and what to do. */
export interface ParameterProblem {
  readonly reason: string;
  readonly remedy: string;
}

/** The type of a parameter for people: `whole number from 1 to 100`, `"fast" | "slow"`, `list of numbers`. */
export function parameterTypeText(parameter: ParameterDeclaration): string {
  const { type, list, choices, integer, nullable } = parameter;
  const one = choices
    ? choices.map((choice) => JSON.stringify(choice)).join(" | ")
    : integer
      ? "whole number"
      : type === "any"
        ? "any value"
        : type;
  const range = rangeText(parameter);
  const whole = list ? (choices ? `list of ${one}` : `list of ${one.replace(/^any value$/, "value")}s`) : one;
  return `${whole}${range === "" ? "" : ` ${range}`}${nullable && type !== "any" ? " or null" : ""}`;
}

function rangeText({ min, max }: Pick<ParameterDeclaration, "min" | "max">): string {
  if (min !== undefined && max !== undefined) return `from ${min} to ${max}`;
  return min !== undefined ? `of at least ${min}` : max !== undefined ? `of at most ${max}` : "";
}

/**
 * Brings a value to the type of a parameter. Text is read as the type asks: `"200"` is a number for a number, and stays text for text.
 * Returns what is wrong with it when it cannot be that value.
 */
export function parameterValue(
  parameter: ParameterDeclaration,
  given: unknown,
): { readonly value: unknown } | { readonly problem: ParameterProblem } {
  if (given === null || (given === "null" && parameter.type !== "string")) {
    if (parameter.nullable || parameter.type === "any") return { value: null };
    if (given === null) return wrong(parameter, given);
  }
  if (given === "null" && parameter.nullable) return { value: null };
  const value = parameter.list ? listValue(parameter, given) : oneValue(parameter, given);
  if (value === undefined) return wrong(parameter, given);
  for (const one of parameter.list ? (value as unknown[]) : [value])
    if (!isAdmitted(parameter, one)) return wrong(parameter, given);
  return { value };
}

function listValue(parameter: ParameterDeclaration, given: unknown): unknown[] | undefined {
  let members = given;
  if (typeof given === "string") {
    members = /^\s*\[/.test(given) ? json(given) : given.trim() === "" ? [] : given.split(",").map((one) => one.trim());
  }
  if (!Array.isArray(members)) return undefined;
  const values = members.map((member) => oneValue(parameter, member));
  return values.includes(undefined) ? undefined : values;
}

/** `undefined` when it cannot be such a value. */
function oneValue({ type }: ParameterDeclaration, given: unknown): unknown {
  switch (type) {
    case "number": {
      const value =
        typeof given === "string" && given.trim() !== "" ? Number(given.replace(/(?<=\d)_(?=\d)/g, "")) : given;
      return typeof value === "number" && Number.isFinite(value) ? value : undefined;
    }
    case "boolean":
      if (typeof given === "boolean") return given;
      if (typeof given !== "string") return undefined;
      return /^(true|yes|on|1)$/i.test(given.trim())
        ? true
        : /^(false|no|off|0)$/i.test(given.trim())
          ? false
          : undefined;
    case "string": {
      if (typeof given !== "string") return undefined;
      const quoted = given.startsWith('"') && given.endsWith('"') ? json(given) : undefined;
      return typeof quoted === "string" ? quoted : given;
    }
    case "object": {
      const value = typeof given === "string" ? json(given) : given;
      return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
    }
    default:
      return typeof given === "string" ? (json(given) ?? given) : given;
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAdmitted({ choices, min, max, integer }: ParameterDeclaration, value: unknown): boolean {
  if (choices && !choices.some((choice) => JSON.stringify(choice) === JSON.stringify(value))) return false;
  if (typeof value !== "number") return true;
  return (!integer || Number.isInteger(value)) && value >= (min ?? -Infinity) && value <= (max ?? Infinity);
}

function wrong(parameter: ParameterDeclaration, given: unknown): { readonly problem: ParameterProblem } {
  const { name, choices, list } = parameter;
  const text = typeof given === "string" ? given : (JSON.stringify(given) ?? String(given));
  const expected = parameterTypeText(parameter);
  const near = choices && typeof given === "string" && !list ? closest(given, choices.map(String)) : undefined;
  return {
    problem: {
      reason: `${name} is ${/^[aeiou]/.test(expected) ? "an" : /^"/.test(expected) ? "one of" : "a"} ${expected}, and ${text === "" ? "an empty text" : text.length > 60 ? `${text.slice(0, 57)}…` : text} is not`,
      remedy: near === undefined ? "See `assay run NOTEBOOK --help` for what it takes" : `Use ${near}`,
    },
  };
}

/** The name that is meant, when one is near enough: at most a third of its letters differ. */
export function closest(name: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((other) => ({ other, distance: distance(name.toLowerCase(), other.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best && best.distance <= Math.max(1, Math.ceil(Math.max(name.length, best.other.length) / 3))
    ? best.other
    : undefined;
}

/** How many letters must be inserted, removed or replaced (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
