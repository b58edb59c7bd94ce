import { assayMime } from "../protocol/mime.ts";
import type { Output } from "../protocol/outputs.ts";
import { lines, type NotebookOutput } from "./notebook-file.ts";

/** Collects what a cell puts out, with updates in place, in the form of nbformat. */
export class CellOutputs {
  #outputs: Exclude<Output, { type: "clear" }>[] = [];
  #clearNext = false;

  add(output: Output): void {
    if (output.type === "clear") {
      if (output.wait) this.#clearNext = true;
      else this.#outputs = [];
      return;
    }
    if (output.type === "display" && output.update) {
      this.update(output);
      return;
    }
    if (this.#clearNext) {
      this.#outputs = [];
      this.#clearNext = false;
    }
    const last = this.#outputs.at(-1);
    if (output.type === "stream" && last?.type === "stream" && last.name === output.name)
      this.#outputs[this.#outputs.length - 1] = { ...last, text: last.text + output.text };
    else this.#outputs.push(output);
  }

  /** Replaces the displays of the same id. Returns false when there is none here. */
  update(output: Extract<Output, { type: "display" }>): boolean {
    let found = false;
    for (const [at, one] of this.#outputs.entries()) {
      if (one.type !== "display" || one.displayId !== output.displayId) continue;
      this.#outputs[at] = { ...output, update: false };
      found = true;
    }
    return found;
  }

  /** True when an error was put out. */
  get failed(): boolean {
    return this.#outputs.some((one) => one.type === "error");
  }

  /** The outputs as nbformat keeps them. */
  toNotebook(executionCount: number | null): NotebookOutput[] {
    return this.#outputs.filter(isLasting).map((output): NotebookOutput => {
      if (output.type === "stream")
        return { output_type: "stream", name: output.name, text: lines(foldedText(output.text)) };
      if (output.type === "error") {
        const { ename, evalue, traceback } = output;
        return { output_type: "error", ename, evalue, traceback };
      }
      const data = Object.fromEntries(Object.entries(output.data).map(([mime, value]) => [mime, kept(mime, value)]));
      const metadata = { ...output.metadata };
      if (output.type === "result")
        return { output_type: "execute_result", execution_count: executionCount, data, metadata };
      return { output_type: "display_data", data, metadata };
    });
  }
}

/** A progress bar that ran to its end says nothing later, and its times would make a file differ from run to run. */
function isLasting(output: Output): boolean {
  if (output.type !== "display" || !output.transient) return true;
  const progress = output.data[assayMime("progress")] as { readonly state?: unknown } | undefined;
  return progress?.state !== "done";
}

/** Text is kept in lines, everything else as it is. */
function kept(mime: string, value: unknown): unknown {
  return typeof value === "string" && /^text\/|\+xml$|\/javascript$/.test(mime) ? lines(value) : value;
}

/** What a terminal would show of lines that were written over with carriage returns. */
function foldedText(text: string): string {
  return text.includes("\r") ? text.replace(/\r\n/g, "\n").replace(/^[^\n]*\r(?=[^\n])/gm, "") : text;
}
