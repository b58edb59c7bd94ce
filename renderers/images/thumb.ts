import type { ImageItem } from "../../kernel/protocol/outputs.ts";
import { h, icon, type Surroundings } from "../mount.ts";

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
  index: number,
  position: string,
  surroundings: Surroundings,
  opener: { open(index: number, from: Element): void },
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
      "data-index": index,
      onclick: () => opener.open(index, button),
    },
    image,
  );
  button.style.aspectRatio = `${item.width} / ${item.height}`;
  whenNear(button, surroundings.signal, () => {
    const said = (remark: string | undefined) => {
      if (remark === undefined) return;
      button.append(h("span", { class: "remark" }, icon("warning"), remark));
      button.title = remark;
      button.setAttribute("aria-label", `${button.getAttribute("aria-label")}. ${remark}`);
    };
    fill(image, item, surroundings).then(said, (error: unknown) => {
      button.classList.add("missing");
      const reason = error instanceof Error ? error.message : String(error);
      button.replaceChildren(h("span", { class: "missing-text" }, `Cannot be shown: ${reason}`));
      button.setAttribute("title", reason);
    });
  });
  return button;
}

/**
 * Loads the bytes of an image into an element; rejects with the reason when they are no picture. Resolves with a remark when what is shown is not what
 * the output promises: an image that ends early, or one of another size.
 */
export async function fill(
  image: HTMLImageElement,
  item: ImageItem,
  { media, signal }: Surroundings,
): Promise<string | undefined> {
  const content = await media.blob(item.media);
  if (signal.aborted) return undefined;
  const url = URL.createObjectURL(content);
  signal.addEventListener("abort", () => URL.revokeObjectURL(url));
  image.src = url;
  const decoded = await image.decode().then(
    () => true,
    () => false,
  );
  if (signal.aborted) return undefined;
  const { naturalWidth: width, naturalHeight: height } = image;
  const svg = item.media.mime === "image/svg+xml";
  if (!decoded && (width === 0 || svg)) throw new Error(`its bytes are no readable ${item.media.mime.slice(0, 60)}`);
  if (!decoded || (await endsEarly(content))) return "Incomplete: its bytes end early or are damaged";
  if (svg || (width === item.width && height === item.height)) return undefined;
  return `Its size is ${width} × ${height} px; the output says ${item.width} × ${item.height}`;
}

/** Whether the end of a PNG or JPEG is missing: browsers draw the part that is there and call it decoded. */
async function endsEarly(content: Blob): Promise<boolean> {
  const end = content.type === "image/png" ? [0x49, 0x45, 0x4e, 0x44] : [0xff, 0xd9];
  if (content.type !== "image/png" && content.type !== "image/jpeg") return false;
  // Some programs write a little after the end.
  const tail = new Uint8Array(await content.slice(-65_536).arrayBuffer());
  for (let at = tail.length - end.length; at >= 0; at--)
    if (end.every((byte, i) => tail[at + i] === byte)) return false;
  return true;
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
