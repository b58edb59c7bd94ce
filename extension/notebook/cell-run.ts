import type * as vscode from "vscode";
import type { CellSource, ExecutionReply } from "../../kernel/protocol/messages.ts";
import type { Output } from "../../kernel/protocol/outputs.ts";
import { CellOutputs, type Display } from "./cell-outputs.ts";
import { cellId, sourceOf } from "./metadata.ts";
import { linkRecord } from "./record-link.ts";

/**
 * One run of one cell in the editor: pending, running, ended, and after that still the owner of what comes late. VS Code accepts outputs only
 * during an execution, so late output opens a short one that keeps the times and the verdict of the first.
 */
export class CellRun {
  readonly cell: vscode.NotebookCell;
  readonly cellId: string;
  /** Runs because something above it changed, not because somebody asked. */
  readonly automatic: boolean;
  readonly #controller: vscode.NotebookController;
  readonly #outputs: CellOutputs;
  readonly #execution: vscode.NotebookCellExecution;
  #state: "pending" | "running" | "ended" = "pending";
  #started = 0;
  #ended = 0;
  #success: boolean | undefined;
  #executionCount: number | undefined;
  #late: Output[] = [];
  #delivering = false;

  constructor(
    cell: vscode.NotebookCell,
    controller: vscode.NotebookController,
    displays: Map<string, Display>,
    automatic = false,
  ) {
    this.cell = cell;
    this.automatic = automatic;
    this.cellId = cellId(cell);
    this.#controller = controller;
    this.#execution = controller.createNotebookCellExecution(cell);
    this.#outputs = new CellOutputs(cell, displays, (display, items) => replaceElsewhere(controller, display, items));
  }

  /** What the session is asked to run. */
  source(): CellSource {
    return sourceOf(this.cell);
  }

  /** Shows the cell as running, without its earlier outputs. */
  start(): void {
    this.#state = "running";
    this.#started = Date.now();
    this.#execution.start(this.#started);
    // What the cell puts out comes after it, in the order of the calls.
    if (this.cell.outputs.length > 0) this.#execution.clearOutput().then(undefined, () => {});
  }

  /** The kernel began with the cell. */
  begin(_executionId: string, executionCount: number): void {
    this.#executionCount = executionCount;
    if (this.#state === "running") this.#execution.executionOrder = executionCount;
  }

  /** Takes an output, in time or late. */
  output(output: Output): void {
    if (this.#state === "running") this.#outputs.add(output, this.#execution, this.#executionCount);
    else if (this.#state === "ended") {
      this.#late.push(output);
      void this.#deliverLate();
    }
  }

  /** Ends the run as the kernel said. */
  async end(reply: ExecutionReply): Promise<void> {
    this.begin(reply.executionId, reply.executionCount);
    if (reply.contentId !== undefined) await linkRecord(this.cell, reply.contentId);
    await this.#finish(reply.status === "aborted" ? undefined : reply.status === "ok");
  }

  /** Ends the run with an error that is not the cell's: the kernel could not run it. */
  async fail(name: string, message: string): Promise<void> {
    this.output({ type: "error", ename: name, evalue: message, traceback: [message] });
    await this.#finish(false);
  }

  /** Takes back a run that has not started. */
  drop(): void {
    if (this.#state !== "pending") return;
    this.#state = "ended";
    this.#execution.start();
    this.#execution.end(undefined);
  }

  async #finish(success: boolean | undefined): Promise<void> {
    await this.#outputs.flush(this.#execution, this.#executionCount);
    if (this.#state !== "running") return;
    // A notebook that was closed meanwhile has nothing to tidy.
    await this.#outputs.tidy(this.#execution).catch(() => {});
    this.#state = "ended";
    this.#ended = Date.now();
    this.#success = success;
    this.#execution.end(success, this.#ended);
  }

  async #deliverLate(): Promise<void> {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      // What comes close together is shown together.
      await new Promise((resolve) => setTimeout(resolve, 60));
      while (this.#late.length > 0) {
        const batch = this.#late;
        this.#late = [];
        await brieflyRunning(
          this.#controller,
          this.cell,
          { ...this.#times(), order: this.#executionCount },
          async (execution) => {
            for (const output of batch) this.#outputs.add(output, execution, this.#executionCount);
            await this.#outputs.flush(execution, this.#executionCount);
            await this.#outputs.tidy(execution);
          },
        );
      }
    } catch {
      // The cell runs again, or is gone: what it said late has no place any more.
    } finally {
      this.#delivering = false;
    }
  }

  #times() {
    return { started: this.#started, ended: this.#ended, success: this.#success };
  }
}

interface Times {
  readonly started?: number;
  readonly ended?: number;
  readonly success?: boolean;
  readonly order?: number;
}

async function brieflyRunning(
  controller: vscode.NotebookController,
  cell: vscode.NotebookCell,
  times: Times,
  write: (execution: vscode.NotebookCellExecution) => Promise<void>,
): Promise<void> {
  const execution = controller.createNotebookCellExecution(cell);
  execution.executionOrder = times.order;
  execution.start(times.started);
  try {
    await write(execution);
  } finally {
    execution.end(times.success, times.ended);
  }
}

async function replaceElsewhere(
  controller: vscode.NotebookController,
  { cell, output }: Display,
  items: vscode.NotebookCellOutputItem[],
): Promise<void> {
  const { timing, success, executionOrder } = cell.executionSummary ?? {};
  const times = { started: timing?.startTime, ended: timing?.endTime, success, order: executionOrder };
  await brieflyRunning(controller, cell, times, async (execution) => {
    await execution.replaceOutputItems(items, output);
  });
}
