import { copyButton, h, iconButton, pressed, saveMenu } from "../mount.ts";

export interface ToolbarActions {
  readonly zoom: (factor: number) => void;
  readonly reset: () => void;
  readonly setDrag: (mode: "zoom" | "pan") => void;
  readonly csv: () => string;
  /** Absent where nothing can be saved. */
  readonly save?: (format: "png" | "svg") => Promise<void>;
}

export interface Toolbar {
  readonly element: HTMLElement;
  /** Shows what dragging does. */
  readonly showDrag: (mode: "zoom" | "pan") => void;
}

/** Zoom, all, what dragging does, copy and save. */
export function toolbar(actions: ToolbarActions): Toolbar {
  const drag = { zoom: "Drag to zoom", pan: "Drag to move" } as const;
  const buttons = (["zoom", "pan"] as const).map((mode) => {
    const button = h(
      "button",
      { class: "button", type: "button", "aria-pressed": String(mode === "zoom"), title: drag[mode] },
      mode === "zoom" ? "Zoom" : "Move",
    );
    button.addEventListener("click", () => {
      actions.setDrag(mode);
      showDrag(mode);
    });
    return [mode, button] as const;
  });
  const showDrag = (mode: "zoom" | "pan") => {
    for (const [own, button] of buttons) pressed(button, own === mode);
  };
  const { save } = actions;
  const element = h(
    "div",
    { class: "tools", role: "toolbar", "aria-label": "Chart" },
    h(
      "span",
      { class: "segments", role: "group", "aria-label": "Dragging" },
      buttons.map(([, button]) => button),
    ),
    iconButton("minus", "Zoom out", () => actions.zoom(2)),
    iconButton("plus", "Zoom in", () => actions.zoom(0.5)),
    iconButton("fit", "Show all", actions.reset),
    copyButton("CSV", actions.csv, "Copy all points as CSV"),
    save &&
      saveMenu("save", "Save", "Save the chart as a picture", [
        { name: "PNG", hint: "picture, twice the size", act: () => save("png") },
        { name: "SVG", hint: "drawing, for print", act: () => save("svg") },
      ]),
  );
  return { element, showDrag };
}
