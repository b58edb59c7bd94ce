import * as vscode from "vscode";
import type { ExecutionReply, SessionEvent, SessionState } from "../../kernel/protocol/messages.ts";
import type { StaleEvent, StalenessMode } from "../../kernel/protocol/staleness.ts";
import type { VariableMethods } from "../../kernel/protocol/variables.ts";
import type { NodeRuntime } from "../kernel/find-node.ts";
import { ask } from "./ask.ts";
import type { Display } from "./cell-outputs.ts";
import { CellRun } from "./cell-run.ts";
import { cellsAbove, offerToGoOn } from "./kernel-trouble.ts";
import { cellId, readSettings } from "./metadata.ts";
import { type KernelSurroundings, NotebookKernel } from "./notebook-kernel.ts";

/** What a notebook session needs of its surroundings. */
export interface SessionSurroundings extends KernelSurroundings {
  readonly controller: vscode.NotebookController;
}

/** How the kernel of a notebook stands, for the status bar. */
export interface KernelStanding {
  readonly state: SessionState | "none";
  readonly detail?: string;
  /** Set after a crash until the next cell runs: how the cell process ended. Its variables are lost. */
  readonly crash?: string;
}

/** What the cells' process holds in memory. */
export type KernelMemory = Omit<Extract<SessionEvent, { type: "models" }>, "type">;

/** The kernel of one notebook as the editor sees it: started with the first cell, cells run one after the other, events go to their cells. */
export class NotebookSession implements vscode.Disposable {
  readonly notebook: vscode.NotebookDocument;
  readonly #surroundings: SessionSurroundings;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when the kernel's state changes. */
  readonly onDidChange = this.#changed.event;
  readonly #staleChanged = new vscode.EventEmitter<void>();
  /** Fires when other cells are stale than before. */
  readonly onDidChangeStale = this.#staleChanged.event;
  readonly #variablesChanged = new vscode.EventEmitter<void>();
  /** Fires when variables may have changed. */
  readonly onDidChangeVariables = this.#variablesChanged.event;
  readonly #displays = new Map<string, Display>();
  /** The last run of each cell, for late output. */
  readonly #runs = new Map<string, CellRun>();
  readonly #kernel: NotebookKernel;
  #standing: KernelStanding = { state: "none" };
  #queue: CellRun[] = [];
  #working = false;
  #crash: string | undefined;
  #crashedCell: vscode.NotebookCell | undefined;
  #stale: StaleEvent | undefined;
  #memory: KernelMemory = { open: [], memory: 0 };
  #interrupting = false;

  constructor(notebook: vscode.NotebookDocument, surroundings: SessionSurroundings) {
    this.notebook = notebook;
    this.#surroundings = surroundings;
    this.#kernel = new NotebookKernel(notebook, surroundings, {
      onEvent: (event) => this.#onEvent(event),
      onState: (state, detail) => this.#setStanding({ state, detail }),
      onExit: (reason) => this.#onExit(reason),
    });
  }

  get standing(): KernelStanding {
    return this.#standing;
  }

  get runtime(): NodeRuntime | undefined {
    return this.#kernel.runtime;
  }

  /** The store's folder, when the kernel told it. */
  get storeFolder(): string | undefined {
    return this.#kernel.storeFolder;
  }

  /** Starts the kernel's process, so that the first cell need not wait for it. Nothing runs in it yet. */
  prepare(): void {
    void this.#kernel.process().catch(() => {});
  }

  /** Queues cells; they run in this order, after those already queued. A cell that fails ends the queue. `automatic`: nobody asked for it. */
  run(cells: readonly vscode.NotebookCell[], automatic = false): void {
    for (const cell of cells) {
      if (this.#queue.some((run) => run.cell === cell)) continue;
      const run = new CellRun(cell, this.#surroundings.controller, this.#displays, automatic);
      this.#queue.push(run);
    }
    void this.#work();
  }

  /** Stops the running cell and forgets the queued ones. A second time, while the first is still waited for, it offers a restart. */
  async interrupt(): Promise<void> {
    this.#dropQueue();
    const kernel = await this.#kernel.opened();
    if (!kernel) return;
    if (this.#interrupting) return this.#offerRestart("The cell was asked to stop and still runs.");
    this.#interrupting = true;
    try {
      const { settled } = await kernel.request<{ settled: boolean }>("interrupt");
      if (!settled)
        void this.#offerRestart("The cell does not stop: it is inside native code, or holds on to the interrupt.");
    } finally {
      this.#interrupting = false;
    }
  }

  async #offerRestart(message: string): Promise<void> {
    const again = "Restart Kernel";
    const choice = await vscode.window.showWarningMessage(`${message} A restart ends it; variables are lost.`, again);
    if (choice === again) await this.restart();
  }

  /** Gives the notebook a fresh cell process. */
  async restart(): Promise<void> {
    this.#dropQueue();
    this.#crash = undefined;
    const kernel = await this.#kernel.opened();
    if (kernel) await kernel.request("restart");
    else await this.#kernel.open().catch(() => {});
  }

  /** Asks about variables; undefined while no kernel runs. Rejects where a value is gone, or cannot be looked at now. */
  async variables<K extends keyof VariableMethods>(
    method: K,
    parameters: VariableMethods[K]["params"],
  ): Promise<VariableMethods[K]["result"] | undefined> {
    const kernel = await this.#kernel.opened();
    return kernel?.request<VariableMethods[K]["result"]>(`variables/${method}`, parameters);
  }

  /** What the cells' process holds in memory; undefined while no kernel runs. */
  get memory(): KernelMemory | undefined {
    return this.#kernel.isOpen ? this.#memory : undefined;
  }

  /** Ends the kernel; the next cell starts a new one. */
  async stop(): Promise<void> {
    this.#dropQueue();
    this.#crash = undefined;
    const stopped = this.#kernel.stop();
    this.#setStale(undefined);
    this.#setStanding({ state: "none" });
    await stopped;
  }

  /** Asks the kernel process something that needs no session, for example about the language. Starts the process when there is none. */
  async request<T>(method: string, parameters?: unknown): Promise<T> {
    return (await this.#kernel.process()).request<T>(method, parameters);
  }

  /** Grows by one with every kernel process: what was told to an earlier one, this one does not know. */
  get generation(): number {
    return this.#kernel.generation;
  }

  dispose(): void {
    void this.stop();
    this.#changed.dispose();
    this.#staleChanged.dispose();
    this.#variablesChanged.dispose();
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    try {
      for (let run = this.#queue[0]; run; run = this.#queue[0]) {
        const ok = await this.#runOne(run);
        this.#queue = this.#queue.filter((other) => other !== run);
        if (!ok) this.#dropQueue();
      }
    } finally {
      this.#working = false;
    }
  }

  async #runOne(run: CellRun): Promise<boolean> {
    run.start();
    this.#runs.set(run.cellId, run);
    try {
      const kernel = await this.#kernel.open();
      const { mode, seed } = readSettings(this.notebook);
      await this.#kernel.tellCells(kernel);
      const asked = { cell: run.source(), mode, seed, ...(run.automatic ? { automatic: true } : {}) };
      const reply = await kernel.request<ExecutionReply>("execute", asked);
      await this.#kernel.written;
      await run.end(reply);
      if (reply.status === "ok") void vscode.commands.executeCommand("setContext", "assay.ranCell", true);
      return reply.status === "ok";
    } catch (error) {
      await run.fail("Kernel", messageOf(error));
      return false;
    }
  }

  /** Says that cells were added, removed, moved or edited; the kernel hears of it when the typing rests, or before the next cell runs. */
  cellsChanged(): void {
    this.#kernel.cellsChanged();
  }

  /** How the cells stand; undefined until the kernel told it. */
  get stale(): StaleEvent | undefined {
    return this.#stale;
  }

  /** Tells the kernel what to do about stale cells from now on. */
  async setStaleness(mode: StalenessMode): Promise<void> {
    const kernel = await this.#kernel.opened();
    await kernel?.request("notebook/staleness", { mode });
  }

  #setStale(event: StaleEvent | undefined): void {
    this.#stale = event;
    this.#staleChanged.fire();
    const wanted = new Map(this.notebook.getCells().map((cell) => [cellId(cell), cell]));
    const cells = (event?.run ?? []).flatMap((id) => wanted.get(id) ?? []);
    if (cells.length > 0) this.run(cells, true);
  }

  #onEvent(event: SessionEvent): void {
    switch (event.type) {
      case "state":
        if (event.state === "crashed") this.#noteCrash(event.detail ?? "");
        else if (event.state === "busy") this.#crash = undefined;
        this.#setStanding({ state: event.state, detail: event.detail });
        return;
      case "started":
        this.#runs.get(event.cellId)?.begin(event.executionId, event.executionCount);
        return;
      case "output":
        this.#runs.get(event.cellId)?.output(event.output);
        return;
      case "variables":
        this.#variablesChanged.fire();
        return;
      case "stale":
        this.#setStale(event);
        return;
      case "models":
        this.#memory = { open: event.open, memory: event.memory };
        this.#changed.fire();
        return;
      case "ask":
        void ask(event, this.notebook).then((text) => this.request("answer", { questionId: event.questionId, text }));
        return;
    }
  }

  #onExit(reason: string): void {
    this.#setStale(undefined);
    this.#noteCrash(reason);
    this.#setStanding({ state: "crashed", detail: reason });
  }

  /** Says that variables are lost, and offers to go on: everything above the cell that ran is one click away. */
  #noteCrash(how: string): void {
    this.#crash = how;
    this.#crashedCell = this.#queue[0]?.cell;
    void offerToGoOn(this, this.#crashedCell, how);
  }

  /** Runs the cells above the one that ran when the kernel crashed, which brings the variables back. */
  recover(): void {
    this.run(cellsAbove(this.notebook, this.#crashedCell));
  }

  #dropQueue(): void {
    const [running, ...waiting] = this.#queue;
    this.#queue = running ? [running] : [];
    for (const run of waiting) run.drop();
  }

  #setStanding(standing: KernelStanding): void {
    // What a process held is gone with it.
    if (standing.state !== "busy" && standing.state !== "idle") this.#memory = { open: [], memory: 0 };
    this.#standing = this.#crash === undefined ? standing : { ...standing, crash: this.#crash };
    this.#changed.fire();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
