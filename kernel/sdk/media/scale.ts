/** A linear or logarithmic map from numbers to pixels, with round ticks. */
export interface Scale {
  readonly ticks: readonly number[];
  at(value: number): number;
}

/** Steps of 1, 2 or 5 times a power of ten, about `count` of them, that cover [low, high]. */
export function linearScale(low: number, high: number, from: number, to: number, count = 5): Scale {
  const [bottom, top] = low === high ? [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2] : [low, high];
  const rough = (top - bottom) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  const first = Math.ceil(bottom / step - 1e-9);
  const last = Math.floor(top / step + 1e-9);
  const ticks = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
  return { ticks, at: (value) => from + ((value - bottom) / (top - bottom)) * (to - from) };
}

/** Ticks at powers of ten (and 2 and 5 of them on a short range); both ends must be positive. */
export function logScale(low: number, high: number, from: number, to: number): Scale {
  const a = Math.log10(low);
  const b = high > low ? Math.log10(high) : a + 1;
  const factors = b - a > 2 ? [1] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(a); power <= Math.ceil(b); power++) {
    for (const factor of factors) {
      const tick = factor * 10 ** power;
      if (tick >= low * 0.999 && tick <= 10 ** b * 1.001) ticks.push(Number(tick.toPrecision(12)));
    }
  }
  return { ticks, at: (value) => from + ((Math.log10(value) - a) / (b - a)) * (to - from) };
}
