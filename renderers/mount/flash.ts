import { h } from "./element.ts";
import { type IconName, icon } from "./icons.ts";

/** Milliseconds for which an answer stands in place of a label. */
const shown = 1600;
const waiting = new WeakMap<HTMLElement, { readonly before: readonly Node[]; timer: ReturnType<typeof setTimeout> }>();

/** Says in a control what became of it ("Copied"), for a moment. */
export function flash(element: HTMLElement, name: IconName, text: string): void {
  const present = waiting.get(element);
  if (present) clearTimeout(present.timer);
  const before = present?.before ?? [...element.childNodes];
  element.replaceChildren(icon(name), text);
  const timer = setTimeout(() => {
    waiting.delete(element);
    // Something newer may stand there by now.
    if (element.lastChild?.nodeValue === text || text === "") element.replaceChildren(...before);
  }, shown);
  waiting.set(element, { before, timer });
}

/** A button that copies a text, and says whether it could. The text is made when it is wanted. */
export function copyButton(label: string, text: () => string, title?: string): HTMLElement {
  const button = h(
    "button",
    {
      class: "button",
      type: "button",
      title,
      onclick: () =>
        void navigator.clipboard.writeText(text()).then(
          () => flash(button, "check", "Copied"),
          () => flash(button, "warning", "No access to the clipboard"),
        ),
    },
    icon("copy"),
    label,
  );
  return button;
}
