import type { AudioItem } from "../../kernel/protocol/outputs.ts";
import { caption, formatCount, h, itemName, Player, type Surroundings, sayWhy, themeColours } from "../mount.ts";
import { drawSpectrogram, drawWaveform, placeOf, type Span } from "./draw.ts";
import { decibels, decode, type Sound } from "./sound.ts";

/** What is drawn of each recording. */
export type View = "waveform" | "spectrogram" | "both";

/** Frequencies that are marked where there is room, in Hz. */
const marks = [100, 250, 500, 1000, 2000, 4000, 8000, 16_000];

/** One recording: its waveform and spectrogram over the shared span of time, its player, its captions. */
export class Track {
  readonly element: HTMLElement;
  readonly name: string;
  readonly player = new Player(h("audio", { preload: "auto" }));
  sound: Sound | undefined;
  readonly #item: AudioItem;
  readonly #wave = h("canvas", { class: "wave", "aria-hidden": "true" });
  readonly #spectrogram = h("canvas", { class: "spectrogram", "aria-hidden": "true" });
  readonly #marks = h("div", { class: "marks", "aria-hidden": "true" });
  readonly #head = h("div", { class: "playhead", "aria-hidden": "true" });
  readonly #graph: HTMLElement;
  readonly #caption: HTMLElement;

  constructor(
    item: AudioItem,
    index: number,
    chosen: (track: Track) => void,
    seek: (track: Track, share: number) => void,
  ) {
    this.#item = item;
    this.name = itemName(item, index, "Recording");
    this.#graph = h(
      "div",
      {
        class: "graph",
        onpointerdown: (event: PointerEvent) => {
          const box = this.#graph.getBoundingClientRect();
          seek(this, (event.clientX - box.left) / box.width);
        },
      },
      this.#wave,
      h("div", { class: "spectrum" }, this.#spectrogram, this.#marks),
      this.#head,
    );
    this.#caption = h("div", {}, caption(item, this.#facts()));
    this.element = h(
      "div",
      { class: "track" },
      h(
        "button",
        { class: "choose", type: "button", "aria-pressed": "false", onclick: () => chosen(this) },
        h("span", { class: "choose-number" }, index + 1),
        h("span", { class: "choose-name" }, this.name),
      ),
      this.#graph,
      this.#caption,
    );
  }

  /** Loads and decodes the recording. What cannot be drawn is said, and still played where that is possible. */
  async load({ media, signal }: Surroundings): Promise<void> {
    try {
      if (!/^(audio|video)\//.test(this.#item.media.mime))
        throw new Error(`its type "${this.#item.media.mime.slice(0, 60)}" is no audio`);
      const bytes = await media.bytes(this.#item.media);
      const type = this.#item.media.mime.slice(0, 60);
      const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
      if (signal.aborted) URL.revokeObjectURL(url);
      signal.addEventListener("abort", () => {
        this.player.element.pause();
        this.player.element.removeAttribute("src");
        URL.revokeObjectURL(url);
      });
      this.player.element.src = url;
      this.sound = await decode(bytes, this.#item.sampleRate);
      this.#caption.replaceChildren(caption(this.#item, this.#facts()), ...this.#transcript());
    } catch (error) {
      this.#graph.replaceChildren(sayWhy(`${this.name} cannot be drawn`, error));
      this.#graph.classList.add("missing");
    }
  }

  draw(span: Span, view: View): void {
    if (!this.sound || !this.element.isConnected) return;
    const root = this.element.closest<HTMLElement>(".assay");
    if (!root) return;
    this.#wave.hidden = view === "spectrogram";
    this.#spectrogram.parentElement!.hidden = view === "waveform";
    const colours = themeColours(root);
    if (view !== "spectrogram") drawWaveform(this.#wave, this.sound, span, colours.series[0]!, colours.line);
    if (view !== "waveform") {
      drawSpectrogram(this.#spectrogram, this.sound, span, isDark());
      const highest = this.sound.sampleRate / 2;
      const height = this.#spectrogram.clientHeight;
      const room = (hertz: number, than: number) => (placeOf(hertz, highest) - placeOf(than, highest)) * height >= 13;
      const shown: number[] = [];
      for (const hertz of marks) if (hertz < highest * 0.95 && room(hertz, shown.at(-1) ?? 0)) shown.push(hertz);
      this.#marks.replaceChildren(
        ...shown.map((hertz) => {
          const mark = h("span", {}, hertz < 1000 ? `${hertz}` : `${hertz / 1000}k`);
          mark.style.bottom = `${100 * placeOf(hertz, highest)}%`;
          return mark;
        }),
      );
    }
  }

  /** Puts the line at a time. */
  place(time: number, span: Span): void {
    const share = (time - span.from) / (span.to - span.from);
    this.#head.hidden = share < 0 || share > 1;
    this.#head.style.left = `${100 * share}%`;
  }

  set chosen(on: boolean) {
    this.element.classList.toggle("chosen", on);
    this.element.firstElementChild?.setAttribute("aria-pressed", String(on));
  }

  #facts(): string[] {
    const { duration, sampleRate, channels, codecs } = this.#item;
    const sound = this.sound;
    const seconds = sound?.duration ?? duration;
    return [
      ...(seconds === undefined ? [] : [`${seconds.toFixed(2)} s`]),
      ...(sampleRate === undefined ? [] : [`${formatCount(sampleRate)} Hz`]),
      ...(channels === undefined ? [] : [channels === 1 ? "mono" : channels === 2 ? "stereo" : `${channels} channels`]),
      ...(codecs?.length ? [codecs.join(" + ")] : []),
      ...(sound ? [`peak ${decibels(sound.peak)}`, `RMS ${decibels(sound.rms)}`] : []),
      ...(sound?.strongest === undefined ? [] : [`strongest at ${Math.round(sound.strongest)} Hz`]),
    ];
  }

  #transcript(): HTMLElement[] {
    const { transcript } = this.#item;
    return transcript ? [h("blockquote", { class: "transcript" }, transcript)] : [];
  }
}

/** Whether the theme is a dark one, as VS Code says on the page. */
export function isDark(): boolean {
  const { classList } = document.body;
  return (
    classList.contains("vscode-dark") ||
    (classList.contains("vscode-high-contrast") && !classList.contains("vscode-high-contrast-light"))
  );
}
