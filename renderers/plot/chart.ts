import type { Drawn, default as Plotly } from "plotly.js-basic-dist-min";
import type { PlotOutput } from "../../kernel/protocol/outputs.ts";
import { themeColours } from "../mount.ts";
import { type Thinned, thinLine, thinMarkers } from "./decimate.ts";
import { themedLayout } from "./layout.ts";
import { themedTraces } from "./series-colours.ts";
import type { Trace } from "./trace.ts";
import { ViewState } from "./view-state.ts";

type Attributes = Readonly<Record<string, unknown>>;

/** A figure that has been checked and cleaned. */
export interface SafeFigure {
  readonly data: readonly Trace[];
  readonly layout: PlotOutput["layout"];
}

const config = {
  responsive: true,
  displaylogo: false,
  displayModeBar: false,
  // The chart keeps what is seen itself, and shows all again on a double click.
  doubleClick: false,
  // Neither the chart studio nor map tiles: nothing here talks to the network.
  showSendToCloud: false,
  showLink: false,
  plotlyServerURL: "",
};

export interface ChartEvents {
  /** Called after each drawing, with what was left out of long series. */
  readonly drawn: (thinned: readonly Thinned[]) => void;
  readonly failed: (error: unknown) => void;
}

/** A Plotly figure in an element: at most one drawing a frame, none while the person drags, and what they chose is kept from one to the next. */
export class Chart {
  readonly view = new ViewState();
  readonly #canvas: HTMLElement;
  readonly #root: HTMLElement;
  readonly #events: ChartEvents;
  readonly #signal: AbortSignal;
  #figure: SafeFigure = { data: [], layout: {} };
  #plotly: typeof Plotly | undefined;
  #drawn: (HTMLElement & Drawn) | undefined;
  #given: Attributes = {};
  #frame = 0;
  #drawing = false;
  #again = false;
  #held = false;

  constructor(canvas: HTMLElement, root: HTMLElement, signal: AbortSignal, events: ChartEvents) {
    this.#canvas = canvas;
    this.#root = root;
    this.#signal = signal;
    this.#events = events;
    const release = () => {
      if (!this.#held) return;
      this.#held = false;
      if (this.#again) this.draw();
    };
    canvas.addEventListener("pointerdown", () => (this.#held = true), { signal });
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, release, { signal });
    signal.addEventListener("abort", () => {
      cancelAnimationFrame(this.#frame);
      this.#plotly?.purge(canvas);
    });
  }

  /** Shows a newer figure in the same place. */
  show(figure: SafeFigure): void {
    this.#figure = figure;
    this.draw();
  }

  /** Draws with the next frame; many calls before it are one. */
  draw(): void {
    if (this.#drawing || this.#held) this.#again = true;
    else this.#frame ||= requestAnimationFrame(() => void this.#drawNow());
  }

  /** Zooms an axis by a factor around its middle, or moves it by a part of its length. Returns false where the axis has no numbers. */
  move(axis: "xaxis" | "yaxis", { by = 0, zoom = 1 }: { readonly by?: number; readonly zoom?: number }): boolean {
    const drawn = this.#drawn?.layout[axis];
    const range = typeof drawn === "object" && drawn !== null && "range" in drawn ? drawn.range : undefined;
    if (!Array.isArray(range) || typeof range[0] !== "number" || typeof range[1] !== "number") return false;
    const length = range[1] - range[0];
    const middle = (range[0] + range[1]) / 2 + by * length;
    this.view.setRange(axis, [middle - (zoom * length) / 2, middle + (zoom * length) / 2]);
    this.draw();
    return true;
  }

  /** Shows all of the figure again. */
  reset(): void {
    this.view.reset();
    this.draw();
  }

  /** A picture of what is seen, on the colour of the editor. */
  async picture(format: "png" | "svg", title: string | undefined): Promise<Uint8Array> {
    if (!this.#plotly || !this.#drawn) throw new Error("the chart is not drawn yet");
    const { background, text } = themeColours(this.#root);
    const { traces, layout } = this.#prepared();
    const named = title === undefined ? {} : { title: { text: title, font: { size: 15, color: text } } };
    const { width, height } = this.#canvas.getBoundingClientRect();
    const size = {
      width: Math.round(width) || 800,
      height: (Math.round(height) || 320) + (title === undefined ? 0 : 36),
    };
    const url = await this.#plotly.toImage(
      {
        data: traces,
        layout: {
          ...layout,
          ...named,
          ...(title === undefined ? {} : { margin: { l: 56, r: 16, t: 64, b: 44 } }),
          paper_bgcolor: background,
          plot_bgcolor: background,
        },
        config,
      },
      { format, ...size, ...(format === "png" ? { scale: 2 } : {}) },
    );
    return bytesOf(url);
  }

  #prepared(): { traces: Trace[]; layout: Attributes; thinned: Thinned[] } {
    const width = this.#canvas.clientWidth || 800;
    const thinned: Thinned[] = [];
    const traces = this.view.traces(this.#figure.data).map((trace) => {
      const less = thinLine(trace, width, this.view.seen) ?? thinMarkers(trace, width, 300);
      if (less) thinned.push(less);
      return less?.trace ?? trace;
    });
    const { series } = themeColours(this.#root);
    return {
      traces: themedTraces(traces, series),
      layout: this.view.layout(themedLayout(this.#figure.layout, this.#root)),
      thinned,
    };
  }

  async #drawNow(): Promise<void> {
    this.#frame = 0;
    this.#drawing = true;
    this.#again = false;
    try {
      this.#plotly ??= (await import("plotly.js-basic-dist-min")).default;
      if (this.#signal.aborted) return;
      const { traces, layout, thinned } = this.#prepared();
      this.#given = layout;
      // Plotly writes into the layout that it is given.
      const drawn = await this.#plotly.react(this.#canvas, traces, structuredClone(layout), config);
      if (this.#signal.aborted) return;
      if (!this.#drawn) this.#listen(drawn);
      this.#drawn = drawn;
      this.#events.drawn(thinned);
    } catch (error) {
      if (!this.#signal.aborted) this.#events.failed(error);
    } finally {
      this.#drawing = false;
      if (this.#again && !this.#signal.aborted) this.draw();
    }
  }

  #listen(drawn: HTMLElement & Drawn): void {
    drawn.on("plotly_relayout", () => {
      if (this.#drawing) return;
      this.view.readLayout(drawn, this.#given);
      this.draw();
    });
    drawn.on("plotly_restyle", () => {
      if (this.#drawing) return;
      this.view.readTraces(drawn);
      this.draw();
    });
    drawn.on("plotly_doubleclick", () => this.reset());
  }
}

/** The bytes of a data URL. */
function bytesOf(url: string): Uint8Array {
  const comma = url.indexOf(",");
  const body = url.slice(comma + 1);
  if (!url.slice(0, comma).endsWith(";base64")) return new TextEncoder().encode(decodeURIComponent(body));
  return Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
}
