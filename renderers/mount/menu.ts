import { h } from "./element.ts";
import { flash } from "./flash.ts";
import { type IconName, icon } from "./icons.ts";

/** One of a few choices: its name, a hint beside it, and what it does. */
export interface MenuChoice {
  readonly name: string;
  readonly hint: string;
  /** What fails is said in the button of the menu: `Not saved: …`. */
  readonly act: () => Promise<void>;
}

/** A button that opens a short list of ways to save. Escape closes it. */
export function saveMenu(name: IconName, label: string, title: string, choices: readonly MenuChoice[]): HTMLElement {
  const button = h("summary", { class: "button", title }, icon(name), label);
  const menu = h(
    "details",
    {
      class: "menu",
      onkeydown: (event: KeyboardEvent) => {
        if (event.key !== "Escape" || !menu.open) return;
        menu.open = false;
        button.focus();
        event.stopPropagation();
      },
    },
    button,
    h(
      "div",
      { class: "choices" },
      choices.map(({ name, hint, act }) =>
        h(
          "button",
          {
            type: "button",
            onclick: () => {
              menu.open = false;
              act().catch((error: unknown) =>
                flash(button, "warning", `Not saved: ${error instanceof Error ? error.message : String(error)}`),
              );
            },
          },
          h("span", {}, name),
          h("span", { class: "sub" }, hint),
        ),
      ),
    ),
  );
  return menu;
}
