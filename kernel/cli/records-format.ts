import { basename } from "node:path";
import type { ExecutionSummary } from "../protocol/record.ts";

/** Lays out rows in columns; the last column takes what is left of the line and is cut there. */
export function table(header: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const left = Math.max(16, width - widths.slice(0, -1).reduce((sum, one) => sum + one + 2, 0));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cut(cell, left) : cell.padEnd(widths[column] ?? 0)))
      .join("  ");
  return all.map((row) => line(row).trimEnd()).join("\n");
}

/** One line of at most `length` characters. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1))}…`;
}

/** The last group of the id: random, so that a few characters of it tell records apart, and accepted wherever an id is. */
export function shortId(id: string): string {
  return id.slice(-12);
}

/** Milliseconds as a person says them: `12 ms`, `3.4 s`, `2 min 5 s`. */
export function formatDuration(milliseconds: number | null): string {
  if (milliseconds === null) return "";
  if (milliseconds < 1000) return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
  const seconds = milliseconds / 1000;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** Local date and time to the second. */
export function formatTime(iso: string): string {
  const date = new Date(iso);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19).replace("T", " ");
}

/** The records of a list as a table. */
export function recordTable(records: readonly ExecutionSummary[], width: number): string {
  return table(
    ["id", "started", "notebook", "cell", "run", "state", "time", "source"],
    records.map((record) => [
      shortId(record.executionId),
      formatTime(record.startedAt),
      cut(basename(record.notebookPath), 24),
      String(record.cellIndex),
      `${record.epoch}.${record.executionCount}`,
      record.violationWords === null ? record.state : `${record.state}, breaks mode`,
      formatDuration(record.duration),
      firstLine(record.source),
    ]),
    width,
  );
}

function firstLine(source: string): string {
  return (
    source
      .split("\n")
      .map((line) => line.trim())
      .find((line) => line !== "" && !line.startsWith("//")) ?? source.trim()
  );
}
