import { isProblem, parameterDeclaration } from "../protocol/parameter-declaration.ts";
import { parameterValue } from "../protocol/parameters.ts";
import { problem } from "./errors.ts";
import { cellContext } from "./host.ts";

/** What a parameter can be. */
type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** Types by the name that the option `type` gives them. */
interface NamedTypes {
  number: number;
  integer: number;
  string: string;
  boolean: boolean;
  object: Readonly<Record<string, unknown>>;
  any: unknown;
  "number[]": number[];
  "integer[]": number[];
  "string[]": string[];
  "boolean[]": boolean[];
}

/** Options of a parameter. */
export interface ParameterOptions {
  /** Its value when a run gives none. Without one, every run must give the parameter. */
  readonly default?: Value;
  /** Needed where the default does not tell: without one, or when it is `null` or an empty list. */
  readonly type?: keyof NamedTypes;
  /** The values that it takes; of a list, those that its members take. */
  readonly choices?: readonly (string | number | boolean)[];
  /** Smallest number, also within a list. */
  readonly min?: number;
  /** Largest number, also within a list. */
  readonly max?: number;
  /** Whole numbers only. */
  readonly integer?: boolean;
  /** Whether `null` is a value. It is when the default is `null`. */
  readonly nullable?: boolean;
  /** What it is for: shown by `assay run NOTEBOOK --help`. */
  readonly description?: string;
}

/** What `parameters` takes: for each name a default, or options. */
export type ParameterSpecs = Readonly<
  Record<string, string | number | boolean | null | readonly Value[] | ParameterOptions>
>;

type Widened<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : T extends null
        ? null
        : T extends readonly []
          ? unknown[]
          : T extends readonly (infer M)[]
            ? Widened<M>[]
            : T extends object
              ? { readonly [K in keyof T]: Widened<T[K]> }
              : T;

type Choice<O> = O extends { readonly choices: readonly (infer C)[] } ? C : never;
type Numeric<O> = O extends { readonly min: number } | { readonly max: number } | { readonly integer: true }
  ? number
  : unknown;

/** The value of a parameter that is not `null`. */
type Present<O> = O extends { readonly type: infer N extends keyof NamedTypes }
  ? [Choice<O>] extends [never]
    ? NamedTypes[N]
    : N extends `${string}[]`
      ? Choice<O>[]
      : Choice<O>
  : O extends { readonly default: readonly unknown[] }
    ? [Choice<O>] extends [never]
      ? Widened<O["default"]>
      : Choice<O>[]
    : [Choice<O>] extends [never]
      ? O extends { readonly default: infer D }
        ? D extends null
          ? Numeric<O>
          : Widened<D>
        : Numeric<O>
      : Choice<O>;

/** The type of a parameter by what declares it. */
export type ParameterValue<S> = S extends null
  ? unknown
  : S extends string | number | boolean | readonly unknown[]
    ? Widened<S>
    : Present<S> | (S extends { readonly default: null } | { readonly nullable: true } ? null : never);

/** The values of parameters by name. */
export type ParameterValues<S extends ParameterSpecs> = { readonly [K in keyof S]: ParameterValue<S[K]> };

/**
 * Declares the parameters of a notebook and returns their values: the defaults, or what the run gave with `--param name=value`.
 *
 * ```ts
 * const params = parameters({
 *   steps: 200,
 *   mode: { default: "fast", choices: ["fast", "slow"], description: "how long to train" },
 *   learningRate: { default: 1e-3, min: 0, max: 1 },
 *   checkpoint: { default: null, type: "string" },
 * });
 * params.steps; // number
 * params.mode;  // "fast" | "slow"
 * ```
 *
 * Each value is checked, and kept in the record of the cell. `assay run NOTEBOOK --help` lists them without running anything, so
 * write defaults as literals where you can.
 *
 * @throws AssayError `parameter.value` for a value of the wrong type, outside its range or choices; `parameter.missing` when one
 *   without a default is not given; `parameter.declaration` when a declaration contradicts itself
 */
export function parameters<const S extends ParameterSpecs>(specs: S): ParameterValues<S> {
  if (typeof specs !== "object" || specs === null || Array.isArray(specs))
    throw problem.parameterDeclaration("parameters", "it takes an object", "Write parameters({ steps: 200 })");
  const { parameters: given = {}, record } = cellContext();
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const declared = parameterDeclaration(name, spec);
    if (isProblem(declared)) throw problem.parameterDeclaration(name, declared.reason, declared.remedy);
    if (!Object.hasOwn(given, name)) {
      if (declared.required) throw problem.parameterMissing(name);
      values[name] = copy(declared.default);
    } else {
      const checked = parameterValue(declared, given[name]);
      if ("problem" in checked) throw problem.parameterValue(name, checked.problem.reason, checked.problem.remedy);
      values[name] = copy(checked.value);
    }
  }
  for (const [name, value] of Object.entries(values)) record({ type: "param", name, value });
  return Object.freeze(values) as ParameterValues<S>;
}

/** A cell may change a list that it got; the next run of the cell starts from the declared one. */
function copy(value: unknown): unknown {
  return typeof value === "object" && value !== null ? structuredClone(value) : value;
}
