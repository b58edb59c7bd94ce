import type { ExecutionRecord } from "../../kernel/protocol/record.ts";
import { formatBytes, formatItems, h, iconButton, licenceChip, licenceClassNames, s } from "../mount.ts";
import { type Group, grouped, madeBy, type Participant, usedBy } from "./lineage.ts";

const box = { width: 236, height: 40, gap: 8 };
const middle = { width: 132, height: 48 };
const span = 84;
/** Members of a group that are listed at a time. */
const page = 50;

const roleNames: Readonly<Record<Participant["role"], readonly [one: string, many: string]>> = {
  input: ["input", "inputs"],
  model: ["model", "models"],
  lora: ["LoRA", "LoRAs"],
  dataset: ["data set", "data sets"],
  module: ["module", "modules"],
  output: ["output", "outputs"],
};

/**
 * What the cell used on the left, the cell in the middle, what it made on the right; the colour bar tells the licence class. Many of one role
 * stand together. Arrow keys go from one to the next, and what is chosen is told in full below.
 */
export function lineageGraph(record: ExecutionRecord): HTMLElement {
  const [used, made] = [grouped(usedBy(record)), grouped(madeBy(record))];
  const height = Math.max(middle.height + 8, Math.max(used.length, made.length) * (box.height + box.gap));
  const left = used.length > 0 ? box.width + span : 0;
  const width = left + middle.width + (made.length > 0 ? box.width + span : 0);
  const centre = height / 2;
  const details = h("div", { class: "chosen", role: "status" });
  const columns: SVGElement[][] = [[], []];
  const svg = s("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "Lineage" });

  const choose = (node: SVGElement, group: Group) => {
    for (const other of columns.flat()) {
      other.setAttribute("aria-pressed", String(other === node));
      other.setAttribute("tabindex", other === node ? "0" : "-1");
    }
    details.replaceChildren(...told(group));
  };
  const go = (event: KeyboardEvent, side: number, at: number) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const across = { ArrowLeft: 0, ArrowRight: 1 }[event.key];
    if (step === undefined && across === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const column = columns[across ?? side]!;
    column[Math.min(column.length - 1, Math.max(0, at + (step ?? 0)))]?.focus();
  };
  const draw = (groups: readonly Group[], side: 0 | 1) => {
    const x = side === 0 ? 0 : width - box.width;
    const top = centre - (groups.length * (box.height + box.gap) - box.gap) / 2;
    for (const [at, group] of groups.entries()) {
      const y = top + at * (box.height + box.gap);
      const middleY = y + box.height / 2;
      svg.append(side === 0 ? edge(box.width, middleY, left, centre) : edge(left + middle.width, centre, x, middleY));
      const node: SVGElement = nodeOf(group, x, y, {
        onfocus: () => choose(node, group),
        onclick: () => node.focus(),
        onkeydown: (event: KeyboardEvent) => go(event, side, at),
      });
      columns[side]!.push(node);
      svg.append(node);
    }
  };
  draw(used, 0);
  draw(made, 1);
  columns.flat()[0]?.setAttribute("tabindex", "0");
  svg.append(cellBox(record, left, centre));
  return h("div", { class: "lineage" }, zoomed(svg, width), details);
}

/** The graph as wide as there is room, and tools to see it larger. */
function zoomed(svg: SVGSVGElement, width: number): HTMLElement {
  let factor = 0;
  const scroll = h("div", { class: "graph" }, svg);
  const zoom = (next: number) => {
    factor = next === 0 ? 0 : Math.min(4, Math.max(0.25, next));
    svg.style.width = `${width * (factor || 1)}px`;
    svg.style.maxWidth = factor === 0 ? "100%" : "none";
  };
  const now = () => svg.getBoundingClientRect().width / width || 1;
  zoom(0);
  const tools = h(
    "div",
    { class: "zoom" },
    iconButton("minus", "Zoom out", () => zoom(now() / 1.25)),
    iconButton("plus", "Zoom in", () => zoom(now() * 1.25)),
    iconButton("fit", "Zoom to fit", () => zoom(0)),
  );
  return h("div", {}, tools, scroll);
}

function edge(x1: number, y1: number, x2: number, y2: number): SVGElement {
  const half = (x1 + x2) / 2;
  return s("path", { class: "edge", d: `M${x1} ${y1}C${half} ${y1} ${half} ${y2} ${x2} ${y2}` });
}

type NodeEvents = Readonly<Record<"onfocus" | "onclick" | "onkeydown", (event: never) => void>>;

function nodeOf(group: Group, x: number, y: number, events: NodeEvents): SVGElement {
  const { name, detail, licence } = wordsOf(group);
  const label = `${name}, ${detail}${licence ? `, ${licenceClassNames[licence]}` : ""}`;
  return s(
    "g",
    {
      class: "node",
      "data-class": licence,
      role: "button",
      tabindex: "-1",
      "aria-pressed": "false",
      ...events,
    },
    s("title", {}, label),
    group.members.length > 1 &&
      s("rect", { class: "box", x: x + 4.5, y: y + 4.5, width: box.width - 5, height: box.height - 2, rx: 6 }),
    s("rect", { class: "box", x: x + 0.5, y: y + 0.5, width: box.width - 5, height: box.height - 2, rx: 6 }),
    licence && s("rect", { class: "class", x: x + 4, y: y + 8, width: 3, height: box.height - 16, rx: 1.5 }),
    s("text", { class: "name", x: x + 14, y: y + 17 }, clip(name, 33)),
    s("text", { class: "detail", x: x + 14, y: y + 31 }, clip(detail, 44)),
  );
}

function wordsOf({ role, members }: Group) {
  const [first] = members;
  const classes = new Set(members.map(({ licenceClass }) => licenceClass));
  const licence = classes.size === 1 ? first?.licenceClass : undefined;
  if (first && members.length === 1) {
    const size = first.bytes === undefined ? first.note : formatBytes(first.bytes);
    const note = first.bytes === undefined ? undefined : first.note;
    return { name: first.name, detail: [roleNames[role][0], note, size].filter(Boolean).join(" · "), licence };
  }
  const counts = [...Map.groupBy(members, (one) => one.licenceClass)].flatMap(([licenceClass, some]) =>
    licenceClass ? [`${some.length} ${licenceClassNames[licenceClass]}`] : [],
  );
  const bytes = formatBytes(members.reduce((sum, one) => sum + (one.bytes ?? 0), 0));
  return { name: formatItems(members.length, ...roleNames[role]), detail: [bytes, ...counts].join(" · "), licence };
}

/** Everything that the record says of a place in the graph, with names and hashes in full. */
function told(group: Group): HTMLElement[] {
  const list = h("ul");
  const more = h("button", { class: "button", type: "button", onclick: () => grow() });
  let drawn = 0;
  const grow = () => {
    const next = group.members.slice(drawn, drawn + page);
    drawn += next.length;
    list.append(...next.map(memberLine));
    more.hidden = drawn >= group.members.length;
    more.textContent = `Show more of ${formatItems(group.members.length, ...roleNames[group.role])}`;
  };
  grow();
  return [list, more];
}

function memberLine({ role, name, bytes, licenceClass, sha256, note }: Participant): HTMLElement {
  const facts = [roleNames[role][0], bytes === undefined ? undefined : formatBytes(bytes), note];
  return h(
    "li",
    {},
    h("span", { class: "full-name" }, name),
    h("span", { class: "sub" }, facts.filter(Boolean).join(" · ")),
    licenceClass && licenceChip(licenceClass),
    h("code", {}, sha256),
  );
}

function cellBox(record: ExecutionRecord, x: number, y: number): SVGElement {
  const text = (name: string, dy: number, content: string) =>
    s("text", { class: name, x: x + middle.width / 2, y: y + dy, "text-anchor": "middle" }, content);
  return s(
    "g",
    {},
    s("rect", {
      class: "cell",
      x: x + 0.5,
      y: y - middle.height / 2,
      width: middle.width - 1,
      height: middle.height,
      rx: 8,
    }),
    text("cell-name", -2, `cell ${record.cellIndex}`),
    text("cell-id", 14, (record.contentId ?? record.executionId).slice(0, 10)),
  );
}

/** The beginning and the end of a long name: the end often tells files apart. */
function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = Math.floor(length / 3);
  return `${text.slice(0, length - end - 1)}…${text.slice(-end)}`;
}
