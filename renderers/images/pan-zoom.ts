/**
 * Zoom and pan of the images on a stage, all in step: fit at first, wheel with Ctrl, drag, and whole steps by buttons and keys. Panes stand side by side
 * and share the width.
 */
export class PanZoom {
  readonly #stage: HTMLElement;
  #images: readonly HTMLElement[] = [];
  #panes = 1;
  #width = 1;
  #height = 1;
  #scale = 1;
  #x = 0;
  #y = 0;

  constructor(stage: HTMLElement, signal: AbortSignal) {
    this.#stage = stage;
    stage.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        this.by(Math.exp(-event.deltaY / 300));
      },
      { passive: false, signal },
    );
    stage.addEventListener("dblclick", () => (this.#scale > this.#fitScale() * 1.01 ? this.fit() : this.by(2)), {
      signal,
    });
    stage.addEventListener(
      "pointerdown",
      (event) => {
        if (event.button !== 0 || event.target instanceof HTMLInputElement) return;
        stage.setPointerCapture(event.pointerId);
        const move = (e: PointerEvent) => {
          this.#x += e.movementX;
          this.#y += e.movementY;
          this.#apply();
        };
        stage.addEventListener("pointermove", move, { signal });
        stage.addEventListener("pointerup", () => stage.removeEventListener("pointermove", move), {
          once: true,
          signal,
        });
      },
      { signal },
    );
    const observer = new ResizeObserver(() => this.fit());
    observer.observe(stage);
    signal.addEventListener("abort", () => observer.disconnect());
  }

  /** Takes images of the given size in pixels, fitted to one of `panes` equal parts of the stage's width. */
  show(images: readonly HTMLElement[], width: number, height: number, panes = 1): void {
    this.#images = images;
    this.#width = width;
    this.#height = height;
    this.#panes = panes;
    this.fit();
  }

  /** As large as the stage allows, in the middle. */
  fit(): void {
    this.#scale = this.#fitScale();
    this.#x = 0;
    this.#y = 0;
    this.#apply();
  }

  /** Multiplies the scale, from a quarter of the fitted size to 32 pixels of screen per pixel of image. */
  by(factor: number): void {
    const next = Math.min(32, Math.max(this.#fitScale() / 4, this.#scale * factor));
    this.#x *= next / this.#scale;
    this.#y *= next / this.#scale;
    this.#scale = next;
    this.#apply();
  }

  #fitScale(): number {
    const { clientWidth, clientHeight } = this.#stage;
    return Math.min((clientWidth || 400) / this.#panes / this.#width, (clientHeight || 400) / this.#height);
  }

  #apply(): void {
    for (const image of this.#images) {
      image.style.width = `${this.#width * this.#scale}px`;
      image.style.height = `${this.#height * this.#scale}px`;
      image.style.transform = `translate(calc(-50% + ${this.#x}px), calc(-50% + ${this.#y}px))`;
    }
  }
}
