import { assayMime } from "../protocol/mime.ts";
import type { Output } from "../protocol/outputs.ts";

/** Where the view writes, and what it can do there. */
export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
/** Milliseconds between pictures of the spinner, and between lines of progress where nothing can be written over. */
const frameTime = 100;
const lineTime = 5000;

/** Shows a run as it goes: each cell with its first line and time, what it prints, and its progress. */
export class ProgressView implements Disposable {
  readonly #screen: Screen;
  readonly #total: number;
  #timer: NodeJS.Timeout | undefined;
  #frame = 0;
  #title = "";
  #progress = "";
  #started = 0;
  #lastLine = 0;
  /** True when the cursor stands behind text of a cell that did not end its line. */
  #open = false;

  constructor(screen: Screen, total: number) {
    this.#screen = screen;
    this.#total = total;
  }

  start(index: number, source: string): void {
    this.#title = `[${String(index).padStart(String(this.#total).length)}/${this.#total}] ${firstLine(source)}`;
    this.#progress = "";
    this.#started = performance.now();
    this.#lastLine = this.#started;
    if (this.#screen.isTTY) this.#timer = setInterval(() => this.#draw(), frameTime).unref();
    else this.#line(this.#title);
    this.#draw();
  }

  output(output: Output): void {
    if (output.type === "stream") return this.#text(output.text);
    if (output.type === "error") return this.#text(`${output.traceback.join("\n")}\n`);
    if (output.type === "clear") return;
    const text = output.data["text/plain"];
    if (typeof text !== "string") return;
    if (assayMime("progress") in output.data) this.#step(text);
    else if (!(output.type === "display" && output.update)) this.#text(`${text}\n`);
  }

  /** Ends a cell with a mark: done, failed, interrupted. */
  end(mark: "✓" | "✗" | "■", note = ""): void {
    clearInterval(this.#timer);
    const time = seconds(performance.now() - this.#started);
    this.#closeLine();
    const last = this.#progress === "" ? "" : `  ${this.#progress}`;
    if (this.#screen.isTTY) this.#erase();
    this.#line(`${this.#screen.isTTY ? `${mark} ${this.#title}` : `  ${mark}`}${last}  ${time}${note && ` · ${note}`}`);
  }

  note(text: string): void {
    this.#closeLine();
    this.#line(text);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #step(text: string): void {
    this.#progress = text;
    if (this.#screen.isTTY) return;
    const now = performance.now();
    if (now - this.#lastLine < lineTime) return;
    this.#lastLine = now;
    this.#line(`    ${text}`);
  }

  #text(text: string): void {
    if (this.#screen.isTTY && !this.#open) this.#erase();
    const shown = text.replace(/\n(?!$)/g, "\n  │ ");
    this.#screen.write(`${this.#open ? "" : "  │ "}${shown}`);
    this.#open = !text.endsWith("\n");
  }

  #closeLine(): void {
    if (this.#open) this.#screen.write("\n");
    this.#open = false;
  }

  #draw(): void {
    if (!this.#screen.isTTY || this.#open) return;
    const time = seconds(performance.now() - this.#started);
    const picture = spinner[this.#frame++ % spinner.length];
    const width = (this.#screen.columns || 80) - 1;
    // The title gives way to the progress, which is what changes.
    const state = (this.#progress || time).slice(0, width - 4);
    const room = width - state.length - 4;
    const title = this.#title.length > room ? `${this.#title.slice(0, Math.max(0, room - 1))}…` : this.#title;
    this.#screen.write(`\r\x1b[2K${picture} ${title}  ${state}`);
  }

  #erase(): void {
    this.#screen.write("\r\x1b[2K");
  }

  #line(text: string): void {
    this.#screen.write(`${text}\n`);
  }
}

function firstLine(source: string): string {
  const line =
    source.split("\n").find((one) => one.trim() !== "" && !one.trim().startsWith("//")) ??
    source.trim().split("\n")[0] ??
    "";
  return line.length > 72 ? `${line.slice(0, 71)}…` : line;
}

function seconds(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const whole = milliseconds / 1000;
  return whole < 60 ? `${whole.toFixed(1)} s` : `${Math.floor(whole / 60)} min ${Math.round(whole % 60)} s`;
}
