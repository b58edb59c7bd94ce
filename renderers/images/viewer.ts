import type { ImageItem } from "../../kernel/protocol/outputs.ts";
import { h, icon, iconButton } from "../mount.ts";
import { type CompareLayout, type Comparison, comparables } from "./comparison.ts";
import { factList } from "./fact-list.ts";
import { columnTitle } from "./grid-model.ts";
import { actionKey, type ImageActions } from "./image-actions.ts";
import { PanZoom } from "./pan-zoom.ts";
import type { Pictures } from "./pictures.ts";
import { imageAlt } from "./thumb.ts";

/**
 * One image large, with its facts. It opens over the overview, where the image was clicked: an output frame is as tall as the notebook, so a dialog
 * in its middle might be out of sight. Arrow keys go from image to image, + and − zoom, 0 fits, C copies, S saves, Escape closes.
 */
export class Viewer {
  readonly element: HTMLElement;
  readonly #items: readonly ImageItem[];
  readonly #pictures: Pictures;
  readonly #onClose: (index: number) => void;
  /** Ends with what is drawn now. */
  #drawn = new AbortController();
  readonly #stage = h("div", { class: "stage" });
  readonly #facts = h("div", { class: "facts" });
  readonly #position = h("span", { class: "sub", "aria-live": "polite" });
  readonly #zoom: PanZoom;
  readonly #with = h("select", {
    class: "choice",
    "aria-label": "Compare with",
    onchange: () => this.#compareWith(this.#with.value),
  });
  readonly #layouts: HTMLElement;
  #layout: CompareLayout = "side";
  #comparison: Comparison | undefined;
  #index = 0;
  /** Images in the order that the overview shows. */
  #order: readonly number[];
  readonly #buttons: ReturnType<ImageActions["buttons"]>;

  /** `onClose` hears which image was seen last. */
  constructor(
    items: readonly ImageItem[],
    pictures: Pictures,
    signal: AbortSignal,
    actions: ImageActions,
    onClose: (index: number) => void,
  ) {
    this.#items = items;
    this.#order = items.map((_, index) => index);
    this.#buttons = actions.buttons(() => this.#items[this.#index]);
    this.#pictures = pictures;
    this.#onClose = onClose;
    this.#zoom = new PanZoom(this.#stage, signal);
    signal.addEventListener("abort", () => this.#drawn.abort());
    this.#layouts = h(
      "div",
      { class: "segments", role: "group", "aria-label": "Comparison", hidden: true },
      this.#layoutButton("side", "Side by side"),
      this.#layoutButton("slider", "Slider"),
    );
    this.element = h(
      "div",
      {
        class: "viewer",
        hidden: true,
        tabindex: "-1",
        role: "group",
        "aria-label": "Image viewer",
        onkeydown: (event: KeyboardEvent) => this.#key(event),
      },
      h(
        "div",
        { class: "head" },
        iconButton("previous", "Previous image", () => this.#go(-1)),
        this.#position,
        iconButton("next", "Next image", () => this.#go(1)),
        h(
          "div",
          { class: "tools" },
          items.length > 1 && h("label", { class: "compare" }, h("span", {}, "Compare with"), this.#with),
          this.#layouts,
          iconButton("minus", "Zoom out", () => this.#zoom.by(1 / 1.5)),
          iconButton("plus", "Zoom in", () => this.#zoom.by(1.5)),
          iconButton("fit", "Fit", () => this.#zoom.fit()),
          this.#buttons.copy,
          this.#buttons.save,
          iconButton("close", "Back to the overview", () => this.close()),
        ),
      ),
      h("div", { class: "viewer-body" }, this.#stage, this.#facts),
    );
  }

  /** Shows the image at `index`, at the height of the element that was clicked. */
  open(index: number, from: Element): void {
    this.element.hidden = false;
    this.#placeAt(from);
    this.#show(index);
    this.element.focus({ preventScroll: true });
  }

  /** Takes the order in which the overview shows the images. */
  reorder(indices: readonly number[]): void {
    this.#order = indices;
  }

  /** Goes back to the overview, to the image that was seen last. */
  close(): void {
    this.element.hidden = true;
    if (this.element.parentElement) this.element.parentElement.style.minHeight = "";
    this.#drawn.abort();
    this.#stage.replaceChildren();
    this.#onClose(this.#index);
  }

  #placeAt(from: Element): void {
    const frame = this.element.parentElement;
    if (!frame) return;
    const own = this.element.offsetHeight;
    // Where the overview is lower than the viewer, room is made for it.
    frame.style.minHeight = `${own}px`;
    const clicked = from.getBoundingClientRect();
    const middle = clicked.top + clicked.height / 2 - frame.getBoundingClientRect().top;
    this.element.style.top = `${Math.max(0, Math.min(middle - own / 2, frame.offsetHeight - own))}px`;
  }

  #show(index: number): void {
    const item = this.#items[index];
    if (!item) return;
    this.#index = index;
    this.#position.textContent = `${this.#order.indexOf(index) + 1} of ${this.#order.length}`;
    const others = comparables(this.#items, index);
    const kept = others.find((other) => other.label === this.#comparison?.label);
    this.#comparison = kept;
    this.#with.replaceChildren(
      h("option", { value: "" }, "nothing"),
      ...others.map((other) => h("option", { value: other.index, selected: other === kept }, other.label)),
    );
    this.#draw(item);
    this.#facts.replaceChildren(factList(item));
  }

  #draw(item: ImageItem): void {
    this.#drawn.abort();
    this.#drawn = new AbortController();
    const other = this.#comparison && this.#items[this.#comparison.index];
    this.#layouts.hidden = !other;
    this.element.dataset.layout = other ? this.#layout : "single";
    const image = this.#picture(item);
    if (!other) {
      this.#stage.replaceChildren(h("div", { class: "pane" }, image));
      this.#zoom.show([image], item.width, item.height);
      return;
    }
    const second = this.#picture(other);
    const name = (of: ImageItem, fallback: string) =>
      h("span", { class: "name-tag" }, of.column === undefined ? fallback : columnTitle(of));
    this.#stage.replaceChildren(
      h("div", { class: "pane" }, image, name(item, "this")),
      h("div", { class: "pane second" }, second, name(other, this.#comparison?.label ?? "")),
    );
    if (this.#layout === "slider") this.#stage.append(this.#slider());
    this.#zoom.show([image, second], item.width, item.height, this.#layout === "side" ? 2 : 1);
  }

  /** Left of the line is this image, right of it the other. A range input, so that keys and screen readers move it too. */
  #slider(): HTMLElement {
    const input = h("input", {
      type: "range",
      class: "slider",
      min: 0,
      max: 100,
      value: 50,
      "aria-label": "How much of either image is shown",
      oninput: () => this.#stage.style.setProperty("--split", `${input.value}%`),
      onkeydown: (event: KeyboardEvent) => {
        if (event.key !== "Escape") event.stopPropagation();
      },
    });
    this.#stage.style.setProperty("--split", "50%");
    return input;
  }

  #picture(item: ImageItem): HTMLImageElement {
    const image = h("img", { alt: imageAlt(item), draggable: "false" });
    const said = (remark: string | undefined) => {
      if (remark !== undefined) image.after(h("span", { class: "remark" }, icon("warning"), remark));
    };
    this.#pictures.full(image, item, this.#drawn.signal).then(said, (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      image.replaceWith(h("p", { class: "missing-text" }, `Cannot be shown: ${reason}`));
    });
    return image;
  }

  #compareWith(value: string): void {
    const index = this.#index;
    this.#comparison =
      value === "" ? undefined : comparables(this.#items, index).find((other) => other.index === Number(value));
    this.#draw(this.#items[index]!);
  }

  #layoutButton(layout: CompareLayout, text: string): HTMLElement {
    const button = h(
      "button",
      {
        class: "button",
        type: "button",
        "aria-pressed": String(layout === this.#layout),
        onclick: () => {
          this.#layout = layout;
          for (const one of this.#layouts.children) one.setAttribute("aria-pressed", String(one === button));
          this.#draw(this.#items[this.#index]!);
        },
      },
      text,
    );
    return button;
  }

  #go(step: number): void {
    const count = this.#order.length;
    this.#show(this.#order[(this.#order.indexOf(this.#index) + step + count) % count] ?? this.#index);
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLSelectElement && event.key !== "Escape") return;
    if (actionKey(event, this.#buttons.copy, this.#buttons.save)) return;
    const actions: Record<string, () => void> = {
      ArrowLeft: () => this.#go(-1),
      ArrowRight: () => this.#go(1),
      Escape: () => this.close(),
      "+": () => this.#zoom.by(1.5),
      "=": () => this.#zoom.by(1.5),
      "-": () => this.#zoom.by(1 / 1.5),
      "0": () => this.#zoom.fit(),
    };
    const action = actions[event.key];
    if (!action) return;
    // The notebook has its own meaning for these keys.
    event.preventDefault();
    event.stopPropagation();
    action();
  }
}
