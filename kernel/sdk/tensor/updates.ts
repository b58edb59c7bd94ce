/** What changes from step to step: the learning rate and the number of the step, from 1. */
export interface UpdateStep {
  readonly rate: number;
  readonly step: number;
}

/** AdamW's constants (Loshchilov and Hutter, 2019). */
export interface AdamWConstants {
  readonly kind: "adamw";
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** Stochastic gradient descent with (Nesterov's) momentum, as PyTorch defines it. */
export interface SgdConstants {
  readonly kind: "sgd";
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly weightDecay: number;
}

/** Lion's constants (Chen et al., 2023). */
export interface LionConstants {
  readonly kind: "lion";
  readonly beta1: number;
  readonly beta2: number;
  readonly weightDecay: number;
}

export type UpdateConstants = AdamWConstants | SgdConstants | LionConstants;

/** How many arrays of the parameter's size each rule keeps between steps. */
export const momentCount: Record<UpdateConstants["kind"], number> = { adamw: 2, sgd: 1, lion: 1 };

/**
 * Changes a parameter and its moments in place by one step. `scale` multiplies the gradient first (clipping, accumulation).
 * All arrays have one length.
 */
export function update(
  constants: UpdateConstants,
  at: UpdateStep,
  parameter: Float32Array,
  gradient: Float32Array,
  moments: readonly Float32Array[],
  scale: number,
): void {
  if (constants.kind === "adamw") adamW(constants, at, parameter, gradient, moments[0]!, moments[1]!, scale);
  else if (constants.kind === "sgd") sgd(constants, at, parameter, gradient, moments[0]!, scale);
  else lion(constants, at, parameter, gradient, moments[0]!, scale);
}

function adamW(
  { beta1, beta2, epsilon, weightDecay }: AdamWConstants,
  { rate, step }: UpdateStep,
  p: Float32Array,
  g: Float32Array,
  m: Float32Array,
  v: Float32Array,
  scale: number,
): void {
  const keep = 1 - rate * weightDecay;
  const stepSize = rate / (1 - beta1 ** step);
  const toRoot = 1 / Math.sqrt(1 - beta2 ** step);
  const rest1 = 1 - beta1;
  const rest2 = 1 - beta2;
  for (let i = 0; i < p.length; i++) {
    const gradient = g[i]! * scale;
    const mean = beta1 * m[i]! + rest1 * gradient;
    const square = beta2 * v[i]! + rest2 * gradient * gradient;
    m[i] = mean;
    v[i] = square;
    p[i] = keep * p[i]! - (stepSize * mean) / (Math.sqrt(square) * toRoot + epsilon);
  }
}

function sgd(
  { momentum, nesterov, weightDecay }: SgdConstants,
  { rate, step }: UpdateStep,
  p: Float32Array,
  g: Float32Array,
  buffer: Float32Array,
  scale: number,
): void {
  for (let i = 0; i < p.length; i++) {
    const gradient = g[i]! * scale + weightDecay * p[i]!;
    const velocity = step === 1 ? gradient : momentum * buffer[i]! + gradient;
    buffer[i] = velocity;
    p[i] = p[i]! - rate * (nesterov ? gradient + momentum * velocity : velocity);
  }
}

function lion(
  { beta1, beta2, weightDecay }: LionConstants,
  { rate }: UpdateStep,
  p: Float32Array,
  g: Float32Array,
  m: Float32Array,
  scale: number,
): void {
  const keep = 1 - rate * weightDecay;
  for (let i = 0; i < p.length; i++) {
    const gradient = g[i]! * scale;
    p[i] = keep * p[i]! - rate * Math.sign(beta1 * m[i]! + (1 - beta1) * gradient);
    m[i] = beta2 * m[i]! + (1 - beta2) * gradient;
  }
}

/** Sum of squares, in double precision. */
export function squareSum(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return sum;
}

/** Moves an exponential moving average towards the values: `average = decay·average + (1 − decay)·value`. */
export function moveAverage(average: Float32Array, values: Float32Array, decay: number): void {
  const rest = 1 - decay;
  for (let i = 0; i < average.length; i++) average[i] = average[i]! + rest * (values[i]! - average[i]!);
}
