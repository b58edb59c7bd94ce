import { Player } from "../mount.ts";

/** Films that are played, paused and stepped as one. The longest leads; the others follow its clock and wait at their end. */
export class Transport {
  readonly #films: Player[] = [];
  readonly #frameRate: number;
  readonly #changed: () => void;
  #loop: boolean;
  #speed = 1;
  #running = false;
  /** Where a pause, a step or a seek put the films, in seconds. */
  #at = 0;

  /** @param frameRate frames per second of a step */
  constructor(frameRate: number, loop: boolean, signal: AbortSignal, changed: () => void) {
    this.#frameRate = frameRate;
    this.#loop = loop;
    this.#changed = changed;
    signal.addEventListener("abort", () => {
      this.#running = false;
      for (const { element } of this.#films) {
        element.pause();
        element.removeAttribute("src");
        element.load();
      }
    });
  }

  /** Takes in a film whose length is known. */
  add(element: HTMLVideoElement): void {
    const film = new Player(element);
    this.#films.push(film);
    film.seek(this.#at);
    element.addEventListener("ended", () => {
      if (film === this.#leader) this.#ended();
    });
    this.#changed();
  }

  get running(): boolean {
    return this.#running;
  }

  get loop(): boolean {
    return this.#loop;
  }

  set loop(on: boolean) {
    this.#loop = on;
    this.#changed();
  }

  /** Seconds of the longest film. */
  get duration(): number {
    return this.#leader?.element.duration ?? 0;
  }

  /** Seconds. */
  get time(): number {
    return this.#running ? (this.#leader?.time ?? 0) : this.#at;
  }

  /** Which frame is shown, from 0. */
  get frame(): number {
    return Math.max(0, Math.min(this.frames - 1, Math.floor(this.time * this.#frameRate + 1e-6)));
  }

  /** How many steps the longest film has. */
  get frames(): number {
    return Math.max(1, Math.round(this.duration * this.#frameRate));
  }

  toggle(): void {
    if (this.#running) this.pause();
    else this.play();
  }

  play(): void {
    const leader = this.#leader;
    if (!leader || this.#running) return;
    if (this.#at >= this.duration - 1 / this.#frameRate) this.#place(0);
    this.#running = true;
    for (const film of this.#films) {
      film.element.playbackRate = this.#speed;
      if (film.time < film.element.duration) film.element.play().catch(() => {});
    }
    const tick = () => {
      if (!this.#running) return;
      this.#keepStep();
      this.#changed();
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    this.#changed();
  }

  pause(): void {
    if (!this.#running) return;
    const frame = this.frame;
    this.#running = false;
    for (const film of this.#films) film.element.pause();
    this.toFrame(frame);
  }

  /** Goes `count` frames on or back, exactly: to the middle of a frame, so that no rounding shows its neighbour. */
  step(count: number): void {
    const frame = this.frame;
    if (this.#running) this.pause();
    this.toFrame(frame + count);
  }

  toFrame(frame: number): void {
    const kept = Math.max(0, Math.min(this.frames - 1, frame));
    this.#place((kept + 0.5) / this.#frameRate);
  }

  set speed(value: number) {
    this.#speed = value;
    for (const film of this.#films) film.element.playbackRate = value;
  }

  #place(time: number): void {
    this.#at = time;
    for (const film of this.#films) film.seek(time);
    this.#changed();
  }

  /** Decoders drift; a film that is more than half a frame off is set right. */
  #keepStep(): void {
    const leader = this.#leader;
    if (!leader) return;
    for (const film of this.#films) {
      if (film === leader || film.element.seeking) continue;
      const due = Math.min(leader.time, film.element.duration);
      if (Math.abs(film.time - due) > Math.max(0.06, 0.5 / this.#frameRate)) film.seek(due);
      if (film.element.paused && due < film.element.duration) film.element.play().catch(() => {});
    }
  }

  #ended(): void {
    if (!this.#running) return;
    this.#running = false;
    if (this.#loop) {
      this.#place(0);
      this.play();
    } else this.toFrame(this.frames - 1);
  }

  get #leader(): Player | undefined {
    return this.#films.reduce<Player | undefined>(
      (longest, film) => (longest && longest.element.duration >= film.element.duration ? longest : film),
      undefined,
    );
  }
}
