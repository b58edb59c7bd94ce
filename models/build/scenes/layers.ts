import { FIRST_OBJECT, GROUND, SKY, type Surfaces } from "./trace.ts";

/**
 * Marks outlines and creases: samples within `radius` of a jump in surface, depth or normal. The number is the surface whose line
 * it is, plus one; 0 means no line.
 */
export function linesOf(seen: Surfaces, radius: number, horizon: boolean): Uint8Array {
  const { side, surface, depth, normal } = seen;
  const lines = new Uint8Array(surface.length);
  const stamp = (row: number, column: number, value: number, radius: number) => {
    const reach = Math.ceil(radius);
    for (let y = -reach; y <= reach; y++) {
      for (let x = -reach; x <= reach; x++) {
        const r = row + y;
        const c = column + x;
        if (x * x + y * y > radius * radius || r < 0 || c < 0 || r >= side || c >= side) continue;
        const at = r * side + c;
        if (lines[at]! < value) lines[at] = value;
      }
    }
  };
  const compare = (a: number, b: number): number => {
    const sa = surface[a]!;
    const sb = surface[b]!;
    if (sa !== sb) {
      const front = Math.max(sa, sb);
      return front >= FIRST_OBJECT || horizon ? front + 1 : 0;
    }
    if (sa < FIRST_OBJECT) return 0;
    const dot =
      normal[a * 3]! * normal[b * 3]! +
      normal[a * 3 + 1]! * normal[b * 3 + 1]! +
      normal[a * 3 + 2]! * normal[b * 3 + 2]!;
    return dot < 0.8 || Math.abs(depth[a]! - depth[b]!) > 0.12 ? sa + 1 : 0;
  };
  for (let row = 0; row < side - 1; row++) {
    for (let column = 0; column < side - 1; column++) {
      const at = row * side + column;
      const value = Math.max(compare(at, at + 1), compare(at, at + side));
      if (value === 0) continue;
      const crease = surface[at] === surface[at + 1] && surface[at] === surface[at + side];
      stamp(row, column, value, crease ? radius * 0.7 : radius);
    }
  }
  return lines;
}

/** Whether a sample shows an object. */
export const isObject = (surface: number): boolean => surface > GROUND && surface !== SKY;

/** Box blur of one channel, `passes` times, with a window of 2·radius + 1; edges repeat. */
export function blur(channel: Float32Array, side: number, radius: number, passes = 2): Float32Array {
  let from = channel;
  for (let pass = 0; pass < passes; pass++) {
    from = blurRows(blurRows(from, side, radius), side, radius);
  }
  return from;
}

/** Blurs along rows and returns the transpose, so that calling it twice blurs both ways. */
function blurRows(from: Float32Array, side: number, radius: number): Float32Array {
  const to = new Float32Array(from.length);
  const width = 2 * radius + 1;
  for (let row = 0; row < side; row++) {
    const at = (column: number) => from[row * side + Math.max(0, Math.min(side - 1, column))]!;
    let sum = 0;
    for (let column = -radius; column <= radius; column++) sum += at(column);
    for (let column = 0; column < side; column++) {
      to[column * side + row] = sum / width;
      sum += at(column + radius + 1) - at(column - radius);
    }
  }
  return to;
}

/** Smooth noise in 0–1 over a picture: a 5×5 grid of random numbers from `seed`, interpolated. */
export function smoothNoise(side: number, seed: number): Float32Array {
  const cells = 5;
  let state = seed >>> 0 || 1;
  const grid = Array.from({ length: (cells + 1) ** 2 }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  });
  const noise = new Float32Array(side * side);
  const ease = (t: number) => t * t * (3 - 2 * t);
  for (let row = 0; row < side; row++) {
    const gy = (row / side) * cells;
    const y = Math.floor(gy);
    const fy = ease(gy - y);
    for (let column = 0; column < side; column++) {
      const gx = (column / side) * cells;
      const x = Math.floor(gx);
      const fx = ease(gx - x);
      const a = grid[y * (cells + 1) + x]! * (1 - fx) + grid[y * (cells + 1) + x + 1]! * fx;
      const b = grid[(y + 1) * (cells + 1) + x]! * (1 - fx) + grid[(y + 1) * (cells + 1) + x + 1]! * fx;
      noise[row * side + column] = a * (1 - fy) + b * fy;
    }
  }
  return noise;
}
