import { momentCount, moveAverage, squareSum, update } from "../tensor/index.ts";
import type {
  TrainingSetup,
  TrainingState,
  TrainingStep,
  TrainingStepResult,
  WireParameter,
  WireTensors,
} from "./engine-protocol.ts";

/** Runs a loaded model: feeds in, wanted outputs out. */
export type RunModel = (feeds: WireTensors, outputs: readonly string[]) => Promise<WireTensors>;

/**
 * Parameters, moments and averages of one training run. It lives in the engine worker beside the session, so that neither
 * parameters nor gradients cross threads. The model takes the parameters as inputs and gives `grad.<name>` for each.
 */
export class TrainingSession {
  readonly #setup: TrainingSetup;
  readonly #run: RunModel;
  readonly #values = new Map<string, Float32Array>();
  readonly #moments = new Map<string, Float32Array[]>();
  readonly #averages = new Map<string, Float32Array>();
  #sums: Map<string, Float32Array> | undefined;
  #step = 0;

  constructor(setup: TrainingSetup, run: RunModel) {
    this.#setup = setup;
    this.#run = run;
    for (const { name, constants } of setup.parameters) {
      const value = setup.values[name]!;
      this.#values.set(name, value);
      this.#moments.set(
        name,
        Array.from({ length: momentCount[constants.kind] }, () => new Float32Array(value.length)),
      );
      if (setup.emaDecay > 0) this.#averages.set(name, value.slice());
    }
  }

  /** One forward and backward pass, and the update where the step applies. Gradients that are not finite change nothing. */
  async step({ feeds, outputs, rate, apply, scale }: TrainingStep): Promise<TrainingStepResult> {
    const { parameters, losses } = this.#setup;
    const wanted = [...new Set([...losses, ...outputs]), ...parameters.map(({ name }) => `grad.${name}`)];
    const results = await this.#run({ ...feeds, ...this.#feeds(this.#values) }, wanted);
    const gradients = this.#accumulate(results, apply);
    const norm = apply ? this.#apply(gradients, rate, scale) : Number.NaN;
    const kept = Object.fromEntries(outputs.map((name) => [name, results[name]!]));
    const loss = losses.reduce((sum, name) => sum + (results[name]!.data as Float32Array)[0]!, 0);
    return { loss, gradientNorm: norm, outputs: kept };
  }

  /** A forward pass with the current parameters, or with their moving averages. */
  evaluate(feeds: WireTensors, outputs: readonly string[], average: boolean): Promise<WireTensors> {
    const values = average && this.#averages.size > 0 ? this.#averages : this.#values;
    return this.#run({ ...feeds, ...this.#feeds(values) }, outputs);
  }

  /** A copy of all state. */
  save(): TrainingState {
    const copy = (map: Map<string, Float32Array>) =>
      Object.fromEntries(Array.from(map, ([name, values]) => [name, values.slice()]));
    return {
      step: this.#step,
      values: copy(this.#values),
      moments: Object.fromEntries(
        Array.from(this.#moments, ([name, list]) => [name, list.map((moment) => moment.slice())]),
      ),
      averages: this.#averages.size > 0 ? copy(this.#averages) : undefined,
    };
  }

  /** Goes on from a saved state of a run with the same parameters. */
  restore(state: TrainingState): void {
    this.#step = state.step;
    this.#sums = undefined;
    for (const { name } of this.#setup.parameters) {
      this.#values.get(name)!.set(state.values[name]!);
      for (const [index, moment] of this.#moments.get(name)!.entries()) moment.set(state.moments[name]![index]!);
      const average = state.averages?.[name];
      if (average) this.#averages.get(name)?.set(average);
    }
  }

  #feeds(values: ReadonlyMap<string, Float32Array>): WireTensors {
    const wire = ({ name, dims }: WireParameter) =>
      [name, { dtype: "float32", dims, data: values.get(name)! }] as const;
    return Object.fromEntries(this.#setup.parameters.map(wire));
  }

  #accumulate(results: WireTensors, apply: boolean): Map<string, Float32Array> {
    const gradients = new Map(
      this.#setup.parameters.map(({ name }) => [name, results[`grad.${name}`]!.data as Float32Array]),
    );
    if (this.#sums) {
      for (const [name, gradient] of gradients) {
        const sum = this.#sums.get(name)!;
        for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + gradient[i]!;
      }
    } else if (!apply) this.#sums = gradients;
    const total = this.#sums ?? gradients;
    if (apply) this.#sums = undefined;
    return total;
  }

  #apply(gradients: Map<string, Float32Array>, rate: number, scale: number): number {
    const { parameters, clipNorm, emaDecay } = this.#setup;
    let squares = 0;
    for (const gradient of gradients.values()) squares += squareSum(gradient);
    const norm = Math.sqrt(squares) * Math.abs(scale);
    if (!Number.isFinite(norm)) return norm;
    const factor = clipNorm > 0 ? scale * Math.min(1, clipNorm / (norm + 1e-6)) : scale;
    this.#step++;
    const decay = Math.min(emaDecay, (1 + this.#step) / (10 + this.#step));
    for (const { name, constants, rateScale } of parameters) {
      const value = this.#values.get(name)!;
      const at = { rate: rate * rateScale, step: this.#step };
      update(constants, at, value, gradients.get(name)!, this.#moments.get(name)!, factor);
      const average = this.#averages.get(name);
      if (average) moveAverage(average, value, decay);
    }
    return norm;
  }
}
