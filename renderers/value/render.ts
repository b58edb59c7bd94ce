import type { ValueOutput } from "../../kernel/protocol/outputs.ts";
import { formatItems, h, icon, type Shown, type Surroundings } from "../mount.ts";
import { everyLine, isOpenable, itemLines, type Line, linesOf, missing, words } from "./lines.ts";
import { type RowActions, row } from "./row.ts";
import { textBlock } from "./text-block.ts";

/** Items of a long list that are shown at once. */
const page = 100;
/** Trees with fewer lines need no search. */
const fewLines = 12;

/** Draws a value as a tree: keys as in any tree of the workbench, search, copy of values and paths; rows are made when they are opened. */
export function renderValue(root: HTMLElement, data: ValueOutput, { signal }: Surroundings): Shown<ValueOutput> {
  let top = linesOf(data);
  const open = new Set<string>([top.key]);
  const pages = new Map<string, number>();
  let found: ReadonlySet<Line> | undefined;
  let current = top.key;
  let shown: { readonly line: Line; readonly element: HTMLElement }[] = [];

  const status = h("span", { class: "sub", role: "status" });
  const search = h("input", {
    type: "search",
    placeholder: "Search",
    "aria-label": "Search in this value",
    oninput: () => find(search.value),
    onkeydown: (event: KeyboardEvent) => {
      if (event.key === "ArrowDown" || event.key === "Enter") moveTo(shown[0]?.line);
      else return;
      event.preventDefault();
    },
  });
  const head = h(
    "div",
    { class: "head" },
    h("div", { class: "tools" }, status, h("label", { class: "field" }, icon("search"), search)),
  );
  const tree = h("div", {
    class: "tree",
    role: "tree",
    "aria-label": "Value",
    onkeydown: (event: KeyboardEvent) => key(event),
    onfocusin: (event: FocusEvent) => {
      const entered = shown.find(({ element: one }) => one === event.target);
      if (entered && entered.line.key !== current) moveTo(entered.line);
    },
  });
  root.append(head, tree);

  const actions: RowActions = {
    toggle: (line) => toggle(line),
    focus: (line) => moveTo(line),
    copyValue: (line) => copy(line.node.text ?? line.node.preview, "Value"),
    copyPath: (line) => copy(line.path ?? "", "Path"),
  };

  function copy(text: string, what: string): void {
    navigator.clipboard.writeText(text).then(
      () => say(`${what} copied`),
      () => say("No access to the clipboard"),
    );
  }

  function say(text: string): void {
    status.textContent = text;
    root.classList.add("told");
    const timer = setTimeout(() => {
      if (status.textContent === text) status.textContent = "";
      root.classList.remove("told");
    }, 2000);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  }

  function draw(): void {
    shown = [];
    const parts: HTMLElement[] = [];
    const add = (line: Line, at: number, of: number) => {
      const isOpen =
        isOpenable(line) &&
        (found ? line.members.some((one) => found?.has(one)) || open.has(line.key) : open.has(line.key));
      const element = row(line, isOpen, { at, of }, actions);
      shown.push({ line, element });
      parts.push(element);
      if (!isOpen) return;
      const { text, items } = line.node;
      if (text !== undefined) parts.push(textBlock(text, line.node.kind, line.level));
      const length = line.members.length + (items?.length ?? 0);
      const until = pages.get(line.key) ?? page;
      let place = 0;
      const members = found ? line.members.filter((one) => found?.has(one)) : line.members;
      for (const one of [...members.slice(0, until), ...itemLines(line, 0, until)]) add(one, ++place, length);
      const kept = Math.max(items?.length ?? 0, members.length);
      if (kept > until) parts.push(moreButton(line, kept, until));
      const rest = missing(line);
      if (rest > 0 && kept <= until)
        parts.push(note(line, `… ${formatItems(rest, "more is", "more are")} not kept in this output`));
    };
    if (!found || found.has(top)) add(top, 1, 1);
    tree.replaceChildren(...parts);
    const focusable = shown.find(({ line }) => line.key === current) ?? shown[0];
    if (focusable) focusable.element.tabIndex = 0;
  }

  function moreButton(line: Line, total: number, until: number): HTMLElement {
    const more = () => {
      pages.set(line.key, until + page);
      redraw();
    };
    const label = `Show ${Math.min(page, total - until)} more of ${formatItems(total, "item")}`;
    return h(
      "div",
      { class: "note", role: "treeitem", "aria-level": line.level + 2, style: `--level: ${line.level}` },
      h("button", { class: "button", type: "button", onclick: more }, label),
    );
  }

  function redraw(): void {
    const focused = tree.contains((root.getRootNode() as ShadowRoot).activeElement);
    draw();
    if (focused) element(current)?.focus();
  }

  function element(keyOf: string): HTMLElement | undefined {
    return shown.find(({ line }) => line.key === keyOf)?.element;
  }

  function toggle(line: Line, to = !open.has(line.key)): void {
    if (!isOpenable(line)) return;
    if (to) open.add(line.key);
    else open.delete(line.key);
    redraw();
  }

  function moveTo(line: Line | undefined): void {
    if (!line) return;
    const before = element(current);
    if (before) before.tabIndex = -1;
    current = line.key;
    const now = element(current);
    if (!now) return;
    now.tabIndex = 0;
    now.focus();
  }

  function find(text: string): void {
    const wanted = text.trim().toLowerCase();
    if (wanted === "") found = undefined;
    else {
      const hits = new Set<Line>();
      let count = 0;
      for (const line of everyLine(top)) {
        if (!words(line).includes(wanted)) continue;
        count++;
        for (let at: Line | undefined = line; at && !hits.has(at); at = at.parent) hits.add(at);
      }
      found = hits;
      status.textContent = count === 0 ? "nothing found" : formatItems(count, "match", "matches");
    }
    if (!found) status.textContent = "";
    draw();
  }

  function key(event: KeyboardEvent): void {
    const index = shown.findIndex(({ line }) => line.key === current);
    const line = shown[index]?.line;
    if (!line || (event.target as HTMLElement).closest("button")) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "c") {
      if (!getSelection()?.isCollapsed) return;
      if (event.shiftKey) actions.copyPath(line);
      else actions.copyValue(line);
    } else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (!move(event.key, line, index)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  function move(pressed: string, line: Line, index: number): boolean {
    const isOpen = element(line.key)?.getAttribute("aria-expanded") === "true";
    switch (pressed) {
      case "ArrowDown":
        moveTo(shown[index + 1]?.line);
        return true;
      case "ArrowUp":
        moveTo(shown[index - 1]?.line);
        return true;
      case "Home":
        moveTo(shown[0]?.line);
        return true;
      case "End":
        moveTo(shown.at(-1)?.line);
        return true;
      case "ArrowRight":
        if (isOpenable(line) && !isOpen) toggle(line, true);
        else if (shown[index + 1]?.line.parent === line) moveTo(shown[index + 1]?.line);
        return true;
      case "ArrowLeft":
        if (isOpen) toggle(line, false);
        else moveTo(line.parent);
        return true;
      case "Enter":
      case " ":
        toggle(line);
        return true;
      case "*":
        for (const one of line.parent?.members ?? [line]) if (isOpenable(one)) open.add(one.key);
        redraw();
        return true;
      default:
        return pressed.length === 1 && typeAhead(pressed, index);
    }
  }

  let typed = "";
  let typedAt = 0;
  function typeAhead(character: string, index: number): boolean {
    const now = performance.now();
    typed = now - typedAt < 700 ? typed + character.toLowerCase() : character.toLowerCase();
    typedAt = now;
    const start = typed.length > 1 ? index : index + 1;
    const order = [...shown.slice(start), ...shown.slice(0, start)];
    moveTo(order.find(({ line }) => (line.node.label ?? "").toLowerCase().startsWith(typed))?.line);
    return true;
  }

  const update = (next: ValueOutput) => {
    top = linesOf(next);
    // What went wrong, and why, is seen at once.
    if (top.node.kind === "error")
      for (const line of everyLine(top)) if (line.node.kind === "error") open.add(line.key);
    root.classList.toggle("small", [...everyLine(top)].length < fewLines && (top.node.items?.length ?? 0) < fewLines);
    if (search.value !== "") find(search.value);
    else redraw();
    return true;
  };
  update(data);
  return { update };
}

function note(line: Line, text: string): HTMLElement {
  return h(
    "div",
    { class: "note", role: "treeitem", "aria-level": line.level + 2, style: `--level: ${line.level}` },
    text,
  );
}
