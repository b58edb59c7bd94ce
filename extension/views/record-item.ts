import { basename } from "node:path";
import * as vscode from "vscode";
import type { ExecutionSummary } from "../../kernel/protocol/record.ts";
import { modeNames } from "../notebook/status-bar.ts";

const faces: Readonly<Record<ExecutionSummary["state"], { readonly icon: string; readonly colour?: string }>> = {
  ok: { icon: "pass", colour: "testing.iconPassed" },
  error: { icon: "error", colour: "testing.iconFailed" },
  interrupted: { icon: "debug-stop", colour: "testing.iconSkipped" },
  crashed: { icon: "flame", colour: "testing.iconFailed" },
  aborted: { icon: "circle-slash", colour: "testing.iconSkipped" },
  running: { icon: "loading~spin" },
};

/** A record as an entry of a list. */
export function recordItem(record: ExecutionSummary): vscode.TreeItem {
  const item = new vscode.TreeItem(firstLine(record.source) || "(empty cell)");
  item.id = record.executionId;
  item.description = `${basename(record.notebookPath)} · cell ${record.cellIndex} · ${when(record.startedAt)}${took(record.duration)}`;
  const { icon, colour } = faces[record.state];
  item.iconPath = new vscode.ThemeIcon(icon, colour === undefined ? undefined : new vscode.ThemeColor(colour));
  item.contextValue = "assayRecord";
  item.tooltip = tooltip(record);
  item.command = { command: "assay.openRecord", title: "Open Record", arguments: [record.executionId] };
  item.accessibilityInformation = { label: `${record.state}: ${firstLine(record.source)}, ${when(record.startedAt)}` };
  return item;
}

function tooltip(record: ExecutionSummary): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendCodeblock(record.source.slice(0, 300), "typescript");
  const facts: [string, string][] = [
    ["State", record.stateDetail ? `${record.state}: ${record.stateDetail}` : record.state],
    ["Mode", modeNames[record.mode]],
    ["Seed", String(record.seed)],
    ["Started", new Date(record.startedAt).toLocaleString()],
    ["Notebook", record.notebookPath],
    ["Record", record.contentId?.slice(0, 16) ?? "not sealed"],
  ];
  for (const [name, value] of facts) text.appendText(`${name}: ${value}`).appendMarkdown("  \n");
  return text;
}

function firstLine(source: string): string {
  const line = source.split("\n").find((one) => one.trim() !== "" && !/^\s*(import\b|\/\/|\/\*)/.test(one));
  return (line ?? source.split("\n")[0] ?? "").trim().slice(0, 120);
}

/** "14:03" today, "21 Nov 14:03" before. */
function when(iso: string): string {
  const date = new Date(iso);
  const time = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  if (date.toDateString() === new Date().toDateString()) return time;
  return `${date.toLocaleDateString([], { day: "numeric", month: "short" })} ${time}`;
}

function took(duration: number | null): string {
  if (duration === null) return "";
  return duration < 1000 ? ` · ${Math.round(duration)} ms` : ` · ${(duration / 1000).toFixed(1)} s`;
}
