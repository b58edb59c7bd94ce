import type { Breach, Lineage, LineageNode } from "../../kernel/protocol/lineage.ts";
import { formatCount, h, icon, iconButton, licenceClassNames, type Surroundings, s } from "../mount.ts";
import { layOut, type Way } from "./layout.ts";
import { roleNames, subtitleOf } from "./lineage.ts";
import { placeDetails } from "./place-details.ts";

const sizes = { width: 168, height: 56, across: 40, down: 12 };
/** Places that are drawn; a graph of the kernel's own has fewer. */
const mostPlaces = 300;
/** Padding of the graph on both sides, with what stands out of a box. */
const inset = 28;
const zoomRange = { least: 0.3, fitted: 0.78, most: 3 };

/**
 * From the source items on the left over data sets, LoRAs and models to what the cell made or showed on the right; the colour bar tells the licence
 * class. Arrow keys go along the ways and up and down, and what is chosen is told in full below.
 */
export function lineageGraph(
  lineage: Lineage,
  breaches: readonly Breach[],
  openRecord: Surroundings["openRecord"],
): HTMLElement {
  const byId = new Map(lineage.nodes.slice(0, mostPlaces).map((node) => [node.id, node]));
  const layout = layOut([...byId.keys()], lineage.edges, sizes);
  const broken = Map.groupBy(breaches, ({ sha256 }) => sha256);
  const breachesOf = (node: LineageNode) => node.members.flatMap(({ sha256 = "" }) => broken.get(sha256) ?? []);
  const details = h("div", { class: "chosen", role: "status" });
  const buttons = new Map<string, HTMLElement>();
  const lines = layout.ways.map((way) => ({ way, line: s("path", { class: "edge", d: curve(way) }) }));

  const choose = (id: string) => {
    const node = byId.get(id)!;
    for (const [other, button] of buttons) {
      button.setAttribute("aria-pressed", String(other === id));
      button.tabIndex = other === id ? 0 : -1;
    }
    const along = wayAlong(layout.ways, id);
    for (const { way, line } of lines) line.classList.toggle("along", along.has(way));
    details.replaceChildren(...(node.role === "cell" ? [] : placeDetails(node, breachesOf(node), openRecord)));
  };
  const go = (event: KeyboardEvent, id: string) => {
    const next = neighbour(layout, id, event.key);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    buttons.get(next)?.focus();
  };
  const places = layout.places.map(({ id, x, y }) => {
    const node = byId.get(id)!;
    const from = layout.ways.filter(({ to }) => to === id).map((way) => byId.get(way.from)!.name);
    const button = placeButton(node, breachesOf(node).length > 0, from);
    button.style.translate = `${x}px ${y}px`;
    button.addEventListener("focus", () => choose(id));
    button.addEventListener("click", () => button.focus());
    button.addEventListener("keydown", (event) => go(event, id));
    buttons.set(id, button);
    return button;
  });
  const first = layout.places.find(({ id }) => byId.get(id)!.role !== "cell") ?? layout.places[0];
  if (first) buttons.get(first.id)!.tabIndex = 0;
  const svg = s(
    "svg",
    { class: "edges", width: layout.width, height: layout.height, "aria-hidden": "true" },
    lines.map(({ line }) => line),
  );
  const canvas = h("div", { class: "canvas" }, svg, places);
  canvas.style.width = `${layout.width}px`;
  canvas.style.height = `${layout.height}px`;
  const left = lineage.nodes.length - byId.size;
  const notes = [...lineage.notes, ...(left > 0 ? [`${formatCount(left)} places are not drawn.`] : [])];
  return h(
    "div",
    { class: "lineage" },
    zoomed(canvas, layout),
    details,
    notes.map((note) => h("p", { class: "sub" }, note)),
  );
}

function placeButton(node: LineageNode, broken: boolean, from: readonly string[]): HTMLElement {
  const { role, name, count, licenceClass } = node;
  const kind = roleNames[role][count === 1 ? 0 : 1];
  const licence = licenceClass && licenceClassNames[licenceClass];
  const more = [
    licence && `licence class ${licence}`,
    broken && "not admitted by the mode",
    from.length > 0 && `from ${from.slice(0, 5).join(", ")}${from.length > 5 ? ` and ${from.length - 5} more` : ""}`,
  ].filter(Boolean);
  return h(
    "button",
    {
      class: "node",
      type: "button",
      tabindex: "-1",
      "aria-pressed": "false",
      title: name,
      "data-role": role,
      "data-class": licenceClass,
      "data-many": count > 1,
      "data-broken": broken,
    },
    role !== "cell" && h("span", { class: "kind" }, broken && icon("warning"), kind),
    h("span", { class: "name" }, name),
    h("span", { class: "detail" }, subtitleOf(node)),
    more.length > 0 && h("span", { class: "visually-hidden" }, more.join(", ")),
  );
}

/** The graph as wide as there is room, unless it were too small to read, and tools to see it larger. */
function zoomed(canvas: HTMLElement, { width, height }: { width: number; height: number }): HTMLElement {
  const sheet = h("div", { class: "sheet" }, canvas);
  const scroll = h("div", { class: "graph", role: "group", "aria-label": "Lineage" }, sheet);
  let chosen: number | undefined;
  let now = 1;
  const draw = () => {
    const room = (scroll.clientWidth || width + inset) - inset;
    const fitted = Math.min(1, Math.max(zoomRange.fitted, room / Math.max(1, width)));
    now = chosen ?? fitted;
    canvas.style.scale = String(now);
    sheet.style.width = `${width * now}px`;
    sheet.style.height = `${height * now}px`;
  };
  const zoom = (next: number | undefined) => {
    chosen = next === undefined ? undefined : Math.min(zoomRange.most, Math.max(zoomRange.least, next));
    draw();
  };
  draw();
  new ResizeObserver(draw).observe(scroll);
  const tools = h(
    "div",
    { class: "zoom" },
    iconButton("minus", "Zoom out", () => zoom(now / 1.25)),
    iconButton("plus", "Zoom in", () => zoom(now * 1.25)),
    iconButton("fit", "Zoom to fit", () => zoom(undefined)),
  );
  return h("div", { class: "frame" }, scroll, tools);
}

function curve({ points }: Way): string {
  return points
    .map(({ x, y }, at) => {
      const before = points[at - 1];
      if (!before) return `M${x} ${y}`;
      const half = (before.x + x) / 2;
      return before.y === y ? `L${x} ${y}` : `C${half} ${before.y} ${half} ${y} ${x} ${y}`;
    })
    .join("");
}

/** The ways that lead to a place, over others too, and on from it. */
function wayAlong(ways: readonly Way[], id: string): ReadonlySet<Way> {
  const found = new Set<Way>();
  const follow = (next: (way: Way) => readonly [here: string, there: string]) => {
    const reached = [id];
    const seen = new Set(reached);
    for (let at = 0; at < reached.length; at++) {
      for (const way of ways) {
        const [here, there] = next(way);
        if (here !== reached[at]) continue;
        found.add(way);
        if (seen.has(there)) continue;
        seen.add(there);
        reached.push(there);
      }
    }
  };
  follow(({ from, to }) => [to, from]);
  follow(({ from, to }) => [from, to]);
  return found;
}

/** The place that an arrow key leads to: up and down in its column, left and right along a way, or to the nearest there. */
function neighbour(layout: ReturnType<typeof layOut>, id: string, key: string): string | undefined {
  const here = layout.places.find((place) => place.id === id);
  if (!here) return undefined;
  const near = (places: readonly (typeof here)[]) =>
    [...places].sort((a, b) => Math.abs(a.y - here.y) - Math.abs(b.y - here.y))[0]?.id;
  const column = (at: number) => layout.places.filter((place) => place.column === at);
  switch (key) {
    case "ArrowUp":
      return near(column(here.column).filter(({ y }) => y < here.y)) ?? id;
    case "ArrowDown":
      return near(column(here.column).filter(({ y }) => y > here.y)) ?? id;
    case "ArrowLeft":
    case "ArrowRight": {
      const left = key === "ArrowLeft";
      const joined = new Set(
        layout.ways.flatMap(({ from, to }) => (left ? (to === id ? [from] : []) : from === id ? [to] : [])),
      );
      const along = layout.places.filter((place) => joined.has(place.id));
      return near(along) ?? near(column(here.column + (left ? -1 : 1))) ?? id;
    }
    default:
      return undefined;
  }
}
