import type { Output } from "../../kernel/protocol/outputs.ts";

/**
 * Makes a run of outputs shorter without changing what is seen in the end: text of one stream that follows itself is joined, and of the updates of
 * one display only the last is kept, at the place of the first. What stands before a `clear` that does not wait is dropped.
 */
export function coalesce(outputs: readonly Output[]): Output[] {
  const kept: Output[] = [];
  const updates = new Map<string, number>();
  let text: string[] = [];
  let stream: "stdout" | "stderr" | undefined;
  const endStream = () => {
    if (stream !== undefined) kept.push({ type: "stream", name: stream, text: text.join("") });
    stream = undefined;
    text = [];
  };
  for (const output of outputs) {
    if (output.type === "stream") {
      if (stream !== output.name) endStream();
      stream = output.name;
      text.push(output.text);
      continue;
    }
    if (output.type === "display" && output.update && output.displayId !== undefined) {
      const at = updates.get(output.displayId);
      if (at !== undefined) kept[at] = output;
      else {
        endStream();
        updates.set(output.displayId, kept.length);
        kept.push(output);
      }
      continue;
    }
    endStream();
    if (output.type === "clear" && !output.wait) {
      kept.length = 0;
      updates.clear();
    }
    kept.push(output);
  }
  endStream();
  return kept;
}

/**
 * The same with the order between stdout and stderr given up: all text of a stream up to the next other output becomes one. For cells that change
 * between the streams so often that VS Code could not show every change as an output of its own.
 */
export function coalesceStreams(outputs: readonly Output[]): Output[] {
  const kept: Output[] = [];
  let texts = { stdout: "", stderr: "" };
  const endStreams = () => {
    for (const name of ["stdout", "stderr"] as const)
      if (texts[name] !== "") kept.push({ type: "stream", name, text: texts[name] });
    texts = { stdout: "", stderr: "" };
  };
  for (const output of coalesce(outputs)) {
    if (output.type === "stream") {
      texts[output.name] += output.text;
      continue;
    }
    endStreams();
    kept.push(output);
  }
  endStreams();
  return kept;
}
