import { type Child, h } from "./element.ts";

/** What an output is, on the left, and what can be done with it, on the right. `sub` is a line beside the title. */
export function head(title: string, sub: Child, ...tools: Child[]): HTMLElement {
  return h(
    "div",
    { class: "head" },
    h("h3", { class: "title" }, title),
    sub instanceof Node ? sub : h("span", { class: "sub" }, sub),
    tools.length > 0 && h("div", { class: "tools" }, tools),
  );
}
