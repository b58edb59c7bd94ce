import { type Child, formatBytes, h, icon } from "../mount.ts";
import { isOpenable, type Line } from "./lines.ts";

/** What a row does when it is asked to. */
export interface RowActions {
  readonly toggle: (line: Line) => void;
  readonly focus: (line: Line) => void;
  readonly copyValue: (line: Line) => void;
  readonly copyPath: (line: Line) => void;
}

/** One line of the tree as an element. */
export function row(line: Line, open: boolean, position: { at: number; of: number }, actions: RowActions): HTMLElement {
  const { node } = line;
  const openable = isOpenable(line);
  const quiet = (event: Event, act: () => void) => {
    event.stopPropagation();
    act();
  };
  return h(
    "div",
    {
      class: "row",
      role: "treeitem",
      tabindex: -1,
      "aria-level": line.level + 1,
      "aria-setsize": position.of,
      "aria-posinset": position.at,
      "aria-expanded": openable ? String(open) : undefined,
      style: `--level: ${line.level}`,
      onclick: () => {
        // Whoever selects text does not want to open anything.
        if (!getSelection()?.isCollapsed) return;
        actions.focus(line);
        if (openable) actions.toggle(line);
      },
    },
    h("span", { class: openable ? "twisty" : "twisty none" }, openable && icon("chevron")),
    node.label !== undefined &&
      h("span", { class: `label ${node.role ?? ""}` }, node.label, h("span", { class: "colon" }, ":")),
    h("span", { class: `preview ${node.kind}` }, ...previewParts(line, open)),
    node.shape !== undefined && h("span", { class: "shape" }, node.shape),
    node.bytes !== undefined && node.bytes >= 1000 && h("span", { class: "shape" }, formatBytes(node.bytes)),
    h(
      "span",
      { class: "actions", "aria-hidden": "true" },
      action("Copy value", (event) => quiet(event, () => actions.copyValue(line))),
      line.path !== undefined &&
        line.path !== "" &&
        action("Copy path", (event) => quiet(event, () => actions.copyPath(line)), "path"),
    ),
  );
}

function action(label: string, onclick: (event: Event) => void, text?: string): HTMLElement {
  return h("button", { class: "button bare", type: "button", tabindex: -1, title: label, onclick }, icon("copy"), text);
}

/** An open object says only what it is; its members stand below. */
function previewParts({ node }: Line, open: boolean): Child[] {
  const structured = node.expandable && !["function", "class", "tensor", "image", "table", "error"].includes(node.kind);
  if (open && structured) return [h("span", { class: "type" }, node.type)];
  const circular = node.preview.startsWith("↻ ");
  if (circular)
    return [h("span", { class: "circular", title: "the same object as above" }, "↻ "), node.preview.slice(2)];
  return [node.preview];
}
