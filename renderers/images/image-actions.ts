import type { ImageItem } from "../../kernel/protocol/outputs.ts";
import { flash, h, iconButton, type Surroundings } from "../mount.ts";

const pngStart = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** What can be done with an image as a file: copy it, save it. Says in a button and to screen readers what became of it. */
export class ImageActions {
  /** Where screen readers are told what became of an action. */
  readonly status = h("div", { class: "visually-hidden", role: "status" });
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** A button that copies, and one that saves, the image that is asked for at the click. */
  buttons(item: () => ImageItem | undefined): { readonly copy: HTMLButtonElement; readonly save: HTMLButtonElement } {
    const copy = iconButton("copy", "Copy image (C)", () => void this.#copy(item(), copy));
    const save = iconButton("save", "Save image (S)", () => void this.#save(item(), save));
    return { copy, save };
  }

  async #copy(item: ImageItem | undefined, button: HTMLElement): Promise<void> {
    if (!item) return;
    try {
      // The promise is handed over as it is: the browser allows a copy only during the key or click that asked for it.
      const content = this.#png(item);
      content.catch(() => {});
      await navigator.clipboard.write([new ClipboardItem({ "image/png": content })]).catch(async (error: unknown) => {
        await content;
        throw error;
      });
      this.#say(button, true, "Copied");
    } catch (error) {
      const denied = error instanceof DOMException && error.name === "NotAllowedError";
      this.#say(button, false, denied ? "No access to the clipboard" : `Not copied: ${reasonOf(error)}`);
    }
  }

  async #save(item: ImageItem | undefined, button: HTMLElement): Promise<void> {
    if (!item) return;
    const { media } = this.#surroundings;
    try {
      if (media.canSave) await media.save(fileName(item), item.media);
      else {
        const url = await media.objectUrl(item.media);
        h("a", { href: url, download: fileName(item) }).click();
        setTimeout(() => URL.revokeObjectURL(url), 60_000);
      }
    } catch (error) {
      this.#say(button, false, `Not saved: ${reasonOf(error)}`);
    }
  }

  /** The image as PNG, which is what clipboards take: its own bytes where it is one, else drawn anew. */
  async #png(item: ImageItem): Promise<Blob> {
    const { media } = this.#surroundings;
    const url = await media.objectUrl(item.media);
    try {
      if (item.media.mime === "image/png") {
        const content = await media.bytes(item.media);
        if (pngStart.every((byte, at) => content[at] === byte)) {
          return new Blob([content as Uint8Array<ArrayBuffer>], { type: "image/png" });
        }
      }
      const image = h("img", { src: url, width: item.width, height: item.height });
      await image
        .decode()
        .catch(() => Promise.reject(new Error(`its bytes are no readable ${item.media.mime.slice(0, 60)}`)));
      const canvas = h("canvas", {
        width: image.naturalWidth || item.width,
        height: image.naturalHeight || item.height,
      });
      canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
      return await new Promise<Blob>((resolve, reject) => {
        canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("it is too large to be drawn"))), "image/png");
      });
    } finally {
      URL.revokeObjectURL(url);
    }
  }

  #say(button: HTMLElement, good: boolean, text: string): void {
    flash(button, good ? "check" : "warning", text);
    // What is read in a button belongs into its name while it stands there.
    button.setAttribute("aria-label", text);
    setTimeout(() => button.setAttribute("aria-label", button.title), 1600);
    this.status.textContent = text;
  }
}

/**
 * The buttons at the thumbnail that is pointed at or has the focus: one pair for all, so that a gallery of a thousand images does not carry two
 * thousand. C copies and S saves the image whose thumbnail has the focus.
 */
export function thumbActions(
  overview: HTMLElement,
  items: readonly ImageItem[],
  actions: ImageActions,
  signal: AbortSignal,
): void {
  const { copy, save } = actions.buttons(() => items[indexOf(bar.parentElement)]);
  const bar = h("div", { class: "thumb-actions", role: "group", "aria-label": "This image" }, copy, save);
  const at = (event: Event) => {
    const place = event.target instanceof Element ? event.target.closest(".place, .card") : null;
    if (place && place !== bar.parentElement && indexOf(place) >= 0) place.querySelector(".thumb")?.after(bar);
  };
  overview.addEventListener("pointerover", at, { signal });
  overview.addEventListener("focusin", at, { signal });
  overview.addEventListener(
    "keydown",
    (event) => {
      if (!(event.target instanceof Element) || !event.target.closest(".thumb, .thumb-actions")) return;
      if (actionKey(event, copy, save)) return;
    },
    { signal },
  );
}

/** Does what C and S mean; the notebook, which has its own meaning for them, does not hear of it. Returns whether it was such a key. */
export function actionKey(event: KeyboardEvent, copy: HTMLElement, save: HTMLElement): boolean {
  const key = event.key.toLowerCase();
  const control = event.ctrlKey || event.metaKey;
  if (event.altKey || event.shiftKey) return false;
  // Ctrl+C and Ctrl+S stay what they are everywhere: copy what is selected, save the notebook.
  if (control || (key !== "c" && key !== "s")) return false;
  event.preventDefault();
  event.stopPropagation();
  if (!event.repeat) (key === "c" ? copy : save).click();
  return true;
}

/** A file name from what the image shows. */
export function fileName(item: ImageItem): string {
  const ending = item.media.mime.split(/[/+]/)[1]?.replace(/[^a-z0-9]/g, "") || "bin";
  const words = (item.prompt ?? item.alt).replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
  return `${words.slice(0, 60) || "image"}${item.seed === undefined ? "" : `-${item.seed}`}.${ending}`;
}

function indexOf(place: Element | null): number {
  return Number(place?.querySelector<HTMLElement>(".thumb")?.dataset.index ?? -1);
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 200);
}
