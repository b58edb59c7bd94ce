import { createHash } from "node:crypto";
import { elementCount } from "./dtype.ts";
import { Tensor } from "./tensor.ts";

/** A point in the sequence of a {@link Random}, as plain data, so that a run can go on where it stopped. */
export interface RandomState {
  readonly key: string;
  readonly words: readonly [number, number, number, number];
  /** The second normal of a pair, not given out yet. */
  readonly spare: number | undefined;
}

/**
 * A seeded random generator, equal on every machine: xoshiro128** (Blackman and Vigna, 2018), its 128-bit state the first
 * 16 bytes of SHA-256 of the key. Normals are Box and Muller's, in pairs.
 */
export class Random {
  readonly #key: string;
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  #spare: number | undefined;

  /** @param seed a number or any text; equal seeds give equal sequences. */
  constructor(seed: number | string) {
    this.#key = String(seed);
    const hash = createHash("sha256").update(this.#key).digest();
    this.#a = hash.readUInt32LE(0);
    this.#b = hash.readUInt32LE(4);
    this.#c = hash.readUInt32LE(8);
    this.#d = hash.readUInt32LE(12) | 1;
  }

  /** A generator that goes on from a saved state. */
  static from(state: RandomState): Random {
    const random = new Random(state.key);
    [random.#a, random.#b, random.#c, random.#d] = state.words;
    random.#spare = state.spare;
    return random;
  }

  /** The current state. */
  state(): RandomState {
    return { key: this.#key, words: [this.#a, this.#b, this.#c, this.#d], spare: this.#spare };
  }

  /** An independent generator for one purpose; it depends on the seed and the label only, not on what was drawn before. */
  fork(label: number | string): Random {
    return new Random(`${this.#key}/${label}`);
  }

  /** A whole number of 32 bits, uniform. */
  uint32(): number {
    const times5 = Math.imul(this.#b, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** A number in [0, 1) with 53 random bits, or in [low, high). */
  uniform(low = 0, high = 1): number {
    const fraction = ((this.uint32() >>> 5) * 0x4000000 + (this.uint32() >>> 6)) / 2 ** 53;
    return low + (high - low) * fraction;
  }

  /** A normal number. */
  normal(mean = 0, deviation = 1): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return mean + deviation * spare;
    }
    const radius = Math.sqrt(-2 * Math.log((this.uint32() + 0.5) / 2 ** 32));
    const angle = (2 * Math.PI * this.uint32()) / 2 ** 32;
    this.#spare = radius * Math.sin(angle);
    return mean + deviation * radius * Math.cos(angle);
  }

  /** A whole number in [0, n), without bias. @throws RangeError unless 1 ≤ n ≤ 2³². */
  int(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32)
      throw new RangeError(`int(n) needs a whole n from 1 to 2^32, not ${n}`);
    const limit = 2 ** 32 - (2 ** 32 % n);
    let word = this.uint32();
    while (word >= limit) word = this.uint32();
    return word % n;
  }

  /** One item of a list. @throws RangeError on an empty list. */
  pick<T>(items: readonly T[]): T {
    return items[this.int(items.length)]!;
  }

  /** Puts the items in a random order, in place (Fisher and Yates), and returns the same array. */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      [items[i], items[j]] = [items[j]!, items[i]!];
    }
    return items;
  }

  /** A float32 tensor of normals. */
  normalTensor(dims: readonly number[], deviation = 1, mean = 0): Tensor<"float32"> {
    const data = new Float32Array(elementCount(dims));
    for (let i = 0; i < data.length; i++) data[i] = this.normal(mean, deviation);
    return new Tensor("float32", dims, data);
  }

  /** A float32 tensor of uniforms in [low, high). */
  uniformTensor(dims: readonly number[], low = 0, high = 1): Tensor<"float32"> {
    const data = new Float32Array(elementCount(dims));
    for (let i = 0; i < data.length; i++) data[i] = this.uniform(low, high);
    return new Tensor("float32", dims, data);
  }
}
