import type { ImagesOutput } from "../../kernel/protocol/outputs.ts";
import { formatItems, h, head, icon, pressed, type Shown, type Surroundings } from "../mount.ts";
import { gallery } from "./gallery.ts";
import { grid } from "./grid.ts";
import { ImageActions, thumbActions } from "./image-actions.ts";
import { Pictures } from "./pictures.ts";
import type { Opener } from "./thumb.ts";
import { Viewer } from "./viewer.ts";

const sizes = { S: 88, M: 136, L: 208 } as const;

/** Draws a gallery or a grid of images, with a viewer that opens in its place. */
export function renderImages(
  root: HTMLElement,
  data: ImagesOutput,
  surroundings: Surroundings,
): Shown<ImagesOutput> | undefined {
  const actions = new ImageActions(surroundings);
  const pictures = new Pictures(surroundings);
  const viewer = new Viewer(data.items, pictures, surroundings.signal, actions, (index) => {
    overview.inert = false;
    content.focus(index);
  });
  const opener: Opener = {
    open(index, from) {
      viewer.open(index, from);
      overview.inert = true;
    },
    reorder: (indices) => viewer.reorder(indices),
  };
  const isGrid = data.layout === "grid";
  const first = sizeFor(data);
  const draw = isGrid ? grid : gallery;
  const content = draw(data, { pictures, opener }, surroundings.signal);
  const resize = (width: number) => {
    root.style.setProperty("--thumb", `${width}px`);
    content.resize(width);
  };
  const overview = h(
    "div",
    { class: "overview" },
    headOf(root, data, isGrid, sizeChoice(first, resize)),
    content.element,
  );
  thumbActions(overview, data.items, actions, surroundings.signal);
  root.append(overview, viewer.element, actions.status);
  resize(sizes[first]);
  return undefined;
}

function headOf(root: HTMLElement, data: ImagesOutput, isGrid: boolean, size: HTMLElement): HTMLElement {
  const sub = [formatItems(data.items.length, "image")];
  if (isGrid && data.rows && data.columns) {
    sub.push(
      [data.rows, ...(data.groups ? [data.groups] : []), data.columns]
        .map((labels) => new Set(labels).size)
        .join(" × "),
    );
  }
  const first = data.items[0];
  if (first && data.items.every((item) => item.width === first.width && item.height === first.height)) {
    sub.push(`${first.width} × ${first.height} px`);
  }
  const pixels = h(
    "button",
    {
      class: "button",
      type: "button",
      "aria-pressed": "false",
      title: "Show pixels unsmoothed",
      "aria-label": "Show pixels unsmoothed",
      onclick: () => {
        const on = root.classList.toggle("unsmoothed");
        pixels.setAttribute("aria-pressed", String(on));
      },
    },
    icon("pixels"),
  );
  return head(data.title ?? (isGrid ? "Image grid" : "Images"), sub.join(" · "), pixels, size);
}

function sizeFor(data: ImagesOutput): keyof typeof sizes {
  if (data.items.length <= 4) return "L";
  return data.items.length <= 60 ? "M" : "S";
}

/** Small, medium or large thumbnails. */
function sizeChoice(first: keyof typeof sizes, resize: (width: number) => void): HTMLElement {
  const names = Object.keys(sizes) as (keyof typeof sizes)[];
  const buttons = names.map((name) =>
    h(
      "button",
      {
        class: "button",
        type: "button",
        "data-size": name,
        "aria-label": `${{ S: "Small", M: "Medium", L: "Large" }[name]} thumbnails`,
        "aria-pressed": String(name === first),
        onclick: () => {
          resize(sizes[name]);
          for (const [at, button] of buttons.entries()) pressed(button, names[at] === name);
        },
      },
      name,
    ),
  );
  return h("div", { class: "segments", role: "group", "aria-label": "Thumbnail size" }, buttons);
}
