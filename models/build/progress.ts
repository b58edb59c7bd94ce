/** Where a stage of the build stands. */
export interface ProgressState {
  readonly stage: string;
  /** Steps done, of how many. */
  readonly step: number;
  readonly steps: number;
  /** `performance.now()` when counting began, and the step it began at (0 when left out). */
  readonly started: number;
  readonly startedAt?: number;
  /** Further figures, for example `{ loss: 0.12 }`. */
  readonly figures?: Readonly<Record<string, number>>;
}

export type ProgressLine = (state: ProgressState) => void;

/** Prints a line of progress now and then: at most one every `everySeconds`, and always the last of a stage. */
export function progressPrinter(everySeconds = 10, print: (line: string) => void = console.log): ProgressLine {
  let last = 0;
  let lastStage = "";
  return (state) => {
    const now = performance.now();
    const isLast = state.step >= state.steps;
    if (!isLast && state.stage === lastStage && now - last < everySeconds * 1000) return;
    last = now;
    lastStage = state.stage;
    print(progressText(state, now));
  };
}

/** "vae 120/2000, loss 0.1234, 3.10 steps/s, 10 min left". */
export function progressText(state: ProgressState, now: number): string {
  const seconds = (now - state.started) / 1000;
  const rate = (state.step - (state.startedAt ?? 0)) / Math.max(seconds, 1e-9);
  const left = rate > 0 ? (state.steps - state.step) / rate : 0;
  const figures = Object.entries(state.figures ?? {}).map(([name, value]) => `${name} ${value.toPrecision(4)}`);
  return [
    `${state.stage} ${state.step}/${state.steps}`,
    ...figures,
    `${rate.toFixed(2)} steps/s`,
    left > 90 ? `${Math.round(left / 60)} min left` : `${Math.round(left)} s left`,
  ].join(", ");
}
