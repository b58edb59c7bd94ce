import { Worker } from "node:worker_threads";
import { entryPoint } from "../protocol/entry-points.ts";
import type { CellDiagnostic, LanguageCell, LanguageService } from "../protocol/language.ts";
import { assayTypesFile } from "./assay-types.ts";
import type { LanguageMethod, WorkerAnswer, WorkerQuestion, WorkerStart } from "./worker-protocol.ts";

export interface LanguageServiceOptions {
  /** Absolute folder of the notebook: where its imports start. */
  readonly folder: string;
  /** File with the types of "assay" (`.ts` or `.d.ts`). Default: those that come with Assay. */
  readonly assayTypes?: string;
  /** Milliseconds without a question after which the thread ends and gives its memory back. Default ten minutes; 0 keeps it. */
  readonly idle?: number;
}

interface Asked {
  readonly method: LanguageMethod;
  readonly args: readonly unknown[];
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Megabytes for short-lived objects: a compiler makes many, and collecting them often is a quarter of its time. */
const youngGeneration = 64;

/**
 * Opens the language service of one notebook. It works in a thread of its own, which starts at the first question and starts
 * again, with the same cells, when it was idle for long or broke. What a person waits for goes before diagnostics.
 */
export function createLanguageService(options: LanguageServiceOptions): LanguageService {
  const start: WorkerStart = { folder: options.folder, assayTypes: options.assayTypes ?? assayTypesFile() };
  const idle = options.idle ?? 600_000;
  const queue: Asked[] = [];
  /** Diagnostics whose turn has not come, by cell. */
  const waiting = new Map<string, Promise<readonly CellDiagnostic[]>>();
  let current: Asked | undefined;
  let cells: readonly LanguageCell[] = [];
  /** False when the worker does not have these cells. */
  let known = true;
  let worker: Worker | undefined;
  let timer: NodeJS.Timeout | undefined;
  let count = 0;
  let disposed = false;

  function started(): Worker {
    if (worker) return worker;
    const fresh = new Worker(entryPoint("language-worker"), {
      workerData: start,
      resourceLimits: { maxYoungGenerationSizeMb: youngGeneration },
    });
    worker = fresh;
    known = false;
    fresh.on("message", (answer: WorkerAnswer) => {
      if (worker !== fresh || answer.id !== count) return;
      const one = current;
      current = undefined;
      if ("error" in answer) one?.reject(new Error(answer.error));
      else one?.resolve(answer.result);
      next();
    });
    fresh.on("error", (error) => ended(fresh, error));
    fresh.on("exit", () => ended(fresh, new Error("the language service ended")));
    return fresh;
  }

  /** A worker that broke fails all that was asked; the next question starts another. */
  function ended(old: Worker, error: Error): void {
    if (worker !== old) return;
    worker = undefined;
    fail(error);
  }

  function fail(error: Error): void {
    const failed = [current, ...queue.splice(0)];
    current = undefined;
    waiting.clear();
    for (const one of failed) one?.reject(error);
  }

  function next(): void {
    if (current) return;
    if (queue.length === 0) {
      worker?.unref();
      return;
    }
    const to = started();
    to.ref();
    if (!known) {
      known = true;
      current = { method: "updateCells", args: [cells], resolve: () => {}, reject: () => {} };
    } else {
      const at = queue.findIndex((one) => one.method !== "diagnostics");
      [current] = queue.splice(Math.max(at, 0), 1);
      if (at < 0) waiting.delete(String(current?.args[0]));
    }
    const { method, args } = current!;
    to.postMessage({ id: ++count, method, args } satisfies WorkerQuestion);
  }

  function ask<T>(method: LanguageMethod, ...args: readonly unknown[]): Promise<T> {
    if (disposed) return Promise.reject(new Error("the language service was disposed"));
    restWhenIdle();
    return new Promise<T>((resolve, reject) => {
      queue.push({ method, args, resolve: (result) => resolve(result as T), reject });
      next();
    });
  }

  function restWhenIdle(): void {
    clearTimeout(timer);
    if (idle === 0) return;
    timer = setTimeout(() => {
      if (current) restWhenIdle();
      else void stop();
    }, idle).unref();
  }

  async function stop(): Promise<void> {
    const old = worker;
    worker = undefined;
    fail(new Error("the language service was disposed"));
    await old?.terminate();
  }

  return {
    async updateCells(list) {
      if (disposed) throw new Error("the language service was disposed");
      const warm = worker !== undefined;
      cells = list;
      known = false;
      // The first questions come soon: the program is built meanwhile.
      if (!warm && list[0]) this.diagnostics(list[0].id).catch(() => {});
    },
    completions: (cellId, offset) => ask("completions", cellId, offset),
    completionDetails: (cellId, offset, name) => ask("completionDetails", cellId, offset, name),
    hover: (cellId, offset) => ask("hover", cellId, offset),
    signatureHelp: (cellId, offset) => ask("signatureHelp", cellId, offset),
    definition: (cellId, offset) => ask("definition", cellId, offset),
    references: (cellId, offset) => ask("references", cellId, offset),
    diagnostics(cellId) {
      // Asked again before its turn came: one answer is enough.
      const first = waiting.get(cellId);
      if (first) return first;
      // Noted before it is asked: its turn may come at once, and an answer that was given must not be given again.
      const answer = Promise.withResolvers<readonly CellDiagnostic[]>();
      waiting.set(cellId, answer.promise);
      ask<readonly CellDiagnostic[]>("diagnostics", cellId).then(answer.resolve, answer.reject);
      return answer.promise;
    },
    async dispose() {
      disposed = true;
      clearTimeout(timer);
      await stop();
    },
  };
}
