import type { MimeBundle } from "../../protocol/mime.ts";
import { cellContext } from "../host.ts";
import { type Displayable, displaySymbol, formatNumber, table } from "../media/index.ts";

interface Contents {
  readonly name: string;
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
  readonly level?: number;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** A measured number with the interval it is known to lie in, and what it was measured with. Reads as "0.123 [0.101, 0.145]". */
export class Measure implements Displayable {
  /** What was measured, and in whose feature space: "KID (tiny-clip features)". */
  readonly name: string;
  readonly value: number;
  /** Ends of the confidence interval; equal to the value where there is none. */
  readonly low: number;
  readonly high: number;
  /** Confidence level, for example 0.95. */
  readonly level: number | null;
  /** Encoder, numbers of samples and resamples, seed, label. */
  readonly facts: Readonly<Record<string, unknown>>;

  constructor({ name, value, low, high, level, facts }: Contents) {
    this.name = name;
    this.value = value;
    this.low = low ?? value;
    this.high = high ?? value;
    this.level = level ?? null;
    this.facts = facts ?? {};
  }

  [displaySymbol](): MimeBundle {
    const interval =
      this.level === null
        ? {}
        : { [`${this.level * 100} % interval`]: `[${formatNumber(this.low)}, ${formatNumber(this.high)}]` };
    return table([{ metric: this.name, value: this.value, ...interval, ...this.facts }]).bundle;
  }

  toString(): string {
    const interval = this.level === null ? "" : ` [${formatNumber(this.low)}, ${formatNumber(this.high)}]`;
    return `${formatNumber(this.value)}${interval}`;
  }
}

/** Makes a measure and tells the record of it. */
export function measured<M extends Measure>(measure: M): M {
  const { name, value, low, high, level, facts } = measure;
  const interval = level === null ? {} : { low, high, level };
  cellContext().record({ type: "metric", name, value, facts: { ...facts, ...interval } });
  return measure;
}
