import type { UpdateConstants } from "../tensor/index.ts";

/** How one parameter is updated: the rule with its constants, and a factor on the learning rate. */
export interface ParameterUpdate {
  readonly constants: UpdateConstants;
  readonly rateScale: number;
}

/** Chooses the update of each parameter by its name. */
export type Optimizer = (parameter: string) => ParameterUpdate;

/** What every optimizer takes beside its constants. */
interface GroupOptions {
  /** Decoupled weight decay (AdamW, Lion) or L2 penalty (SGD). */
  weightDecay?: number;
  /** Parameters that do not decay, for example biases and normalisation scales. Default: none. */
  noDecay?: (parameter: string) => boolean;
  /** Factor on the learning rate by parameter, for example LoRA+'s on the B matrices. Default: 1. */
  rateScale?: (parameter: string) => number;
}

export interface AdamWOptions extends GroupOptions {
  /** Decay of the first moment. Default 0.9. */
  beta1?: number;
  /** Decay of the second moment. Default 0.999. */
  beta2?: number;
  /** Default 1e-8. */
  epsilon?: number;
}

export interface SgdOptions extends GroupOptions {
  /** Default 0.9. */
  momentum?: number;
  /** Default true. */
  nesterov?: boolean;
}

export interface LionOptions extends GroupOptions {
  /** Default 0.9. */
  beta1?: number;
  /** Default 0.99. */
  beta2?: number;
}

/** AdamW (Loshchilov and Hutter, "Decoupled weight decay regularization", 2019), as in PyTorch; weight decay 0.01 by default. */
export function adamW(options: AdamWOptions = {}): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01 } = options;
  return grouped(options, weightDecay, (decay) => ({ kind: "adamw", beta1, beta2, epsilon, weightDecay: decay }));
}

/** Stochastic gradient descent with Nesterov's momentum, as in PyTorch; no weight decay by default. */
export function sgd(options: SgdOptions = {}): Optimizer {
  const { momentum = 0.9, nesterov = true, weightDecay = 0 } = options;
  return grouped(options, weightDecay, (decay) => ({ kind: "sgd", momentum, nesterov, weightDecay: decay }));
}

/** Lion (Chen et al., "Symbolic discovery of optimization algorithms", 2023); rates are about a third of AdamW's. */
export function lion(options: LionOptions = {}): Optimizer {
  const { beta1 = 0.9, beta2 = 0.99, weightDecay = 0 } = options;
  return grouped(options, weightDecay, (decay) => ({ kind: "lion", beta1, beta2, weightDecay: decay }));
}

function grouped(options: GroupOptions, weightDecay: number, constants: (decay: number) => UpdateConstants): Optimizer {
  const decaying = constants(weightDecay);
  const plain = constants(0);
  return (parameter) => ({
    constants: options.noDecay?.(parameter) ? plain : decaying,
    rateScale: options.rateScale?.(parameter) ?? 1,
  });
}
