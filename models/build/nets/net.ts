import type { GraphBuilder, Operand, Value } from "../../../kernel/sdk/onnx/index.ts";
import { type Random, type Tensor, zeros } from "../../../kernel/sdk/tensor/index.ts";

/** Weights by their name in the net, for example `down_blocks.0.resnets.0.conv1.weight`. */
export type Weights = ReadonlyMap<string, Tensor>;

/**
 * A net under construction: a graph builder that takes each weight from `weights` where it is there, else makes it up. The same
 * code so builds a net for training (fresh weights, scope `unet`) and for publication (trained weights, no scope).
 */
export class Net {
  readonly g: GraphBuilder;
  readonly #random: Random;
  readonly #weights: Weights | undefined;
  #path: readonly string[] = [];

  constructor(g: GraphBuilder, random: Random, weights?: Weights) {
    this.g = g;
    this.#random = random;
    this.#weights = weights;
  }

  /** A weight drawn from a normal distribution. */
  normal(name: string, dims: readonly number[], deviation: number): Value {
    return this.#parameter(name, (random) => (deviation === 0 ? zeros(dims) : random.normalTensor(dims, deviation)));
  }

  /** A weight with the same number everywhere. */
  filled(name: string, dims: readonly number[], value: number): Value {
    return this.#parameter(name, () => {
      const tensor = zeros(dims);
      (tensor.data as Float32Array).fill(value);
      return tensor;
    });
  }

  /** Runs `build` under a module path. */
  scope<T>(path: string, build: () => T): T {
    const outer = this.#path;
    this.#path = [...outer, ...path.split("/")];
    try {
      return this.g.scope(path, build);
    } finally {
      this.#path = outer;
    }
  }

  op(type: string, inputs: readonly Operand[], attributes: Record<string, number | readonly number[]> = {}): Value {
    return this.g.op(type, inputs, attributes as Parameters<GraphBuilder["op"]>[2]);
  }

  #parameter(name: string, make: (random: Random) => Tensor): Value {
    const full = [...this.#path, name].join(".");
    const known = this.#weights?.get(full);
    if (this.#weights && !known) throw new RangeError(`no weight named ${full}`);
    return this.g.parameter(name, known ?? make(this.#random.fork(full)));
  }
}
