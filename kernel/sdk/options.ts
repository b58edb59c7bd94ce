import type { z } from "zod";
import { problem } from "./errors.ts";

/**
 * Checks the options of a call against a schema and fills in its defaults.
 *
 * @param call how the user writes the call, `generate.image`
 * @param remedies what to do by option name; without one the remedy is to correct the option
 * @throws AssayError `option.invalid` naming the first wrong option, its value and the remedy
 */
export function checkOptions<S extends z.ZodType>(
  call: string,
  schema: S,
  options: unknown,
  remedies: Readonly<Record<string, string>> = {},
): z.output<S> {
  const result = schema.safeParse(options, { reportInput: true });
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  if (issue.code === "unrecognized_keys") {
    throw problem.invalidOption(
      call,
      issue.keys[0]!,
      "given",
      "there is no such option",
      remedies[""] ?? "Leave it out",
    );
  }
  const path = issue.path
    .map((part, i) => (typeof part === "number" ? `[${part}]` : `${i > 0 ? "." : ""}${String(part)}`))
    .join("");
  const option = String(issue.path[0] ?? "");
  const reason = issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  throw problem.invalidOption(
    call,
    path,
    brief(issue.input),
    reason,
    remedies[option] ?? `Correct the option ${option || "object"}`,
  );
}

/** A value as a message shows it: short. */
function brief(value: unknown): string {
  if (value === undefined) return "undefined";
  if (typeof value === "function") return "a function";
  let text: string;
  try {
    text = typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? String(value));
  } catch {
    text = String(value);
  }
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
