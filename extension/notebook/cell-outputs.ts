import * as vscode from "vscode";
import { assayMime } from "../../kernel/protocol/mime.ts";
import type { Output } from "../../kernel/protocol/outputs.ts";
import { coalesce, coalesceStreams } from "./coalesce.ts";
import { itemsOf, outputOf, streamItem } from "./output-items.ts";

/** The part of a cell execution that writes outputs. */
export type OutputTarget = Pick<
  vscode.NotebookCellExecution,
  "appendOutput" | "appendOutputItems" | "replaceOutputItems" | "replaceOutput" | "clearOutput"
>;

/** Milliseconds that outputs gather before they are shown together. */
const gatherTime = 40;
/** VS Code shows at most 500 outputs per cell: from here on text joins the last output of its stream, even out of order. */
const outputsBeforeJoining = 100;

/** Where a named display stands. */
export interface Display {
  readonly cell: vscode.NotebookCell;
  readonly output: vscode.NotebookCellOutput;
}

/**
 * The outputs of one cell. They are gathered for a moment and joined, and the next batch waits until VS Code took the one before, so that a flood of
 * output costs memory here, not the responsiveness of the editor.
 */
export class CellOutputs {
  readonly #cell: vscode.NotebookCell;
  readonly #displays: Map<string, Display>;
  readonly #elsewhere: (display: Display, items: vscode.NotebookCellOutputItem[]) => Promise<void>;
  readonly #streams = new Map<string, vscode.NotebookCellOutput>();
  #last: { readonly name: string; readonly output: vscode.NotebookCellOutput } | undefined;
  #count = 0;
  #clearNext = false;
  /** All outputs of the cell, in order, as they are known to the editor. */
  #made: vscode.NotebookCellOutput[] = [];
  #unsent: vscode.NotebookCellOutput[] = [];
  #waiting: Output[] = [];
  #writing: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * `displays` is shared by the cells of a notebook: a cell may update what another one showed. `elsewhere` replaces the items of a display in a cell
   * that is not this one.
   */
  constructor(
    cell: vscode.NotebookCell,
    displays: Map<string, Display>,
    elsewhere: (display: Display, items: vscode.NotebookCellOutputItem[]) => Promise<void>,
  ) {
    this.#cell = cell;
    this.#displays = displays;
    this.#elsewhere = elsewhere;
  }

  /** Takes an output; it is shown through `target` soon. */
  add(output: Output, target: OutputTarget, executionCount?: number): void {
    this.#waiting.push(output);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#write(target, executionCount);
    }, gatherTime);
  }

  /** Shows all that came so far, and resolves when VS Code took it. */
  async flush(target: OutputTarget, executionCount?: number): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#write(target, executionCount);
    await this.#writing;
  }

  /**
   * Takes away progress that ran to its end: it says nothing later, and its times would make the file differ from run to run. To be called after
   * `flush`, when the cell ends.
   */
  async tidy(target: OutputTarget): Promise<void> {
    const before = this.#cell.outputs;
    const kept = before.filter((output) => !isFinishedProgress(output));
    if (kept.length === before.length) return;
    const made = this.#made.filter((_, at) => before[at] && !isFinishedProgress(before[at]));
    // Under their old ids the editor would take the outputs for those that go.
    await target.replaceOutput(kept.map(({ items, metadata }) => new vscode.NotebookCellOutput(items, metadata)));
    const after = new Map(made.map((output, at) => [output, this.#cell.outputs[at] ?? output]));
    this.#made = [...after.values()];
    for (const [name, output] of this.#streams) this.#streams.set(name, after.get(output) ?? output);
    if (this.#last) this.#last = { ...this.#last, output: after.get(this.#last.output) ?? this.#last.output };
    for (const [id, { cell, output }] of this.#displays) {
      const now = after.get(output);
      if (cell === this.#cell && now) this.#displays.set(id, { cell, output: now });
    }
  }

  #write(target: OutputTarget, executionCount: number | undefined): void {
    this.#writing = this.#writing.then(async () => {
      const batch = this.#count >= outputsBeforeJoining ? coalesceStreams(this.#waiting) : coalesce(this.#waiting);
      this.#waiting = [];
      for (const output of batch) await this.#show(output, target, executionCount);
      await this.#send(target);
    });
    this.#writing = this.#writing.catch(() => {
      // The notebook was closed, or the cell deleted, while it wrote.
    });
  }

  /** Hands the outputs that are new in this batch to VS Code, in one call. */
  async #send(target: OutputTarget): Promise<void> {
    if (this.#unsent.length === 0) return;
    const unsent = this.#unsent;
    this.#unsent = [];
    await target.appendOutput(unsent);
  }

  #append(output: vscode.NotebookCellOutput): void {
    this.#count++;
    this.#made.push(output);
    this.#unsent.push(output);
  }

  async #show(output: Output, target: OutputTarget, executionCount: number | undefined): Promise<void> {
    if (output.type === "clear") {
      await this.#send(target);
      if (output.wait) this.#clearNext = true;
      else await this.#clear(target);
      return;
    }
    if (this.#clearNext) {
      await this.#send(target);
      await this.#clear(target);
    }
    if (output.type === "stream") return this.#stream(output.name, output.text, target);
    if (output.type === "display" && output.update && output.displayId !== undefined) {
      const display = this.#displays.get(output.displayId);
      if (display) {
        const items = itemsOf(output.data);
        await this.#send(target);
        if (display.cell === this.#cell) await target.replaceOutputItems(items, display.output);
        else await this.#elsewhere(display, items);
        return;
      }
    }
    const made = outputOf(output, executionCount);
    this.#last = undefined;
    this.#append(made);
    if (output.type === "display" && output.displayId !== undefined) {
      this.#displays.set(output.displayId, { cell: this.#cell, output: made });
    }
  }

  async #stream(name: "stdout" | "stderr", text: string, target: OutputTarget): Promise<void> {
    const earlier = this.#count >= outputsBeforeJoining ? this.#streams.get(name) : undefined;
    const open = this.#last?.name === name ? this.#last.output : earlier;
    if (open) {
      if (this.#unsent.includes(open)) open.items.push(streamItem(name, text));
      else await target.appendOutputItems(streamItem(name, text), open);
      return;
    }
    const made = outputOf({ type: "stream", name, text });
    this.#last = { name, output: made };
    this.#streams.set(name, made);
    this.#append(made);
  }

  async #clear(target: OutputTarget): Promise<void> {
    this.#clearNext = false;
    this.#last = undefined;
    this.#streams.clear();
    this.#count = 0;
    this.#made = [];
    for (const [id, display] of this.#displays) if (display.cell === this.#cell) this.#displays.delete(id);
    await target.clearOutput();
  }
}

const progressMime = assayMime("progress");

function isFinishedProgress({ items }: vscode.NotebookCellOutput): boolean {
  const item = items.find(({ mime }) => mime === progressMime);
  if (!item) return false;
  const { state } = JSON.parse(new TextDecoder().decode(item.data)) as { readonly state?: unknown };
  return state === "done";
}
