import { assayMime, type MimeBundle } from "../../protocol/mime.ts";
import { type ProgressOutput, progressOutput } from "../../protocol/outputs.ts";
import { cellContext } from "../host.ts";
import { nextDisplayId } from "../values/display-id.ts";
import { escapeHtml, ink } from "./html.ts";

export interface ProgressOptions {
  /** What is being done: "train portraits". */
  readonly label: string;
  /** How many units there are; left out when nobody knows. */
  readonly total?: number;
  /** What is counted. Default "step". */
  readonly unit?: string;
}

/** A bar that is updated in place: done of total, rate, time left, short facts. Not part of what a record compares. */
export interface Progress {
  /** Sets how much is done. Cheap to call often: at most ten updates a second leave the cell. */
  update(done: number, facts?: Readonly<Record<string, string>>): void;
  /** Adds to what is done. Default 1. */
  advance(by?: number, facts?: Readonly<Record<string, string>>): void;
  /** Marks the end; the bar stays as it is. */
  finish(facts?: Readonly<Record<string, string>>): void;
  /** Marks the end by a failure, or an interrupt. */
  fail(): void;
}

/** Milliseconds between two updates that leave the cell. */
const interval = 100;

/** Shows a progress bar in the running cell. */
export function progress(options: ProgressOptions): Progress {
  const context = cellContext();
  const displayId = nextDisplayId("progress");
  const started = performance.now();
  let done = 0;
  let facts: Readonly<Record<string, string>> = {};
  let last = Number.NEGATIVE_INFINITY;
  let ended = false;

  const send = (state: ProgressOutput["state"], update: boolean) => {
    const seconds = (performance.now() - started) / 1000;
    const rate = done > 0 && seconds > 0 ? done / seconds : undefined;
    const total = options.total !== undefined && options.total > 0 ? Math.max(options.total, done) : undefined;
    const remaining = state === "running" && rate && total ? (total - done) / rate : undefined;
    const output = progressOutput.parse({
      label: options.label,
      done,
      unit: options.unit ?? "step",
      state,
      ...(total === undefined ? {} : { total }),
      ...(rate === undefined ? {} : { rate }),
      ...(remaining === undefined ? {} : { remaining }),
      ...(Object.keys(facts).length === 0 ? {} : { facts }),
    });
    last = performance.now();
    context.emit({ type: "display", data: progressBundle(output), displayId, update, transient: true });
  };

  const move = (to: number, changed: Readonly<Record<string, string>> | undefined) => {
    if (ended) return;
    if (Number.isFinite(to)) done = Math.max(0, to);
    if (changed) facts = { ...facts, ...changed };
    if (performance.now() - last >= interval) send("running", true);
  };
  const end = (state: "done" | "failed", changed?: Readonly<Record<string, string>>) => {
    if (ended) return;
    ended = true;
    if (changed) facts = { ...facts, ...changed };
    send(state, true);
  };

  send("running", false);
  return {
    update: move,
    advance: (by = 1, changed) => move(done + by, changed),
    finish: (changed) => {
      if (!ended && options.total !== undefined) done = Math.max(done, options.total);
      end("done", changed);
    },
    fail: () => end("failed"),
  };
}

/** The MIME bundle of one state of a progress bar. */
export function progressBundle(output: ProgressOutput): MimeBundle {
  const text = progressText(output);
  return { [assayMime("progress")]: output, "text/html": progressHtml(output, text), "text/plain": text };
}

function progressText({ label, done, total, unit, rate, remaining, facts, state }: ProgressOutput): string {
  const width = 20;
  const filled = total ? Math.round((Math.min(done, total) / total) * width) : 0;
  const bar = total ? `${"█".repeat(filled)}${"░".repeat(width - filled)} ` : "";
  const count = total ? `${done}/${total}` : String(done);
  const notes = [
    `${count} ${unit}${count === "1" ? "" : "s"}`,
    ...(rate === undefined ? [] : [`${rate >= 10 ? rate.toFixed(0) : rate.toFixed(2)}/s`]),
    ...(remaining === undefined ? [] : [`${duration(remaining)} left`]),
    ...Object.entries(facts ?? {}).map(([name, value]) => `${name} ${value}`),
    ...(state === "failed" ? ["stopped"] : []),
  ];
  return `${label}  ${bar}${notes.join(" · ")}`;
}

function progressHtml({ label, done, total, state }: ProgressOutput, text: string): string {
  const colour = state === "failed" ? ink.bad : state === "done" ? ink.good : "#3b82c4";
  const part = total ? (100 * Math.min(done, total)) / total : state === "running" ? 30 : 100;
  const notes = text
    .slice(label.length)
    .replace(/[█░]+ /, "")
    .trim();
  return `<div style="font-size:.9em;max-width:42em;margin:.3em 0"><div style="display:flex;justify-content:space-between;gap:1em"><span>${escapeHtml(label)}</span><span style="color:${ink.muted};font-variant-numeric:tabular-nums">${escapeHtml(notes)}</span></div><div style="height:4px;border-radius:2px;background:${ink.faint};margin-top:3px"><div style="height:4px;border-radius:2px;width:${part.toFixed(1)}%;background:${colour}"></div></div></div>`;
}

/** 95 → "1:35"; 7,265 → "2:01:05". */
function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const pad = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}
