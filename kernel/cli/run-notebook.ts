import { dirname, resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { type ComplianceMode, complianceMode } from "../protocol/compliance.ts";
import type { CellSource, ExecutionReply, SessionEvent } from "../protocol/messages.ts";
import { kernelProblem } from "../session/problems.ts";
import { Session } from "../session/session.ts";
import { makeFolder } from "../store/make-folder.ts";
import { CellOutputs } from "./cell-outputs.ts";
import { withInjection, withNewInjection } from "./injected-parameters.ts";
import {
  codeCells,
  type ExecutedCell,
  executedNotebook,
  type NotebookFile,
  readNotebook,
  sortedKeys,
  writeWhole,
} from "./notebook-file.ts";
import { onlyCell } from "./only-cell.ts";
import { ProgressView } from "./progress-view.ts";
import type { CellResult, RunOptions } from "./run-contract.ts";
import { givenParameters } from "./run-parameters.ts";
import { checkTypes, type TypeCheck } from "./type-check.ts";

/** Seconds that a run waits for timers and promises that the cells left behind. */
const pendingTime = 30;

/** One code cell of a run. */
interface CellRun {
  readonly cell: CellSource;
  readonly raisesException: boolean;
  readonly outputs: CellOutputs;
  reply: ExecutionReply | undefined;
}

/** What a run was given. */
interface RunFacts {
  readonly mode: ComplianceMode;
  readonly seed: number;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Those parameters that are variables. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Runs a notebook and returns the exit code of `assay run`. Throws an `AssayError` when it cannot begin. */
export async function runNotebook(name: string, options: RunOptions): Promise<number> {
  const read = readNotebook(name);
  const { parameters, variables } = await givenParameters(codeCells(read), options.param);
  const notebook = withNewInjection(read, variables);
  const mode = modeOf(notebook, options, name);
  const seed = options.seed ?? notebook.assay.seed ?? 0;
  for (const file of [options.output, options.html]) if (file !== undefined) prepareFolder(file);
  const runs = cellRuns(notebook);
  const only =
    options.only === undefined
      ? undefined
      : onlyCell(
          runs.map(({ cell }) => cell),
          options.only,
        );
  using types = options.check ? checkTypes(notebook) : undefined;
  using view = new ProgressView(process.stderr, runs.length);
  await using session = new Session({
    notebook: {
      path: notebook.path,
      id: notebook.assay.id,
      mode,
      seed,
      store: options.store,
      parameters,
      staleness: "off",
    },
    onEvent: (event) => receive(event, runs, view, session),
    // Who names a store wants it; one that was found is no condition for running.
    storeRequired: options.store !== undefined,
  });
  const interrupt = onInterrupt(session, view);
  let code = 0;
  try {
    await session.start();
    session.staleness.setCells(runs.map(({ cell }) => cell));
    const chosen = only ? await chosenRuns(runs, only, session, view) : runs;
    code = await runCells(chosen, session, view, options, interrupt);
    if (!interrupt.asked) await waitForPending(session, view, options);
    if (!interrupt.asked) for (const run of runs) if (run.reply) await reportTypes(run, types, view);
    if (code === 0 && session.uncaughtErrors > 0) code = 1;
    if (interrupt.asked) code = 130;
  } finally {
    interrupt.dispose();
    await session.close();
  }
  await writeResults(notebook, runs, { mode, seed, parameters, variables }, options);
  tellViolations(runs, view);
  if (options.json) process.stdout.write(`${JSON.stringify(runs.map(resultOf), undefined, 2)}\n`);
  return code;
}

function modeOf(notebook: NotebookFile, options: RunOptions, name: string): ComplianceMode {
  if (options.mode) return options.mode;
  const written = notebook.assay.mode ?? "open_source_only";
  const parsed = complianceMode.safeParse(written);
  if (!parsed.success)
    throw kernelProblem.notNotebook(
      name,
      `metadata.assay.mode is "${written}", which is not one of ${complianceMode.options.join(", ")}`,
    );
  return parsed.data;
}

function prepareFolder(file: string): void {
  try {
    makeFolder(dirname(resolve(file)));
  } catch (error) {
    throw kernelProblem.unwritable(file, error instanceof Error ? error.message : String(error), error);
  }
}

function cellRuns(notebook: NotebookFile): CellRun[] {
  return codeCells(notebook).map((cell) => ({
    cell,
    raisesException: cell.tags?.includes("raises-exception") === true,
    outputs: new CellOutputs(),
    reply: undefined,
  }));
}

/** The cells that one needs, and that one. */
async function chosenRuns(
  runs: readonly CellRun[],
  only: CellSource,
  session: Session,
  view: ProgressView,
): Promise<CellRun[]> {
  const ids = await session.needed(
    runs.map(({ cell }) => cell),
    only.id,
  );
  const chosen = runs.filter(({ cell }) => ids.includes(cell.id));
  const others = chosen.slice(0, -1).map(({ cell }) => cell.index);
  if (others.length > 0) view.note(`cell ${only.index} needs ${others.join(", ")}`);
  return chosen;
}

async function runCells(
  runs: readonly CellRun[],
  session: Session,
  view: ProgressView,
  options: RunOptions,
  interrupt: { readonly asked: boolean },
): Promise<number> {
  let code = 0;
  for (const run of runs) {
    if (interrupt.asked) return 130;
    if (run.cell.source.trim() === "") continue;
    view.start(run.cell.index, run.cell.source);
    const limit = limitCell(session, run, options.timeout);
    run.reply = await session.execute(run.cell);
    limit.dispose();
    const { status } = run.reply;
    const { violation } = run.reply;
    if (violation) {
      const [first = ""] = violation.words.split("\n");
      view.note(`⚠ cell ${run.cell.index} breaks the compliance mode: ${first}`);
    }
    view.end(status === "ok" ? "✓" : status === "interrupted" ? "■" : "✗", status === "ok" ? "" : status);
    if (status === "ok") continue;
    if (run.raisesException && status === "error") continue;
    code = 1;
    if (!options.allowErrors) return code;
  }
  return code;
}

/** What the compiler says of a cell that ran joins its error stream; it never stops a run. */
async function reportTypes(
  { cell, outputs }: CellRun,
  types: TypeCheck | undefined,
  view: ProgressView,
): Promise<void> {
  const lines = (await types?.errorsOf(cell.id)) ?? [];
  if (lines.length === 0) return;
  const text = `${lines.map(({ line, column, code, message }) => `cell #${cell.index}:${line}:${column} TS${code}: ${message}`).join("\n")}\n`;
  outputs.add({ type: "stream", name: "stderr", text });
  view.note(text.trimEnd());
}

/** Interrupts a cell that takes too long; one that does not mind loses its process. */
function limitCell(session: Session, run: CellRun, timeout: number | undefined): { dispose(): void } {
  if (timeout === undefined) return { dispose: () => {} };
  const timer = setTimeout(async () => {
    run.outputs.add({
      type: "stream",
      name: "stderr",
      text: `The cell was stopped: it took longer than ${timeout} s\n`,
    });
    if (!(await session.interrupt())) await session.restart();
  }, timeout * 1000);
  return { dispose: () => clearTimeout(timer) };
}

async function waitForPending(
  session: Session,
  view: ProgressView,
  { timeout = pendingTime }: RunOptions,
): Promise<void> {
  const slow = setTimeout(() => view.note(`waiting for what the cells left pending (at most ${timeout} s)`), 500);
  const done = await session.drained(timeout * 1000);
  clearTimeout(slow);
  if (!done) view.note(`something is still pending after ${timeout} s; it was ended`);
}

/** Ctrl-C: once stops the cell and ends the run in order, twice ends everything now. */
function onInterrupt(session: Session, view: ProgressView): { asked: boolean; dispose(): void } {
  const state = { asked: false, dispose: () => void process.off("SIGINT", stop) };
  function stop(): void {
    if (state.asked) process.exit(130);
    state.asked = true;
    view.note("interrupted; press Ctrl-C again to end at once");
    void session.interrupt();
  }
  process.on("SIGINT", stop);
  return state;
}

function receive(event: SessionEvent, runs: readonly CellRun[], view: ProgressView, session: Session): void {
  if (event.type === "ask") return void answer(event, session);
  if (event.type !== "output") return;
  const { output } = event;
  view.output(output);
  const run = runs.find((one) => one.cell.id === event.cellId);
  if (output.type === "display" && output.update) {
    for (const one of runs) one.outputs.update(output);
  } else run?.outputs.add(output);
}

async function answer(
  { questionId, kind, message }: Extract<SessionEvent, { type: "ask" }>,
  session: Session,
): Promise<void> {
  // A secret would be seen on the screen; without a person there is nobody to ask.
  if (!process.stdin.isTTY || kind === "secret") return session.answer(questionId, null);
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  session.answer(questionId, await reader.question(`${message} `));
  reader.close();
}

async function writeResults(
  notebook: NotebookFile,
  runs: readonly CellRun[],
  { variables, ...facts }: RunFacts,
  options: RunOptions,
): Promise<void> {
  if (options.output === undefined && options.html === undefined) return;
  const ran = options.only === undefined ? runs : runs.filter(({ reply }) => reply);
  const executed = new Map(ran.map((run) => [run.cell.id, executedCell(run)]));
  // A cell that was left out keeps what the file had of it.
  if (options.only !== undefined)
    for (const { id, kept } of notebook.cells) if (kept && !executed.has(id)) executed.set(id, kept);
  if (options.output !== undefined) {
    const { parameters, ...settings } = facts;
    const assay = Object.keys(parameters).length === 0 ? settings : facts;
    const file = executedNotebook(withInjection(notebook, variables), executed, assay);
    writeWhole(options.output, `${JSON.stringify(sortedKeys(file), undefined, 1)}\n`);
  }
  if (options.html !== undefined) {
    const { htmlPage } = await import("./html-page.ts");
    writeWhole(options.html, htmlPage({ notebook, executed, runs: runs.map(resultOf), ...facts }));
  }
}

function executedCell({ outputs, reply }: CellRun): ExecutedCell {
  const count = reply?.executionCount || null;
  return { executionCount: count, outputs: outputs.toNotebook(count), record: reply?.contentId };
}

/** The last line that a person reads says it again; the exit code stays as it is, because every cell ran. */
function tellViolations(runs: readonly CellRun[], view: ProgressView): void {
  const cells = runs.filter(({ reply }) => reply?.violation).map(({ cell }) => cell.index);
  if (cells.length === 0) return;
  const which = cells.length === 1 ? `cell ${cells[0]} breaks` : `cells ${cells.join(", ")} break`;
  view.note(`⚠ ${which} the compliance mode; \`assay records show\` tells by what`);
}

function resultOf(run: CellRun): CellResult {
  const { reply, cell } = run;
  const { outputs } = executedCell(run);
  return {
    cell: cell.index,
    id: cell.id,
    status: reply?.status ?? "skipped",
    executionCount: reply?.executionCount || null,
    executionId: reply?.executionId || null,
    contentId: reply?.contentId ?? null,
    violation: reply?.violation ?? null,
    duration: reply ? Math.round(reply.duration * 10) / 10 : null,
    outputs,
  };
}
