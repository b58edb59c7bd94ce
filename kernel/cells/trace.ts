import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { inspect, types } from "node:util";
import type { CellSource } from "../protocol/cell-source.ts";
import type { Output } from "../protocol/outputs.ts";
import { currentExecution } from "./execution.ts";
import type { Position } from "./positions.ts";
import { SourceSyntaxError } from "./typescript.ts";

/** Code that was compiled from a source with other positions. */
export interface TracedSource {
  /** How a frame names it: `cell #3`, or a path. */
  readonly label: string;
  readonly source: string;
  readonly origin: (position: Position) => Position;
}

/** A place in a cell. */
export interface Place extends TracedSource, Position {
  /** True when the cell was waiting there. */
  readonly awaited: boolean;
}

const sources = new Map<string, TracedSource>();
let baseFolder = "";

/** Forgets the source of code that is gone. */
const gone = new FinalizationRegistry<string>((filename) => sources.delete(filename));

/**
 * Makes frames of a compiled file show the source's name and positions: as long as `code` lives, which all functions of the file hold,
 * or for good when there is none.
 */
export function traceSource(filename: string, traced: TracedSource, code?: object): void {
  sources.delete(filename);
  sources.set(filename, traced);
  if (code) gone.register(code, filename);
}

/** Gives a source another label: the same text runs as another cell now. */
export function nameSource(filename: string, label: string): void {
  const traced = sources.get(filename);
  if (traced && traced.label !== label) sources.set(filename, { ...traced, label });
}

/** How traces name a cell. */
export function cellLabel(cell: CellSource): string {
  return `cell #${cell.index}`;
}

/** The cell as a source for the text of an error. */
export function cellTrace(cell: CellSource): TracedSource {
  return { label: cellLabel(cell), source: cell.source, origin: (position) => position };
}

/** Says that code of a file is about to run: where several have one name, an error shows the lines of this one. */
export function runsNow(filename: string): void {
  const traced = sources.get(filename);
  if (!traced) return;
  sources.delete(filename);
  sources.set(filename, traced);
}

/** Bindings as they stand in rewritten code. */
const marks = /\(0 ?, ?ª([^\s.()]+)\.v\)|ª([^\s.()ª]+)\.[vu]\b|ªªawait\(\.\.\.\)/g;

/** Text of V8 about rewritten code, in the words of the source. */
export function unmarked(text: string): string {
  if (!text.includes("ª")) return text;
  return text
    .replace(marks, (_, called?: string, read?: string) => called ?? read ?? "(intermediate value)")
    .replace(/Cannot assign to read only property 'v' of object '#<Binding>'/, "Assignment to constant variable.");
}

const readOnly = "Cannot assign to read only property 'v' of object '#<Binding>'";

/** Gives an error that V8 raised about rewritten code the message that the source would have given. */
export function cleanMessage(error: unknown): void {
  if (!isError(error)) return;
  const { message } = error;
  if (typeof message !== "string") return;
  if (message === readOnly) error.message = "Assignment to constant variable.";
  else if (message.includes("ª")) error.message = unmarked(message);
}

/** The code of the kernel: one folder when bundled, the parent of this one otherwise. */
const kernelFolder = new URL(import.meta.url.endsWith(".ts") ? ".." : ".", import.meta.url).href;

/** Makes `error.stack` name cells and their own lines, without the frames of the kernel. */
export function installTraces(folder: string): void {
  baseFolder = folder;
  Error.stackTraceLimit = 50;
  Error.prepareStackTrace = (error, sites) => {
    cleanMessage(error);
    const head = headOf(error);
    const frames = sites.flatMap((site) => frameText(site) ?? []).slice(0, 20);
    return [head, ...frames.map((frame) => `    at ${frame}`)].join("\n");
  };
}

function headOf(error: Error): string {
  try {
    const text = Error.prototype.toString.call(error);
    const name = error.constructor?.name;
    return error.name === "Error" && name && name !== "Error" ? text.replace(/^Error/, name) : text;
  } catch {
    return "Error";
  }
}

function frameText(site: NodeJS.CallSite): string | undefined {
  const file = site.getFileName() ?? site.getScriptNameOrSourceURL?.() ?? "";
  const text = site.toString();
  const traced = sources.get(file);
  if (traced) {
    const line = site.getLineNumber() ?? 1;
    const column = site.getColumnNumber() ?? 1;
    const at = traced.origin({ line, column });
    return unmarked(text.replace(`${file}:${line}:${column}`, `${labelOf(traced)}:${at.line}:${at.column}`));
  }
  if (file.startsWith("node:") || file.startsWith(kernelFolder) || file === "") return undefined;
  const path = file.startsWith("file:") ? fileURLToPath(file) : file;
  return text.replace(file, shortPath(path));
}

/** Cells with the same text share their code: the one that runs, or that a callback belongs to, is the one to name. */
function labelOf({ label, source }: TracedSource): string {
  const cell = label.startsWith("cell #") ? currentExecution()?.cell : undefined;
  return cell?.source === source ? cellLabel(cell) : label;
}

/** A path as the notebook would write it. */
export function shortPath(path: string): string {
  if (!baseFolder || !isAbsolute(path)) return path;
  const short = relative(baseFolder, path);
  return short.startsWith(`..${sep}..${sep}..`) ? path : short;
}

/** Whether a value is an error, of this realm or another. What cannot be looked at is none. */
export function isError(value: unknown): value is Error {
  try {
    return types.isNativeError(value) || value instanceof Error;
  } catch {
    return false;
  }
}

/** Gives an error that has no frame in a file, such as a failed import, the place there where it arose. */
export function atPlace(error: unknown, file: TracedSource, position: Position): unknown {
  if (isError(error)) addFrame(error, { ...file, ...position, awaited: false });
  return error;
}

function addFrame(error: Error, place: Place): void {
  const stack = typeof error.stack === "string" && error.stack !== "" ? error.stack : headOf(error);
  if (stack.includes(`${place.label}:`)) return;
  try {
    const value = `${stack}\n${frameLine(place)}`;
    Object.defineProperty(error, "stack", { value, writable: true, configurable: true });
  } catch {
    // It was frozen.
  }
}

function frameLine({ label, line, column, awaited }: Place): string {
  return `    at ${awaited ? "async " : ""}${label}:${line}:${column}`;
}

/** The nbformat error of anything that was thrown; `place` is used where it does not name one in the cell itself. */
export function errorOutput(error: unknown, where?: TracedSource, place?: Place): Extract<Output, { type: "error" }> {
  try {
    return describedError(error, where, place);
  } catch {
    // A cell may have replaced what makes stacks.
    installTraces(baseFolder);
  }
  try {
    return describedError(error, where, place);
  } catch {
    const evalue = "The cell threw something that throws itself when it is looked at";
    return { type: "error", ename: "Uncaught", evalue, traceback: [evalue] };
  }
}

function describedError(
  error: unknown,
  where: TracedSource | undefined,
  at: Place | undefined,
): Extract<Output, { type: "error" }> {
  cleanMessage(error);
  if (!isError(error)) {
    const text = safeInspect(error);
    const lines = at ? [frameLine(at), ...excerpt(at, at)] : [];
    return { type: "error", ename: "Uncaught", evalue: text, traceback: [`Uncaught ${text}`, ...lines] };
  }
  const own = error.name === "Error" ? (error.constructor?.name ?? "Error") : String(error.name);
  const ename = own || "Error";
  const evalue = String(error.message);
  if (error instanceof SourceSyntaxError && where) {
    const { line, column } = error.position;
    const place = error.file ? { ...where, label: error.file, source: error.source ?? "" } : where;
    const lines = [
      `${ename}: ${evalue}`,
      `    at ${place.label}:${line}:${column}`,
      ...excerpt(place, { line, column }),
      ...(error.file && at ? [frameLine(at)] : []),
    ];
    return { type: "error", ename, evalue, traceback: lines };
  }
  if (at) addFrame(error, at);
  return { type: "error", ename, evalue, traceback: withExcerpt(safeInspect(error)).split("\n") };
}

/** Puts the source line after the first frame that lies in a cell or a local module. */
function withExcerpt(text: string): string {
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    const found = /^\s+at .*?((?:cell #\d+)|[^\s(]+):(\d+):(\d+)\)?/.exec(line);
    if (!found) continue;
    const [, label, row, column] = found;
    const traced = [...sources.values()].findLast((one) => one.label === label);
    if (!traced) continue;
    lines.splice(index + 1, 0, ...excerpt(traced, { line: Number(row), column: Number(column) }));
    break;
  }
  return lines.join("\n");
}

/** The line with one before it, and a mark below the column. */
function excerpt({ source }: TracedSource, { line, column }: Position): string[] {
  const all = source.split("\n");
  const width = String(line).length;
  const shown: string[] = [];
  for (let at = Math.max(1, line - 1); at <= line; at++) {
    const text = all[at - 1];
    if (text === undefined || text.length > 400) continue;
    shown.push(`  ${at === line ? ">" : " "} ${String(at).padStart(width)} │ ${text}`);
  }
  if (shown.length > 0 && (all[line - 1]?.length ?? 0) <= 400)
    shown.push(`    ${" ".repeat(width)} │ ${" ".repeat(Math.max(0, column - 1))}^`);
  return shown;
}

function safeInspect(value: unknown): string {
  try {
    const text = inspect(value, { depth: 4, breakLength: 100 });
    // An error without frames is put in brackets, which says nothing here.
    const bare = value instanceof Error && text === `[${value.stack}]`;
    return unmarked(bare ? text.slice(1, -1) : text);
  } catch (failure) {
    return value instanceof Error ? (value.stack ?? String(value)) : `[cannot be shown: ${String(failure)}]`;
  }
}
