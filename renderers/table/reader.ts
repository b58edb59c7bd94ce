import { flash, formatCount, h, iconButton } from "../mount.ts";
import { type Column, fullText, type Value } from "./model.ts";

/** One value in full, below the table. Escape goes back to its cell. */
export class Reader {
  readonly element = h("div", { class: "reader", hidden: true });
  readonly #onClose: () => void;

  constructor(onClose: () => void) {
    this.#onClose = onClose;
  }

  /** Shows the value of a row, from 0, in a column. */
  show({ name, kind }: Column, value: Value, row: number): void {
    const text = fullText(value, kind);
    const copy = iconButton("copy", "Copy value", () => {
      navigator.clipboard.writeText(text).then(
        () => flash(copy, "check", ""),
        () => flash(copy, "warning", ""),
      );
    });
    this.element.hidden = false;
    this.element.replaceChildren(
      h(
        "div",
        { class: "panel-head" },
        h("strong", {}, name.slice(0, 120)),
        h("span", { class: "unit" }, `row ${formatCount(row + 1)}`),
        copy,
        iconButton("close", "Close", () => this.#close()),
      ),
      h(
        "pre",
        {
          tabindex: "0",
          "aria-label": `Value of ${name.slice(0, 80)}`,
          onkeydown: (event: KeyboardEvent) => {
            if (event.key === "Escape") this.#close();
            event.stopPropagation();
          },
        },
        text.length === 0 ? "(empty)" : pretty(text, kind === "json"),
      ),
    );
    this.element.querySelector("pre")?.focus();
  }

  #close(): void {
    this.element.hidden = true;
    this.#onClose();
  }
}

function pretty(text: string, isJson: boolean): string {
  if (!isJson) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
