import { h } from "./element.ts";
import { type IconName, icon } from "./icons.ts";

/** A button that shows an icon and is called by its words. `on` makes it a switch. */
export function iconButton(name: IconName, label: string, action: () => void, on?: boolean): HTMLButtonElement {
  return h(
    "button",
    {
      class: "button bare",
      type: "button",
      title: label,
      "aria-label": label,
      "aria-pressed": on === undefined ? undefined : String(on),
      onclick: action,
    },
    icon(name),
  );
}

/** Shows a switch as on or off. */
export function pressed(button: HTMLElement, on: boolean): void {
  button.setAttribute("aria-pressed", String(on));
}

/** A choice among a few words. */
export function choice<T extends string>(
  label: string,
  options: Readonly<Record<T, string>>,
  value: T,
  action: (value: T) => void,
): HTMLSelectElement {
  const select = h(
    "select",
    { class: "choice", "aria-label": label, title: label, onchange: () => action(select.value as T) },
    (Object.entries(options) as [T, string][]).map(([key, text]) =>
      h("option", { value: key, selected: key === value }, text),
    ),
  );
  return select;
}

/** A box in place of what cannot be shown, with the reason. */
export function sayWhy(what: string, error: unknown): HTMLElement {
  const reason = error instanceof Error ? error.message : String(error);
  return h("div", { class: "media-missing", role: "note" }, `${what}: ${reason.slice(0, 300)}`);
}
