import type { ExecutionStatus } from "../protocol/messages.ts";
import { assayMime } from "../protocol/mime.ts";
import type { Output } from "../protocol/outputs.ts";

type Display = Extract<Output, { type: "display" }>;
type Stopped = "failed" | "interrupted";

const mime = assayMime("progress");

/** The progress bars of one execution that have not ended: when the cell is stopped nobody else is left to say so. */
export class OpenBars {
  readonly #bars = new Map<string, Display>();

  see(output: Output): void {
    if (output.type !== "display" || output.displayId === undefined || !(mime in output.data)) return;
    if (stateOf(output.data[mime]) === "running") this.#bars.set(output.displayId, output);
    else this.#bars.delete(output.displayId);
  }

  /** What ends the bars. A cell that ended well may go on in the background, and its bars with it. */
  end(status: ExecutionStatus): Display[] {
    const open = [...this.#bars.values()];
    this.#bars.clear();
    if (status === "ok" || status === "aborted") return [];
    const state = status === "interrupted" ? "interrupted" : "failed";
    return open.map((output) => stopped(output, state));
  }
}

function stopped(output: Display, state: Stopped): Display {
  const bar = output.data[mime] as { readonly parts?: readonly object[] };
  const parts = bar.parts?.map((part) => (stateOf(part) === "running" ? withState(part, state) : part));
  const data = {
    ...output.data,
    [mime]: { ...withState(bar, state), ...(parts && { parts }) },
    "text/plain": `${output.data["text/plain"]} · ${state}`,
  };
  return { ...output, data, update: true };
}

function withState(bar: object, state: Stopped): object {
  const { remaining: _, ...rest } = bar as { readonly remaining?: unknown };
  return { ...rest, state };
}

function stateOf(bar: unknown): unknown {
  return typeof bar === "object" && bar !== null && "state" in bar ? bar.state : undefined;
}
