import * as vscode from "vscode";
import type { ExecutionReply, NotebookInfo, SessionEvent, SessionState } from "../../kernel/protocol/messages.ts";
import { type Connection, type ConnectionOptions, connect } from "../kernel/connection.ts";
import type { NodeRuntime } from "../kernel/find-node.ts";
import { ask } from "./ask.ts";
import type { Display } from "./cell-outputs.ts";
import { CellRun } from "./cell-run.ts";
import { readSettings, writeSettings } from "./metadata.ts";

/** What a notebook session needs of its surroundings. */
export interface SessionSurroundings {
  readonly controller: vscode.NotebookController;
  readonly log: vscode.LogOutputChannel;
  /** The session's program: `dist/kernel/main.js`. */
  readonly entry: string;
  readonly findRuntime: () => Promise<NodeRuntime>;
  readonly connect?: (options: ConnectionOptions) => Promise<Connection>;
}

/** How the kernel of a notebook stands, for the status bar. */
export interface KernelStanding {
  readonly state: SessionState | "none";
  readonly detail?: string;
}

/** The kernel of one notebook as the editor sees it: started with the first cell, cells run one after the other, events go to their cells. */
export class NotebookSession implements vscode.Disposable {
  readonly notebook: vscode.NotebookDocument;
  readonly #surroundings: SessionSurroundings;
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires when the kernel's state changes. */
  readonly onDidChange = this.#changed.event;
  readonly #displays = new Map<string, Display>();
  /** The last run of each cell, for late output. */
  readonly #runs = new Map<string, CellRun>();
  #connecting: Promise<Connection> | undefined;
  #connection: Connection | undefined;
  #standing: KernelStanding = { state: "none" };
  #runtime: NodeRuntime | undefined;
  #queue: CellRun[] = [];
  #working = false;

  constructor(notebook: vscode.NotebookDocument, surroundings: SessionSurroundings) {
    this.notebook = notebook;
    this.#surroundings = surroundings;
  }

  get standing(): KernelStanding {
    return this.#standing;
  }

  get runtime(): NodeRuntime | undefined {
    return this.#runtime;
  }

  /** The store's folder, when the kernel told it. */
  get storeFolder(): string | undefined {
    return this.#connection?.facts.storeFolder;
  }

  /** Queues cells; they run in this order, after those already queued. A cell that fails ends the queue. */
  run(cells: readonly vscode.NotebookCell[]): void {
    for (const cell of cells) {
      if (this.#queue.some((run) => run.cell === cell)) continue;
      const run = new CellRun(cell, this.#surroundings.controller, this.#displays);
      this.#queue.push(run);
    }
    void this.#work();
  }

  /** Stops the running cell and forgets the queued ones. */
  async interrupt(): Promise<void> {
    this.#dropQueue();
    const settled = await this.#connection?.interrupt();
    if (settled !== false) return;
    const again = "Restart Kernel";
    const message =
      "The cell does not stop: it is inside native code, or holds on to the interrupt. A restart ends it, and variables are gone.";
    if ((await vscode.window.showWarningMessage(message, again)) === again) await this.restart();
  }

  /** Gives the notebook a fresh cell process; a kernel that never started is started. */
  async restart(): Promise<void> {
    this.#dropQueue();
    if (!this.#connecting) return;
    const connection = await this.#connecting.catch(() => undefined);
    if (connection) await connection.restart();
  }

  /** Ends the kernel; the next cell starts a new one. */
  async stop(): Promise<void> {
    this.#dropQueue();
    const connecting = this.#connecting;
    this.#connecting = undefined;
    this.#connection = undefined;
    this.#setStanding({ state: "none" });
    const connection = await connecting?.catch(() => undefined);
    await connection?.[Symbol.asyncDispose]();
  }

  dispose(): void {
    void this.stop();
    this.#changed.dispose();
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
    await run.start();
    let connection: Connection;
    try {
      connection = await this.#connect();
    } catch (error) {
      await run.fail("Kernel", error instanceof Error ? error.message : String(error));
      return false;
    }
    this.#runs.set(run.cellId, run);
    let reply: ExecutionReply;
    try {
      const { mode, seed } = readSettings(this.notebook);
      reply = await connection.execute(run.source(), { mode, seed });
    } catch (error) {
      await run.fail("Kernel", error instanceof Error ? error.message : String(error));
      return false;
    }
    await run.end(reply);
    return reply.status === "ok";
  }

  #connect(): Promise<Connection> {
    this.#connecting ??= this.#start().catch((error: unknown) => {
      this.#connecting = undefined;
      this.#setStanding({ state: "crashed", detail: error instanceof Error ? error.message : String(error) });
      throw error;
    });
    return this.#connecting;
  }

  async #start(): Promise<Connection> {
    const { log, entry, findRuntime } = this.#surroundings;
    this.#setStanding({ state: "starting" });
    const runtime = await findRuntime();
    this.#runtime = runtime;
    log.info(`Starting a kernel for ${this.notebook.uri.fsPath} on Node ${runtime.version} from ${runtime.origin}`);
    const settings = await writeSettings(this.notebook);
    const notebook: NotebookInfo = { path: notebookPath(this.notebook), ...settings, ...kernelOptions() };
    const connection = await (this.#surroundings.connect ?? connect)({
      runtime,
      entry,
      notebook,
      onEvent: (event) => this.#onEvent(event),
      onLog: (text) => log.info(text.trimEnd()),
      onExit: (reason) => this.#onExit(reason),
    });
    this.#connection = connection;
    if (this.#standing.state === "starting") this.#setStanding({ state: "idle" });
    return connection;
  }

  #onEvent(event: SessionEvent): void {
    switch (event.type) {
      case "state":
        this.#setStanding({ state: event.state, detail: event.detail });
        return;
      case "started":
        this.#runs.get(event.cellId)?.begin(event.executionId, event.executionCount);
        return;
      case "output":
        this.#runs.get(event.cellId)?.output(event.output);
        return;
      case "ask":
        void ask(event, this.notebook).then((text) => this.#connection?.answer(event.questionId, text));
        return;
    }
  }

  #onExit(reason: string): void {
    this.#connecting = undefined;
    this.#connection = undefined;
    this.#setStanding({ state: "crashed", detail: reason });
    this.#surroundings.log.error(`The kernel of ${this.notebook.uri.fsPath} ${reason}`);
  }

  #dropQueue(): void {
    const [running, ...waiting] = this.#queue;
    this.#queue = running ? [running] : [];
    for (const run of waiting) run.drop();
  }

  #setStanding(standing: KernelStanding): void {
    this.#standing = standing;
    this.#changed.fire();
  }
}

/** Where the notebook lies; an unsaved one counts as lying in the first workspace folder. */
function notebookPath(notebook: vscode.NotebookDocument): string {
  if (notebook.uri.scheme === "file" || notebook.uri.scheme === "vscode-remote") return notebook.uri.fsPath;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(process.cwd());
  const name = notebook.uri.path.split("/").at(-1) || "untitled.ipynb";
  return vscode.Uri.joinPath(folder, name).fsPath;
}

function kernelOptions(): Pick<NotebookInfo, "store" | "inlineLimit"> {
  const configuration = vscode.workspace.getConfiguration("assay");
  const store = configuration.get<string>("store", "");
  return { ...(store === "" ? {} : { store }), inlineLimit: configuration.get<number>("inlineLimit", 65_536) };
}
