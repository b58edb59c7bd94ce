import type { ImageItem } from "../../kernel/protocol/outputs.ts";
import { h, icon } from "../mount.ts";
import type { Pictures } from "./pictures.ts";

/** What a screen reader says of an image. */
export function imageAlt(item: ImageItem): string {
  return item.alt || item.prompt || "image without a description";
}

/** How the overview talks to the viewer. */
export interface Opener {
  open(index: number, from: Element): void;
  /** Images in the order that is seen. */
  reorder(indices: readonly number[]): void;
}

/** What thumbnails are made with. */
export interface Thumbs {
  readonly pictures: Pictures;
  readonly opener: Opener;
}

/**
 * A picture as a button that opens the viewer. Its bytes are asked for only when it comes near to the visible part, and no more when the signal
 * fires: the thumbnail is gone then.
 */
export function thumb(
  item: ImageItem,
  index: number,
  position: string,
  { pictures, opener }: Thumbs,
  signal: AbortSignal,
): HTMLButtonElement {
  const image = h("img", { alt: imageAlt(item), width: item.width, height: item.height, draggable: "false" });
  const label = `Open image ${position}: ${imageAlt(item)}`;
  const button = h(
    "button",
    {
      class: "thumb",
      type: "button",
      "aria-label": label,
      "data-index": index,
      onclick: () => opener.open(index, button),
    },
    image,
  );
  button.style.aspectRatio = `${item.width} / ${item.height}`;
  whenNear(button, signal, () => {
    pictures.small(image, item, signal).then(
      (remark) => {
        if (remark === undefined) return;
        button.append(h("span", { class: "remark" }, icon("warning"), remark));
        button.title = remark;
        button.setAttribute("aria-label", `${label}. ${remark}`);
      },
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        button.classList.add("missing");
        button.replaceChildren(h("span", { class: "missing-text" }, `Cannot be shown: ${reason}`));
        button.title = reason;
      },
    );
  });
  return button;
}

const callbacks = new WeakMap<Element, () => void>();
// Beyond the edges of the page, and of a box that scrolls in it.
const margins: IntersectionObserverInit & { scrollMargin: string } = { rootMargin: "600px", scrollMargin: "400px" };
const near = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    near.unobserve(entry.target);
    callbacks.get(entry.target)?.();
  }
}, margins);

function whenNear(element: Element, signal: AbortSignal, callback: () => void): void {
  callbacks.set(element, callback);
  near.observe(element);
  signal.addEventListener("abort", () => near.unobserve(element), { once: true });
}
