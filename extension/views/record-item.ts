import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { modeNames } from "../../kernel/protocol/classes.ts";
import type { ExecutionSummary } from "../../kernel/protocol/record.ts";
import type { ListedRecord, NotebookDay, NotebookRecords, RecordQuery } from "../../kernel/protocol/record-methods.ts";

/** Records that stand together: of a notebook, of one of its days, or those that a search found. */
export interface RecordGroup {
  /** The same for the same group. */
  readonly key: string;
  readonly query: Partial<RecordQuery>;
  /** Whether its records come from several notebooks. */
  readonly mixed: boolean;
}

/** A codicon, and the colour of the theme that it has. */
interface Face {
  readonly icon: string;
  readonly colour?: string;
}

/** How the ends of an execution look. */
export const recordFaces: Readonly<Record<ExecutionSummary["state"], Face>> = {
  ok: { icon: "pass", colour: "testing.iconPassed" },
  error: { icon: "error", colour: "testing.iconFailed" },
  interrupted: { icon: "debug-stop", colour: "testing.iconSkipped" },
  crashed: { icon: "flame", colour: "testing.iconFailed" },
  aborted: { icon: "circle-slash", colour: "testing.iconSkipped" },
  running: { icon: "loading~spin" },
};

/** How an execution looks whose outputs break its compliance mode, however it ended. */
export const violatingFace = { icon: "warning", colour: "problemsWarningIcon.foreground" } as const;
export const violatingWords = "breaks its mode";

/** How an execution looks. */
export function recordFace(record: Pick<ExecutionSummary, "state" | "violationWords">): Face {
  return record.violationWords === null ? recordFaces[record.state] : violatingFace;
}

/** How an execution ended, in words. */
function ending({ state, violationWords }: Pick<ExecutionSummary, "state" | "violationWords">): string {
  return violationWords === null ? state : state === "ok" ? violatingWords : `${state}, ${violatingWords}`;
}

/** A notebook as an entry of a list; the active one is open from the start. */
export function notebookItem(notebook: NotebookRecords, active: boolean): vscode.TreeItem {
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(basename(notebook.notebookPath), active ? Expanded : Collapsed);
  item.id = `notebook ${notebook.notebookId}`;
  const folder = vscode.workspace.asRelativePath(dirname(notebook.notebookPath), false);
  const counted = `${count(notebook.records)} · ${when(notebook.lastAt)}`;
  item.description = folder.startsWith("/") || folder === "" ? counted : `${folder} · ${counted}`;
  item.iconPath = new vscode.ThemeIcon("notebook");
  item.tooltip = `${notebook.notebookPath}\n${count(notebook.records)}, the last on ${new Date(notebook.lastAt).toLocaleString()}`;
  item.contextValue = "assayNotebook";
  return item;
}

/** A day of a notebook as an entry of a list. */
export function dayItem(notebookId: string, day: NotebookDay): vscode.TreeItem {
  const date = new Date(day.since);
  const today = new Date().toDateString() === date.toDateString();
  const name = date.toLocaleDateString([], { weekday: "short", day: "numeric", month: "long", year: "numeric" });
  const { Expanded, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(today ? "Today" : name, today ? Expanded : Collapsed);
  item.id = `day ${notebookId} ${day.since}`;
  item.description = count(day.records);
  item.iconPath = new vscode.ThemeIcon("calendar");
  item.tooltip = name;
  return item;
}

/** The invitation to load the next page of a group. */
export function moreItem(group: RecordGroup): vscode.TreeItem {
  const item = new vscode.TreeItem("Load older records");
  item.id = `more ${group.key}`;
  item.iconPath = new vscode.ThemeIcon("ellipsis");
  item.command = { command: "assay.loadMoreRecords", title: "Load Older Records", arguments: [group] };
  return item;
}

/** A record as an entry of a list; `mixed` says that the list holds records of several notebooks. */
export function recordItem(record: ListedRecord, mixed: boolean): vscode.TreeItem {
  const item = new vscode.TreeItem(mixed && record.excerpt ? record.excerpt : `cell ${record.cellIndex}`);
  item.id = record.executionId;
  const facts = [
    // Otherwise the icon says it all.
    record.violationWords !== null && ending(record),
    when(record.startedAt),
    mixed && `${basename(record.notebookPath)}, cell ${record.cellIndex}`,
    firstLine(record.source) || "(empty cell)",
    // Last, because a narrow side bar cuts the end off.
    took(record.duration),
  ];
  item.description = facts.filter(Boolean).join(" · ");
  const { icon, colour } = recordFace(record);
  item.iconPath = new vscode.ThemeIcon(icon, colour === undefined ? undefined : new vscode.ThemeColor(colour));
  item.contextValue = "assayRecord";
  item.tooltip = tooltip(record);
  item.command = { command: "assay.openRecord", title: "Open Record", arguments: [record.executionId] };
  item.accessibilityInformation = {
    label: `${ending(record)}: ${firstLine(record.source)}, ${when(record.startedAt)}`,
  };
  return item;
}

function tooltip(record: ExecutionSummary): vscode.MarkdownString {
  const text = new vscode.MarkdownString(undefined, true);
  text.appendCodeblock(record.source.slice(0, 300), "typescript");
  if (record.violationWords !== null) {
    text.appendMarkdown("$(warning) ").appendText(record.violationWords).appendMarkdown("\n\n");
  }
  const facts: [string, string][] = [
    ["State", record.stateDetail ? `${record.state}: ${record.stateDetail}` : record.state],
    ["Mode", modeNames[record.mode]],
    ["Seed", String(record.seed)],
    ["Started", new Date(record.startedAt).toLocaleString()],
    ["Took", took(record.duration) ?? "not known"],
    ["Notebook", record.notebookPath],
    ["Record", record.contentId?.slice(0, 16) ?? "not sealed"],
  ];
  for (const [name, value] of facts) text.appendText(`${name}: ${value}`).appendMarkdown("  \n");
  return text;
}

/** The line of a source that says most: the first that is no import, no comment and no lone bracket. */
export function firstLine(source: string): string {
  const line = source.split("\n").find((one) => !/^[\s{}()[\];]*$|^\s*(import\b|\/\/|\/\*)/.test(one));
  return (line ?? source.split("\n")[0] ?? "").trim().slice(0, 120);
}

/** "14:03" today, "21 Nov 14:03" before. */
export function when(iso: string): string {
  const date = new Date(iso);
  const time = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (date.toDateString() === new Date().toDateString()) return time;
  return `${date.toLocaleDateString([], { day: "numeric", month: "short" })} ${time}`;
}

function took(duration: number | null): string | undefined {
  if (duration === null) return undefined;
  if (duration < 1000) return `${Math.round(duration)} ms`;
  const seconds = Math.round(duration / 1000);
  return seconds < 60 ? `${(duration / 1000).toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function count(records: number): string {
  return records === 1 ? "1 record" : `${records.toLocaleString("en")} records`;
}
