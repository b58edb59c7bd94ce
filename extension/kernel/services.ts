import type * as vscode from "vscode";
import type { RecordMethods } from "../../kernel/protocol/record-methods.ts";
import type { NodeRuntime } from "./find-node.ts";
import type { KernelProcess, StartProcess } from "./kernel-process.ts";

/** Milliseconds without a question after which the process ends and gives its memory back. */
const idle = 120_000;

export interface ServicesOptions {
  readonly entry: string;
  readonly folder: string;
  readonly log: vscode.LogOutputChannel;
  readonly findRuntime: () => Promise<NodeRuntime>;
  readonly start: StartProcess;
}

/** Answers what belongs to no notebook, above all about records: one kernel process without a session, started when something is asked. */
export class Services implements vscode.Disposable {
  readonly #options: ServicesOptions;
  #process: Promise<KernelProcess> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ServicesOptions) {
    this.#options = options;
  }

  /** Asks about records. Rejects with the problem when the question cannot be answered. */
  async records<K extends keyof RecordMethods>(
    method: K,
    parameters: RecordMethods[K]["params"],
  ): Promise<RecordMethods[K]["result"]> {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#stop(), idle);
    this.#process ??= this.#start();
    return (await this.#process).request<RecordMethods[K]["result"]>(`records/${method}`, parameters);
  }

  async #start(): Promise<KernelProcess> {
    const { entry, folder, log, findRuntime, start } = this.#options;
    try {
      const runtime = await findRuntime();
      return await start({
        runtime,
        entry,
        folder,
        onLog: (text) => log.info(text.trimEnd()),
        onExit: () => {
          this.#process = undefined;
        },
      });
    } catch (error) {
      this.#process = undefined;
      throw error;
    }
  }

  #stop(): void {
    const process = this.#process;
    this.#process = undefined;
    void process?.then((kernel) => kernel[Symbol.asyncDispose]()).catch(() => {});
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#stop();
  }
}
