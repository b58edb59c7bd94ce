import { columnWidths } from "./geometry.ts";
import type { Source } from "./model.ts";

/** Rows that are measured. */
const measured = 120;
/** Left and right padding of a cell, and of a header with its sign and its button. */
const padding = { cell: 26, header: 58 };

/** Widths of columns in CSS pixels: what their names and some of their rows need, within bounds. All columns, unless some are named. */
export function measureColumns(
  source: Source,
  order: Uint32Array,
  place: HTMLElement,
  columns: readonly number[] = source.columns.map((_, index) => index),
  most: number = columnWidths.most,
): number[] {
  const family = getComputedStyle(place).fontFamily || "sans-serif";
  const context = document.createElement("canvas").getContext("2d");
  const widthOf = (text: string, font: string) => {
    if (!context) return text.length * 7;
    context.font = font;
    return context.measureText(text).width;
  };
  const step = Math.max(1, Math.floor(order.length / measured));
  return columns.map((index) => {
    const column = source.columns[index]!;
    const least = column.kind === "number" || column.kind === "date" ? columnWidths[column.kind] : columnWidths.least;
    let width = widthOf(`${column.name.slice(0, 80)} ${column.unit ?? ""}`, `600 12px ${family}`) + padding.header;
    const letters = column.kind === "json" ? "monospace" : family;
    const limit = Math.ceil(most / 4);
    for (let i = 0; i < order.length; i += step) {
      const text = column.text(source.value(order[i]!, index)).slice(0, limit);
      width = Math.max(width, widthOf(text, `12.5px ${letters}`) + padding.cell);
    }
    return Math.ceil(Math.min(most, Math.max(least, width)));
  });
}
