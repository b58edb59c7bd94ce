import type { z } from "zod";
import { assayMime, type MimeBundle } from "../../protocol/mime.ts";
import { type ProgressOutput, type ProgressPart, progressOutput, type progressPart } from "../../protocol/outputs.ts";
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
  /** Begins a part of this work, with a bar of its own under this one: an epoch, a file. Parts of parts stand beside them. */
  part(options: ProgressOptions): Progress;
  /** Marks the end; the bar stays as it is. */
  finish(facts?: Readonly<Record<string, string>>): void;
  /** Marks the end by a failure, or by the interrupt where the cell was interrupted. Parts that still run end with it. */
  fail(): void;
}

/** Milliseconds between two updates that leave the cell. */
const interval = 100;
/** Parts that are shown; of those that ended, the latest. */
const partsShown = 8;

/** Shows a progress bar in the running cell. */
export function progress(options: ProgressOptions): Progress {
  const context = cellContext();
  const displayId = nextDisplayId("progress");
  const whole = new Work(options, context.signal);
  const parts: Work[] = [];
  let last = Number.NEGATIVE_INFINITY;

  const send = (update: boolean) => {
    while (parts.length > partsShown) {
      const ended = parts.findIndex(({ ended }) => ended);
      if (ended < 0) break;
      parts.splice(ended, 1);
    }
    const shown = parts.slice(-partsShown).map((part) => part.state());
    const output = progressOutput.parse({ ...whole.state(), ...(shown.length > 0 && { parts: shown }) });
    last = performance.now();
    context.emit({ type: "display", data: progressBundle(output), displayId, update, transient: true });
  };
  const sendSoon = () => {
    if (performance.now() - last >= interval) send(true);
  };
  const handle = (work: Work): Progress => ({
    update: (done, facts) => work.move(done, facts) && sendSoon(),
    advance: (by = 1, facts) => work.move(work.done + by, facts) && sendSoon(),
    part(partOptions) {
      const part = new Work(partOptions, context.signal);
      parts.push(part);
      send(true);
      return handle(part);
    },
    finish: (facts) => work.finish(facts) && send(true),
    fail() {
      const failed = work.fail();
      if (work === whole) for (const part of parts) part.fail();
      if (failed) send(true);
    },
  });
  send(false);
  return handle(whole);
}

/** How far a piece of work is. */
class Work {
  readonly #options: ProgressOptions;
  readonly #signal: AbortSignal;
  readonly #started = performance.now();
  #facts: Readonly<Record<string, string>> = {};
  #state: ProgressPart["state"] = "running";
  /** When it ended. */
  #end: number | undefined;
  done = 0;

  constructor(options: ProgressOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
  }

  get ended(): boolean {
    return this.#end !== undefined;
  }

  /** Returns false when it has ended: then nothing changes. */
  move(to: number, facts: Readonly<Record<string, string>> | undefined): boolean {
    if (this.ended) return false;
    if (Number.isFinite(to)) this.done = Math.max(0, to);
    if (facts) this.#facts = { ...this.#facts, ...facts };
    return true;
  }

  finish(facts: Readonly<Record<string, string>> | undefined): boolean {
    const { total } = this.#options;
    return this.move(total === undefined ? this.done : Math.max(this.done, total), facts) && this.#close("done");
  }

  fail(): boolean {
    return !this.ended && this.#close(this.#signal.aborted ? "interrupted" : "failed");
  }

  #close(state: ProgressPart["state"]): boolean {
    this.#state = state;
    this.#end = performance.now();
    return true;
  }

  state(): z.input<typeof progressPart> {
    const { label, unit = "step", total: wanted } = this.#options;
    const { done } = this;
    const seconds = ((this.#end ?? performance.now()) - this.#started) / 1000;
    const rate = done > 0 && seconds > 0 ? done / seconds : undefined;
    const total = wanted !== undefined && wanted > 0 ? Math.max(wanted, done) : undefined;
    const remaining = this.#state === "running" && rate && total ? (total - done) / rate : undefined;
    return {
      ...{ label, done, unit, state: this.#state },
      ...(total === undefined ? {} : { total }),
      ...(rate === undefined ? {} : { rate }),
      ...(remaining === undefined ? {} : { remaining }),
      ...(Object.keys(this.#facts).length === 0 ? {} : { facts: this.#facts }),
    };
  }
}

/** The MIME bundle of one state of a progress bar. */
export function progressBundle(output: ProgressOutput): MimeBundle {
  const bars = [output, ...(output.parts ?? [])];
  return {
    [assayMime("progress")]: output,
    "text/html": bars.map((bar, index) => progressHtml(bar, index > 0)).join(""),
    "text/plain": bars.map((bar, index) => `${index > 0 ? "  " : ""}${progressText(bar)}`).join("\n"),
  };
}

const endings = { running: [], done: [], failed: ["stopped by an error"], interrupted: ["interrupted"] } as const;

function progressText(bar: ProgressPart): string {
  const width = 20;
  const { label, done, total } = bar;
  const filled = total ? Math.round((Math.min(done, total) / total) * width) : 0;
  const drawn = total ? `${"█".repeat(filled)}${"░".repeat(width - filled)} ` : "";
  return `${label}  ${drawn}${notesOf(bar).join(" · ")}`;
}

function notesOf({ done, total, unit, rate, remaining, facts, state }: ProgressPart): string[] {
  const count = total ? `${done}/${total}` : String(done);
  return [
    `${count} ${unit}${count === "1" ? "" : "s"}`,
    ...(rate === undefined ? [] : [`${rate >= 10 ? rate.toFixed(0) : rate.toFixed(2)}/s`]),
    ...(remaining === undefined ? [] : [`${duration(remaining)} left`]),
    ...Object.entries(facts ?? {}).map(([name, value]) => `${name} ${value}`),
    ...endings[state],
  ];
}

const colours = { running: "#3b82c4", done: ink.good, failed: ink.bad, interrupted: ink.warn } as const;

function progressHtml(bar: ProgressPart, part: boolean): string {
  const { label, done, total, state } = bar;
  const share = total ? (100 * Math.min(done, total)) / total : state === "running" ? 30 : 100;
  const notes = notesOf(bar).join(" · ");
  return `<div style="font-size:.9em;max-width:42em;margin:.3em 0 .3em ${part ? "1.2em" : "0"}"><div style="display:flex;justify-content:space-between;gap:1em"><span>${escapeHtml(label)}</span><span style="color:${ink.muted};font-variant-numeric:tabular-nums">${escapeHtml(notes)}</span></div><div style="height:4px;border-radius:2px;background:${ink.faint};margin-top:3px"><div style="height:4px;border-radius:2px;width:${share.toFixed(1)}%;background:${colours[state]}"></div></div></div>`;
}

/** 95 → "1:35"; 7,265 → "2:01:05". */
function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const pad = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}
