import { s } from "./element.ts";

/** Paths on a 16 × 16 grid, drawn with a stroke of the text's colour. */
const paths = {
  close: "M4 4l8 8M12 4l-8 8",
  previous: "M10 3.5L5.5 8l4.5 4.5",
  next: "M6 3.5L10.5 8 6 12.5",
  plus: "M8 3.5v9M3.5 8h9",
  minus: "M3.5 8h9",
  fit: "M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3",
  copy: "M6 5.5h7v7.5H6zM10 5.5V3H3v7.5h3",
  check: "M3.5 8.5l3 3 6-7",
  warning: "M8 2.5l6 11H2zM8 6.5v3.5M8 12v.2",
  shield: "M8 2l5 2v4c0 3-2.2 5-5 6-2.8-1-5-3-5-6V4z",
  up: "M8 12.5v-9M4.5 7L8 3.5 11.5 7",
  down: "M8 3.5v9M4.5 9L8 12.5 11.5 9",
  chevron: "M6 4l4 4-4 4",
  search: "M7 2.8a4.2 4.2 0 100 8.4 4.2 4.2 0 000-8.4zM10.2 10.2L13.5 13.5",
  pixels: "M3 3h4v4H3zM9 9h4v4H9zM9 3h4v4H9zM3 9h4v4H3z",
  filter: "M2.5 4h11M4.8 8h6.4M7 12h2",
  bars: "M3 13V8.5M6.3 13V3.5M9.7 13V6M13 13v-3",
  save: "M8 2.5v7.5M4.8 7L8 10.2 11.2 7M3 13h10",
  play: "M5 3.2l8 4.8-8 4.8z",
  pause: "M5 3.5v9M11 3.5v9",
  stepBack: "M11.5 3.5L6 8l5.5 4.5zM4 3.5v9",
  stepForward: "M4.5 3.5L10 8l-5.5 4.5zM12 3.5v9",
  loop: "M3 7.5A4 4 0 017 4h5.5M10.5 2l2 2-2 2M13 8.5A4 4 0 019 12H3.5M5.5 14l-2-2 2-2",
  turn: "M13 8A5 5 0 118 3h3M9.2 1.2L11 3 9.2 4.8",
  camera: "M2.5 5h2.7l1-1.5h3.6l1 1.5h2.7v7.5h-11zM8 6.6a2 2 0 100 4 2 2 0 000-4z",
} as const;

export type IconName = keyof typeof paths;

/** A line icon of 16 pixels, hidden from screen readers: the control beside it carries the words. */
export function icon(name: IconName): SVGElement {
  return s(
    "svg",
    { class: "icon", viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true", focusable: "false" },
    s("path", { d: paths[name] }),
  );
}
