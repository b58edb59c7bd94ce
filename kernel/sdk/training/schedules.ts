/** The learning rate at a step, counted from 1. */
export type Schedule = (step: number) => number;

/** The same rate at every step. */
export function constant(rate: number): Schedule {
  return () => rate;
}

/** Falls in a straight line from `rate` at the first step to `end` at step `total`, and stays there. */
export function linear(rate: number, total: number, end = 0): Schedule {
  return (step) => rate + (end - rate) * progress(step, total);
}

/** Falls along half a cosine from `rate` at the first step to `end` at step `total`, and stays there. */
export function cosine(rate: number, total: number, end = 0): Schedule {
  return (step) => end + (rate - end) * 0.5 * (1 + Math.cos(Math.PI * progress(step, total)));
}

/** Stays at `rate` for the part `hold` (0 to 1) of the steps, then falls in a straight line to `end` at step `total`. */
export function holdThenLinear(rate: number, total: number, hold = 0.5, end = 0): Schedule {
  const start = Math.round(total * hold);
  return (step) => (step <= start ? rate : rate + (end - rate) * progress(step - start, total - start));
}

/** Rises in a straight line over the first `steps` steps, then follows `schedule` as if it had begun there. */
export function warmUp(schedule: Schedule, steps: number): Schedule {
  return (step) => (step <= steps ? (schedule(1) * step) / steps : schedule(step - steps));
}

function progress(step: number, total: number): number {
  return total <= 1 ? 1 : Math.min(1, (step - 1) / (total - 1));
}
