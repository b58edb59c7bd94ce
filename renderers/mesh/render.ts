import type { MeshItem, MeshOutput } from "../../kernel/protocol/outputs.ts";
import {
  caption,
  choice,
  formatCount,
  formatItems,
  h,
  head,
  iconButton,
  itemName,
  keyAction,
  onThemeChange,
  pressed,
  type Surroundings,
  sayWhy,
  themeColours,
} from "../mount.ts";
import type { Counted } from "./model.ts";
import { objection } from "./safe-glb.ts";
import type { Lighting, Stage } from "./stage.ts";

const surfaces = { shaded: "Shaded", wireframe: "Wireframe", normals: "Normals" } as const;
const lightings: Record<Lighting, string> = { studio: "Studio", outdoor: "Outdoor", flat: "Flat", side: "Side" };

/** Draws 3D objects side by side in one view that turns them together. The 3D library is loaded only here and now. */
export function renderMesh(root: HTMLElement, data: MeshOutput, surroundings: Surroundings): undefined {
  const { signal, media } = surroundings;
  let stage: Stage | undefined;
  const places = data.items.map((item, index) => h("div", { class: "place" }, named(item, index)));
  const captions = data.items.map((item) => h("div", {}, caption(item, stated(item))));
  const canvas = h("canvas", {
    class: "view",
    tabindex: "0",
    role: "img",
    "aria-label": `${data.title ?? "3D view"}: ${data.items.map((item, i) => item.alt || itemName(item, i, "Object")).join(", ")}. Arrow keys turn it.`,
    onkeydown: key,
  });
  const status = h("div", { class: "media-missing", role: "status" }, "Loading…");
  const view = h("div", { class: "view-box" }, canvas, h("div", { class: "places" }, places), status);
  const turn = iconButton("turn", "Turntable (T)", () => toggleTurn(), false);
  const surface = choice("Surface", surfaces, "shaded", (value) => stage && Object.assign(stage, { surface: value }));
  const size = h("input", {
    type: "range",
    min: 0.2,
    max: 4,
    step: 0.1,
    value: 1,
    "aria-label": "Size of points",
    oninput: () => stage && Object.assign(stage, { pointSize: Number(size.value) }),
  });
  const points = h("label", { class: "points", hidden: true }, "Points", size);
  const bar = h(
    "div",
    { class: "media-bar" },
    surface,
    choice("Lighting", lightings, "studio", (value) => stage && Object.assign(stage, { lighting: value })),
    points,
    h("span", { class: "spread" }),
    turn,
    iconButton("minus", "Further away (−)", () => stage?.closer(1.25)),
    iconButton("plus", "Closer (+)", () => stage?.closer(0.8)),
    iconButton("fit", "View as at first (0)", () => stage?.reset()),
    iconButton("camera", "Save a picture of this view", () => savePicture()),
  );
  root.append(
    head(
      data.title ?? (data.items.length > 1 ? "3D objects" : "3D object"),
      data.items.length > 1 ? `${formatItems(data.items.length, "object")} in step` : "",
    ),
    h("div", { class: "media-panel" }, view, bar, h("div", { class: "media-captions" }, captions)),
  );
  start().catch((error: unknown) => {
    if (signal.aborted) return;
    status.hidden = true;
    bar.hidden = true;
    view.replaceChildren(sayWhy("The 3D view cannot be shown", error));
    stills().catch(() => {});
  });

  async function start(): Promise<void> {
    const { Stage } = await import("./stage.ts");
    if (signal.aborted) return;
    try {
      stage = new Stage(canvas, colours(), signal);
    } catch {
      throw new Error(
        "this editor has no WebGL here; hardware acceleration may be switched off. What is known of the objects stands below",
      );
    }
    onThemeChange(signal, () => {
      if (stage) stage.colours = colours();
    });
    await Promise.all(data.items.map((item, index) => load(item, index)));
    status.hidden = true;
    view.dataset.ready = "true";
  }

  async function load(item: MeshItem, index: number): Promise<void> {
    try {
      const bytes = await media.bytes(item.media);
      const reason = objection(bytes);
      if (reason) throw new Error(reason);
      const model = await stage?.add(index, bytes);
      if (!model) return;
      captions[index]!.replaceChildren(caption(item, facts(model.counted)));
      if (model.counted.points > 0) points.hidden = false;
    } catch (error) {
      await stage?.add(index, undefined);
      places[index]!.append(sayWhy(`${itemName(item, index, "Object")} cannot be shown`, error));
    }
  }

  /** Pictures of the objects, where they bring some, in place of a view. */
  async function stills(): Promise<void> {
    for (const [index, item] of data.items.entries()) {
      if (!item.poster) continue;
      const url = await media.objectUrl(item.poster);
      signal.addEventListener("abort", () => URL.revokeObjectURL(url));
      view.append(h("img", { class: "still", src: url, alt: item.alt || itemName(item, index, "Object") }));
    }
  }

  function colours() {
    const { background, grid, muted } = themeColours(root);
    return { background: opaque(background), line: opaque(grid), text: opaque(muted) };
  }

  /** The colour without transparency over the background of the output. */
  function opaque(colour: string): string {
    const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    if (!probe) return "#808080";
    for (const layer of [themeColours(root).background, colour]) {
      probe.fillStyle = layer;
      probe.fillRect(0, 0, 1, 1);
    }
    const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
    return `rgb(${r}, ${g}, ${b})`;
  }

  function toggleTurn(): void {
    if (!stage) return;
    stage.turning = !stage.turning;
    pressed(turn, stage.turning);
  }

  function savePicture(): void {
    if (!stage) return;
    const base64 = stage.picture();
    const name = `${(data.title ?? data.items[0]?.label ?? "view").replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60)}.png`;
    if (media.canSave) {
      media.save(name, { mime: "image/png", base64 }).catch(() => {});
      return;
    }
    h("a", { href: `data:image/png;base64,${base64}`, download: name }).click();
  }

  function key(event: KeyboardEvent): void {
    const choose = (value: keyof typeof surfaces) => () => {
      surface.value = surface.value === value ? "shaded" : value;
      surface.dispatchEvent(new Event("change"));
    };
    keyAction(event, {
      ArrowLeft: () => stage?.orbit(-0.15, 0),
      ArrowRight: () => stage?.orbit(0.15, 0),
      ArrowUp: () => stage?.orbit(0, 0.12),
      ArrowDown: () => stage?.orbit(0, -0.12),
      "+": () => stage?.closer(0.8),
      "=": () => stage?.closer(0.8),
      "-": () => stage?.closer(1.25),
      "0": () => stage?.reset(),
      t: toggleTurn,
      w: choose("wireframe"),
      n: choose("normals"),
    });
  }
  return undefined;
}

function named(item: MeshItem, index: number): HTMLElement | undefined {
  return item.label ? h("span", { class: "name-tag" }, itemName(item, index, "Object")) : undefined;
}

/** What the output says of an object, until it is counted. */
function stated({ vertices, triangles, points }: MeshItem): string[] {
  return [
    ...(vertices === undefined ? [] : [formatItems(vertices, "vertex", "vertices")]),
    ...(triangles ? [formatItems(triangles, "triangle")] : []),
    ...(points ? [formatItems(points, "point")] : []),
  ];
}

function facts({ vertices, triangles, points, materials, size }: Counted): string[] {
  const length = (value: number) => formatLength(value);
  return [
    ...stated({ vertices, triangles, points } as MeshItem),
    ...(triangles > 0 ? [formatItems(materials, "material")] : []),
    `${size.map(length).join(" × ")}`,
  ];
}

function formatLength(value: number): string {
  return Math.abs(value) >= 1000 ? formatCount(value) : String(Number(value.toPrecision(3)));
}
