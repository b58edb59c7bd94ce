import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { currentExecution } from "./execution.ts";

/** Names the random stream of a cell: the same seed, cell and parameters give the same numbers at each run. */
export function randomKey(seed: number, cellId: string, parameters: Readonly<Record<string, unknown>>): string {
  return createHash("sha256")
    .update(canonicalize([seed, cellId, parameters]) ?? "")
    .digest("hex");
}

/** Uniform numbers in [0, 1) with 32 bits, by sfc32 (Chris Doty-Humphrey, PractRand), started from a hexadecimal key. */
export function randomStream(key: string): () => number {
  let [a = 0, b = 0, c = 0, counter = 1] = [0, 8, 16, 24].map((at) => Number.parseInt(key.slice(at, at + 8), 16) | 0);
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4294967296;
  };
  for (let round = 0; round < 12; round++) next();
  return next;
}

/** The random numbers of one run of a cell. Key and stream are made when they are asked for first: few cells are random. */
export class CellRandom {
  readonly #of: Parameters<typeof randomKey>;
  #key: string | undefined;
  #stream: (() => number) | undefined;

  constructor(...of: Parameters<typeof randomKey>) {
    this.#of = of;
  }

  get key(): string {
    this.#key ??= randomKey(...this.#of);
    return this.#key;
  }

  /** The next number of the stream. */
  next(): number {
    this.#stream ??= randomStream(this.key);
    return this.#stream();
  }
}

/** Makes `Math.random` follow the seed of the cell that calls it. */
export function seedMathRandom(): void {
  const native = Math.random;
  Math.random = function random() {
    return currentExecution()?.random.next() ?? native();
  };
}
