import {
  type ParameterDeclaration,
  type ParameterProblem,
  type ParameterType,
  parameterOptions,
  parameterTypes,
  parameterValue,
} from "./parameters.ts";

/** What is wrong with the declaration of a parameter. */
export interface DeclarationProblem extends ParameterProblem {
  readonly name: string;
}

/**
 * Brings what a notebook writes for a parameter, a default or options, into the one form.
 *
 * @param spec `200`, `"fast"`, `["a"]`, `null`, or `{ default: 200, min: 1 }`
 */
export function parameterDeclaration(name: string, spec: unknown): ParameterDeclaration | DeclarationProblem {
  if (!isObject(spec)) {
    const kind = kindOf(spec);
    if (kind === undefined)
      return problem(
        name,
        `${typeof spec} is no value of a parameter`,
        "Give a number, text, a boolean, a list or null",
      );
    return { name, ...kind, nullable: spec === null, required: false, default: spec };
  }
  const stranger = Object.keys(spec).find((key) => !(parameterOptions as readonly string[]).includes(key));
  if (stranger !== undefined)
    return problem(
      name,
      `"${stranger}" is no option of a parameter`,
      `Use ${parameterOptions.join(", ")}; an object as a value is written { default: { … } }`,
    );
  return withOptions(name, spec);
}

/** True when something is wrong. */
export function isProblem(one: ParameterDeclaration | DeclarationProblem): one is DeclarationProblem {
  return "reason" in one;
}

function withOptions(name: string, spec: Readonly<Record<string, unknown>>): ParameterDeclaration | DeclarationProblem {
  const { type: written, choices, min, max, integer, nullable, description } = spec;
  const required = spec.default === undefined;
  const named = typeof written === "string" ? namedType(written) : undefined;
  if (written !== undefined && !named)
    return problem(
      name,
      `its type ${JSON.stringify(written)} is none that a parameter can have`,
      `Use one of ${typeNames.join(", ")}`,
    );
  if (choices !== undefined && (!Array.isArray(choices) || choices.length === 0))
    return problem(name, "its choices are no list of values", "Give at least one, for example choices: [1, 2]");
  const byChoice = Array.isArray(choices) ? kindOf(choices[0]) : undefined;
  const byRange =
    min !== undefined || max !== undefined || integer === true ? { type: "number" as const, list: false } : undefined;
  const byDefault =
    required || spec.default === null
      ? undefined
      : isObject(spec.default)
        ? { type: "object" as const, list: false }
        : kindOf(spec.default);
  const isEmpty = Array.isArray(spec.default) && spec.default.length === 0;
  const hinted = byChoice ?? byRange;
  const kind = named ?? (isEmpty && hinted ? { ...hinted, list: true } : byDefault) ?? hinted;
  if (!kind && required) return problem(name, "it has neither a default nor a type", "Add default: … or type: …");
  for (const [option, value] of Object.entries({ min, max }))
    if (value !== undefined && typeof value !== "number")
      return problem(name, `its ${option} is no number`, `Give ${option} as a number`);
  const declaration: ParameterDeclaration = {
    name,
    ...(kind ?? { type: "any", list: false }),
    nullable: nullable === true || spec.default === null,
    required,
    ...(required ? {} : { default: spec.default }),
    ...(Array.isArray(choices) ? { choices } : {}),
    ...(typeof min === "number" ? { min } : {}),
    ...(typeof max === "number" ? { max } : {}),
    ...(integer === true ? { integer } : {}),
    ...(typeof description === "string" ? { description } : {}),
  };
  if (required) return declaration;
  const checked = parameterValue(declaration, spec.default);
  return "problem" in checked
    ? problem(name, `its default does not fit: ${checked.problem.reason}`, "Correct the default or the other options")
    : declaration;
}

const typeNames = [...parameterTypes, "integer", "number[]", "string[]", "boolean[]", "integer[]"] as const;

function namedType(name: string): Pick<ParameterDeclaration, "type" | "list" | "integer"> | undefined {
  if (!(typeNames as readonly string[]).includes(name)) return undefined;
  const one = name.replace("[]", "");
  const list = one !== name;
  return one === "integer" ? { type: "number", list, integer: true } : { type: one as ParameterType, list };
}

/** `undefined` for what no parameter can be. */
function kindOf(value: unknown): Pick<ParameterDeclaration, "type" | "list"> | undefined {
  if (value === null) return { type: "any", list: false };
  if (Array.isArray(value)) {
    const types = new Set(value.map((one) => typeof one));
    const [type = "any"] = types.size === 1 ? types : [];
    return {
      type: type === "number" || type === "string" || type === "boolean" || type === "object" ? type : "any",
      list: true,
    };
  }
  const type = typeof value;
  if (type === "number" || type === "string" || type === "boolean") return { type, list: false };
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function problem(name: string, reason: string, remedy: string): DeclarationProblem {
  return { name, reason, remedy };
}
