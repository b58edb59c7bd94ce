import type { ExecutionRecord } from "../../kernel/protocol/record.ts";
import { formatBytes, h, licenceClassNames, s } from "../mount.ts";

type Participant = ExecutionRecord["participants"][number];

/** Participants drawn on either side; the rest is counted. */
const most = 14;
const box = { width: 236, height: 40, gap: 8 };
const middle = { width: 132, height: 48 };
const span = 84;

const roleNames: Readonly<Record<Participant["role"], string>> = {
  input: "input",
  model: "model",
  lora: "LoRA",
  dataset: "data set",
  module: "module",
  output: "output",
};

/** What the cell used on the left, the cell in the middle, what it made on the right; the colour bar tells the licence class. */
export function lineageGraph(record: ExecutionRecord): HTMLElement {
  const used = record.participants.filter((one) => one.direction === "used");
  const made = record.participants.filter((one) => one.direction === "produced");
  const rows = Math.max(1, Math.min(used.length, most + 1), Math.min(made.length, most + 1));
  const height = Math.max(middle.height + 8, rows * (box.height + box.gap));
  const left = used.length > 0 ? box.width + span : 0;
  const right = made.length > 0 ? box.width + span : 0;
  const width = left + middle.width + right;
  const centre = height / 2;
  const svg = s("svg", {
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: "img",
    "aria-label": describe(used, made),
  });
  const column = (list: readonly Participant[], x: number, towards: "right" | "left") => {
    const shown = list.length > most + 1 ? list.slice(0, most) : list;
    const count = shown.length + (shown.length < list.length ? 1 : 0);
    const top = centre - (count * (box.height + box.gap) - box.gap) / 2;
    for (let i = 0; i < count; i++) {
      const y = top + i * (box.height + box.gap);
      const from = towards === "right" ? [x + box.width, y + box.height / 2] : [left + middle.width, centre];
      const to = towards === "right" ? [left, centre] : [x, y + box.height / 2];
      svg.append(edge(from as [number, number], to as [number, number]));
      const one = shown[i];
      svg.append(one ? participantBox(one, x, y) : restBox(list.length - shown.length, x, y));
    }
  };
  column(used, 0, "right");
  column(made, width - box.width, "left");
  svg.append(
    s("rect", {
      class: "cell",
      x: left + 0.5,
      y: centre - middle.height / 2,
      width: middle.width - 1,
      height: middle.height,
      rx: 8,
    }),
    s(
      "text",
      { class: "cell-name", x: left + middle.width / 2, y: centre - 2, "text-anchor": "middle" },
      `cell ${record.cellIndex}`,
    ),
    s(
      "text",
      { class: "cell-id", x: left + middle.width / 2, y: centre + 14, "text-anchor": "middle" },
      (record.contentId ?? record.executionId).slice(0, 10),
    ),
  );
  return h("div", { class: "graph" }, svg as unknown as HTMLElement);
}

function edge([x1, y1]: [number, number], [x2, y2]: [number, number]): SVGElement {
  const half = (x1 + x2) / 2;
  return s("path", { class: "edge", d: `M${x1} ${y1}C${half} ${y1} ${half} ${y2} ${x2} ${y2}` });
}

function participantBox(one: Participant, x: number, y: number): SVGElement {
  const licence = one.licenceClass ? `, ${licenceClassNames[one.licenceClass]}` : "";
  return s(
    "g",
    { class: "node", "data-class": one.licenceClass },
    s("title", {}, `${one.name}\n${roleNames[one.role]}, ${formatBytes(one.bytes)}${licence}\n${one.sha256}`),
    s("rect", { class: "box", x: x + 0.5, y: y + 0.5, width: box.width - 1, height: box.height - 1, rx: 6 }),
    one.licenceClass && s("rect", { class: "class", x: x + 4, y: y + 8, width: 3, height: box.height - 16, rx: 1.5 }),
    s("text", { class: "name", x: x + 14, y: y + 17 }, clip(one.name, 34)),
    s(
      "text",
      { class: "detail", x: x + 14, y: y + 31 },
      `${roleNames[one.role]} · ${formatBytes(one.bytes)} · ${one.sha256.slice(0, 8)}`,
    ),
  );
}

function restBox(count: number, x: number, y: number): SVGElement {
  return s("text", { class: "detail", x: x + 14, y: y + 24 }, `and ${count} more`);
}

function describe(used: readonly Participant[], made: readonly Participant[]): string {
  const names = (list: readonly Participant[]) =>
    list
      .slice(0, 8)
      .map((one) => `${roleNames[one.role]} ${one.name}`)
      .join(", ") || "nothing";
  return `Used: ${names(used)}. Made: ${names(made)}.`;
}

function clip(text: string, length: number): string {
  return text.length > length ? `…${text.slice(1 - length)}` : text;
}
