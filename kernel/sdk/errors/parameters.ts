import { AssayError } from "../../protocol/problem.ts";

/** Problems with the parameters of a notebook. */
export const parametersProblems = {
  parameterValue: (name: string, reason: string, remedy: string) =>
    new AssayError({ code: "parameter.value", input: `parameter ${name}`, reason, remedy }),
  parameterMissing: (name: string) =>
    new AssayError({
      code: "parameter.missing",
      input: `parameter ${name}`,
      reason: "it has no default and was not given",
      remedy: `Run with --param ${name}=…, or declare a default`,
    }),
  parameterDeclaration: (name: string, reason: string, remedy: string) =>
    new AssayError({ code: "parameter.declaration", input: `parameter ${name}`, reason, remedy }),
} as const;
