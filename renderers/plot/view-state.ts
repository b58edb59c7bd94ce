import type { Drawn } from "plotly.js-basic-dist-min";
import type { Trace } from "./trace.ts";
import { traceName } from "./trace.ts";

type Attributes = Readonly<Record<string, unknown>>;
type Range = readonly [unknown, unknown];

/**
 * What the person has chosen in a chart: the part that is seen, what dragging does, which series are hidden. It is kept here and laid over each
 * newer figure, so that an update of a live chart or a change of the theme takes nothing of it away.
 */
export class ViewState {
  dragMode: "zoom" | "pan" = "zoom";
  readonly #ranges = new Map<string, Range>();
  readonly #shown = new Map<string, boolean>();

  /** The part of the x axis that is seen, where it is not all. */
  get seen(): readonly [number, number] | undefined {
    const range = this.#ranges.get("xaxis");
    return range && typeof range[0] === "number" && typeof range[1] === "number" ? [range[0], range[1]] : undefined;
  }

  /** Whether the person has moved an axis. */
  get isMoved(): boolean {
    return this.#ranges.size > 0;
  }

  setRange(axis: string, range: Range): void {
    this.#ranges.set(axis, range);
  }

  /** Shows all again. */
  reset(): void {
    this.#ranges.clear();
  }

  setShown(trace: Trace, index: number, shown: boolean): void {
    this.#shown.set(key(trace, index), shown);
  }

  isShown(trace: Trace, index: number): boolean {
    return this.#shown.get(key(trace, index)) ?? (trace.visible !== "legendonly" && trace.visible !== false);
  }

  /** Takes over what the person did with the mouse, from what Plotly made of it. `given` is the layout that was drawn. */
  readLayout(drawn: Drawn, given: Attributes): void {
    for (const [name, axis] of axesOf(drawn.layout)) {
      const range = axis.range;
      const before = axesOf(given).find(([other]) => other === name)?.[1].range;
      if (axis.autorange) this.#ranges.delete(name);
      else if (isRange(range) && !(isRange(before) && range[0] === before[0] && range[1] === before[1]))
        this.#ranges.set(name, [range[0], range[1]]);
    }
    const { dragmode } = drawn.layout;
    if (dragmode === "zoom" || dragmode === "pan") this.dragMode = dragmode;
  }

  /** Takes over which series were hidden or shown by a click in the legend. */
  readTraces(drawn: Drawn): void {
    drawn.data.forEach((trace, index) => {
      this.#shown.set(key(trace, index), trace.visible !== "legendonly" && trace.visible !== false);
    });
  }

  /** The layout with the part that the person looks at. */
  layout(layout: Attributes): Attributes {
    const moved = [...this.#ranges].map(([name, range]) => [
      name,
      { ...(layout[name] as Attributes | undefined), range: [...range], autorange: false },
    ]);
    return { ...layout, ...Object.fromEntries(moved), dragmode: this.dragMode };
  }

  /** The traces with those hidden that the person has hidden. */
  traces(data: readonly Trace[]): Trace[] {
    return data.map((trace, index) => {
      const shown = this.#shown.get(key(trace, index));
      return shown === undefined ? trace : { ...trace, visible: shown || "legendonly" };
    });
  }
}

function key(trace: Trace, index: number): string {
  return `${index} ${traceName(trace, index)}`;
}

function axesOf(layout: Attributes): [string, Attributes][] {
  return Object.entries(layout).filter(
    (entry): entry is [string, Attributes] =>
      /^[xy]axis\d*$/.test(entry[0]) && typeof entry[1] === "object" && entry[1] !== null,
  );
}

function isRange(value: unknown): value is [unknown, unknown] {
  return Array.isArray(value) && value.length === 2;
}
