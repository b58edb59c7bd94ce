import { AssayError } from "../../protocol/problem.ts";

/** Problems with options of a call. */
export const optionsProblems = {
  wrongOption: (option: string, value: string, expected: string) =>
    new AssayError({
      code: "option.wrong",
      input: `option ${option}`,
      reason: `it is ${value}, and it must be ${expected}`,
      remedy: `Give ${option} as ${expected}`,
    }),
  invalidOption: (call: string, option: string, value: string, reason: string, remedy: string) =>
    new AssayError({
      code: "option.invalid",
      input: option === "" ? call : `${call}, option ${option} (${value})`,
      reason,
      remedy,
    }),
} as const;
