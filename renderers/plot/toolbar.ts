import { copyButton, flash, h, icon, iconButton, pressed } from "../mount.ts";

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
    actions.save && saveMenu(actions.save),
  );
  return { element, showDrag };
}

function saveMenu(save: (format: "png" | "svg") => Promise<void>): HTMLElement {
  const label = h("summary", { class: "button", title: "Save the chart as a picture" }, icon("save"), "Save");
  const menu = h(
    "details",
    {
      class: "menu",
      onkeydown: (event: KeyboardEvent) => {
        if (event.key !== "Escape" || !menu.open) return;
        menu.open = false;
        label.focus();
        event.stopPropagation();
      },
    },
    label,
    h(
      "div",
      { class: "choices" },
      (["png", "svg"] as const).map((format) =>
        h(
          "button",
          {
            type: "button",
            onclick: () => {
              menu.open = false;
              save(format).catch((error: unknown) =>
                flash(label, "warning", `Not saved: ${error instanceof Error ? error.message : String(error)}`),
              );
            },
          },
          h("span", {}, format.toUpperCase()),
          h("span", { class: "sub" }, format === "png" ? "picture, twice the size" : "drawing, for print"),
        ),
      ),
    ),
  );
  return menu;
}
