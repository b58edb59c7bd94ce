/** Films that are played, paused and stepped as one. The longest leads; the others follow its clock and wait at their end. */
export class Transport {
  readonly #films: HTMLVideoElement[] = [];
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
      for (const film of this.#films) {
        film.pause();
        film.removeAttribute("src");
        film.load();
      }
    });
  }

  /** Takes in a film whose length is known. */
  add(film: HTMLVideoElement): void {
    this.#films.push(film);
    film.currentTime = Math.min(this.#at, film.duration);
    film.addEventListener("ended", () => {
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
    return this.#leader?.duration ?? 0;
  }

  /** Seconds. */
  get time(): number {
    return this.#running ? (this.#leader?.currentTime ?? 0) : this.#at;
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
      film.playbackRate = this.#speed;
      if (film.currentTime < film.duration) film.play().catch(() => {});
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
    for (const film of this.#films) film.pause();
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
    for (const film of this.#films) film.playbackRate = value;
  }

  #place(time: number): void {
    this.#at = time;
    for (const film of this.#films) film.currentTime = Math.min(time, film.duration);
    this.#changed();
  }

  /** Decoders drift; a film that is more than half a frame off is set right. */
  #keepStep(): void {
    const leader = this.#leader;
    if (!leader) return;
    for (const film of this.#films) {
      if (film === leader || film.seeking) continue;
      const due = Math.min(leader.currentTime, film.duration);
      if (Math.abs(film.currentTime - due) > Math.max(0.06, 0.5 / this.#frameRate)) film.currentTime = due;
      if (film.paused && due < film.duration) film.play().catch(() => {});
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

  get #leader(): HTMLVideoElement | undefined {
    return this.#films.reduce<HTMLVideoElement | undefined>(
      (longest, film) => (longest && longest.duration >= film.duration ? longest : film),
      undefined,
    );
  }
}
