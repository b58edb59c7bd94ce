import type { Output } from "../../kernel/protocol/outputs.ts";
import type { Observation } from "./judge.ts";

/** What the outputs of a session show. */
export function fromOutputs(outputs: readonly Output[]): Omit<Observation, "status"> {
  const stream = (name: string) =>
    outputs.map((one) => (one.type === "stream" && one.name === name ? one.text : "")).join("");
  const result = outputs.find((one) => one.type === "result");
  const error = outputs.find((one) => one.type === "error");
  return {
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    result: result ? plain(result.data) : null,
    displays: outputs.flatMap((one) => (one.type === "display" ? [plain(one.data)] : [])),
    error: error ? { ...error, traceback: error.traceback.join("\n") } : null,
  };
}

/** What the outputs in a notebook file show. */
export function fromNotebook(outputs: readonly Readonly<Record<string, unknown>>[]): Omit<Observation, "status"> {
  return fromOutputs(
    outputs.map((one): Output => {
      const data = one.data as Record<string, unknown>;
      if (one.output_type === "stream")
        return { type: "stream", name: one.name as "stdout" | "stderr", text: joined(one.text) };
      if (one.output_type === "error")
        return {
          type: "error",
          ename: String(one.ename),
          evalue: String(one.evalue),
          traceback: one.traceback as string[],
        };
      return one.output_type === "execute_result" ? { type: "result", data } : { type: "display", data };
    }),
  );
}

function plain(data: Readonly<Record<string, unknown>>): string {
  return joined(data["text/plain"] ?? "");
}

function joined(text: unknown): string {
  return Array.isArray(text) ? text.join("") : String(text);
}
