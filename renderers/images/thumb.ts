import type { ImageItem } from "../../kernel/protocol/outputs.ts";
import { h, type Surroundings } from "../mount.ts";

/** What a screen reader says of an image. */
export function imageAlt(item: ImageItem): string {
  return item.alt || item.prompt || "image without a description";
}

/**
 * A picture as a button that opens the viewer. Its bytes are decoded, or asked for, only when it comes near to the visible part, so a gallery of
 * a thousand images opens at once.
 */
export function thumb(
  item: ImageItem,
  position: string,
  surroundings: Surroundings,
  open: (from: Element) => void,
): HTMLElement {
  const image = h("img", {
    alt: imageAlt(item),
    width: item.width,
    height: item.height,
    decoding: "async",
    draggable: "false",
  });
  const button = h(
    "button",
    {
      class: "thumb",
      type: "button",
      "aria-label": `Open image ${position}: ${imageAlt(item)}`,
      onclick: () => open(button),
    },
    image,
  );
  button.style.aspectRatio = `${item.width} / ${item.height}`;
  whenNear(button, surroundings.signal, () => {
    fill(image, item, surroundings).catch((error: unknown) => {
      button.classList.add("missing");
      const reason = error instanceof Error ? error.message : String(error);
      button.replaceChildren(h("span", { class: "missing-text" }, `Cannot be shown: ${reason}`));
      button.setAttribute("title", reason);
    });
  });
  return button;
}

/** Loads the bytes of an image into an element; rejects with the reason when they are no picture. */
export async function fill(image: HTMLImageElement, item: ImageItem, { media, signal }: Surroundings): Promise<void> {
  const url = await media.objectUrl(item.media);
  if (signal.aborted) {
    URL.revokeObjectURL(url);
    return;
  }
  signal.addEventListener("abort", () => URL.revokeObjectURL(url));
  image.src = url;
  try {
    await image.decode();
  } catch {
    throw new Error(`its bytes are no readable ${item.media.mime.slice(0, 60)}`);
  }
}

const callbacks = new WeakMap<Element, () => void>();
const near = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      near.unobserve(entry.target);
      callbacks.get(entry.target)?.();
    }
  },
  { rootMargin: "600px" },
);

function whenNear(element: Element, signal: AbortSignal, callback: () => void): void {
  callbacks.set(element, callback);
  near.observe(element);
  signal.addEventListener("abort", () => near.unobserve(element));
}
