import { createHash, type Hash } from "node:crypto";
import type { Output } from "../protocol/outputs.ts";
import { contentHash, hashOf } from "../store/canonical.ts";

/** A stream piece grows to this many characters before the next one starts, so that writing it again stays cheap and it fits a row. */
const pieceLength = 57_344;
/** Characters of stream text that a record keeps of one execution, and as many again of what comes late. */
export const mostText = 64 * 2 ** 20;

/** One output as it stands: what a notebook file would show in that place. */
export interface OutputSlot {
  output: Exclude<Output, { type: "clear" }>;
  /** Written to the database in this form already. */
  written: boolean;
  /** The content hash, once it was needed. */
  sha256?: string | undefined;
}

/** The outputs of one execution while it runs: streams joined, displays updated in place, transient ones left out. */
export interface RecordedOutputs {
  /** What is not in the database as it stands, by position. */
  news(): (readonly [position: number, slot: OutputSlot])[];
  /** Whether `clear` removed slots that were written, since `markWritten` was last called. */
  readonly cleared: boolean;
  /** Says that all slots are in the database as they stand. Bodies that are not needed any more are let go. */
  markWritten(): void;
  add(output: Output): void;
  /** About how many characters are held. */
  readonly characters: number;
  /** The hashes that the content id covers: standard output, standard error (when there is any), then each display in order. */
  hashes(): string[];
}

export function recordOutputs(): RecordedOutputs {
  let slots: OutputSlot[] = [];
  let changed = new Set<number>();
  let streams = { stdout: hashText(), stderr: hashText() };
  let text = 0;
  let clearNext = false;
  let cleared = false;

  const clear = () => {
    cleared ||= slots.some((slot) => slot.written);
    slots = [];
    changed = new Set();
    streams = { stdout: hashText(), stderr: hashText() };
    text = 0;
    clearNext = false;
  };
  const put = (output: OutputSlot["output"]) => {
    const before = slots.length;
    for (const position of addTo(slots, output)) changed.add(position);
    const last = slots[before - 1];
    if (slots.length > before && last?.written) letGo(last);
  };

  return {
    news: () => [...changed].sort((a, b) => a - b).map((position) => [position, slots[position]!]),
    get cleared() {
      return cleared;
    },
    get characters() {
      return text + slots.length * 1000;
    },
    markWritten() {
      cleared = false;
      for (const position of changed) {
        const slot = slots[position]!;
        slot.written = true;
        if (slot.output.type !== "stream" || position < slots.length - 1) letGo(slot);
      }
      changed.clear();
    },
    add(output) {
      if (output.type === "clear") {
        if (output.wait) clearNext = true;
        else clear();
        return;
      }
      if (output.type === "display" && output.transient) return;
      if (clearNext) clear();
      if (output.type !== "stream") return put(output);
      streams[output.name].add(output.text);
      if (text > mostText) return;
      text += output.text.length;
      put(output);
      if (text > mostText) put(notKept);
    },
    hashes() {
      const text = (name: "stdout" | "stderr") => {
        const sha256 = streams[name].digest();
        return sha256 === undefined ? [] : [contentHash({ type: "stream", name, sha256 })];
      };
      const displays = slots.filter((slot) => slot.output.type !== "stream").map(hashOfSlot);
      return [...text("stdout"), ...text("stderr"), ...displays];
    },
  };
}

/** Ends the text that a record keeps when there is too much of it. */
export const notKept = {
  type: "stream",
  name: "stderr",
  text: `\n[The record keeps ${mostText / 2 ** 20} MB of this text; what follows was shown but is not kept]\n`,
} as const;

/** Forgets what lies in the database, but for what later outputs are compared with. */
function letGo(slot: OutputSlot): void {
  const { output } = slot;
  hashOfSlot(slot);
  if (output.type === "stream") slot.output = { ...output, text: "" };
  else if (output.type === "display" || output.type === "result") {
    const { metadata: _, ...rest } = output;
    slot.output = { ...rest, data: {} };
  }
}

/** Puts an output where it belongs among earlier ones: joined to a stream, in place of the display it updates, or at the end. Returns
 * the positions that changed. */
export function addTo(slots: OutputSlot[], output: OutputSlot["output"]): number[] {
  const last = slots.at(-1);
  if (output.type === "stream" && last?.output.type === "stream" && last.output.name === output.name) {
    if (last.output.text.length + output.text.length <= pieceLength) {
      change(last, { ...output, text: last.output.text + output.text });
      return [slots.length - 1];
    }
  }
  if (output.type === "display" && output.update && output.displayId !== undefined) {
    const shown = [...slots.keys()].filter((at) => {
      const { output: one } = slots[at]!;
      return one.type === "display" && one.displayId === output.displayId;
    });
    for (const at of shown) change(slots[at]!, output);
    if (shown.length > 0) return shown;
  }
  slots.push({ output, written: false });
  return [slots.length - 1];
}

function change(slot: OutputSlot, output: OutputSlot["output"]): void {
  slot.output = output;
  slot.written = false;
  slot.sha256 = undefined;
}

/** The content hash of the output in a slot, computed once. */
export function hashOfSlot(slot: OutputSlot): string {
  slot.sha256 ??= hashOfOutput(slot.output);
  return slot.sha256;
}

/**
 * The content hash of one output. What differs between two equal runs is left out: display ids, traces (they hold paths), process
 * numbers in Node's warnings; and media count by their bytes, whether they lie in the output or in the store.
 */
export function hashOfOutput(output: OutputSlot["output"]): string {
  switch (output.type) {
    case "stream":
      return contentHash({ type: "stream", name: output.name, sha256: hashOf(withoutPids(output.text)) });
    case "error":
      return contentHash({ type: "error", ename: output.ename, evalue: output.evalue });
    case "display":
    case "result":
      return contentHash({
        type: output.type,
        data: byContent(output.data),
        metadata: byContent(output.metadata ?? {}),
      });
  }
}

/** Replaces inline media by a reference to the same bytes. */
export function byContent(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(byContent);
  const entries = Object.entries(value);
  if (entries.length === 2 && "mime" in value && "base64" in value && typeof value.base64 === "string") {
    const bytes = Buffer.from(value.base64, "base64");
    return { sha256: hashOf(bytes), bytes: bytes.byteLength, mime: value.mime };
  }
  return Object.fromEntries(entries.map(([key, member]) => [key, byContent(member)]));
}

/** `(node:4711) Warning: …` names the process. */
function withoutPids(text: string): string {
  return text.replace(/^\(node:\d+\)/gm, "(node)");
}

/** Hashes a text that arrives in pieces; how it was cut does not matter. */
function hashText() {
  let hash: Hash | undefined;
  let line = "";
  return {
    add(text: string) {
      line += text;
      const end = line.lastIndexOf("\n") + 1;
      // A line is hashed once it is whole, so that no rule for lines and no surrogate pair is cut. Very long ones are not waited for.
      if (end === 0 && line.length < pieceLength) return;
      const whole = end > 0 ? end : line.length - (/[\uD800-\uDBFF]$/.test(line) ? 1 : 0);
      hash = (hash ?? createHash("sha256")).update(withoutPids(line.slice(0, whole)));
      line = line.slice(whole);
    },
    digest(): string | undefined {
      if (hash === undefined && line === "") return undefined;
      return (hash?.copy() ?? createHash("sha256")).update(withoutPids(line)).digest("hex");
    },
  };
}
