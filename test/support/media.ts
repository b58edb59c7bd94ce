import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A file of test/fixtures/media: its README says how each was made, and what ffprobe says of it. */
export function mediaFixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(import.meta.dirname, "../fixtures/media", name)));
}

/** A sine wave of amplitude 0.5. */
export function sine(frequency: number, sampleRate: number, seconds: number): Float32Array {
  return Float32Array.from(
    { length: Math.round(sampleRate * seconds) },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * frequency * i) / sampleRate),
  );
}

/** A cube from −1 to 1 with a colour for each of its 8 corners (sRGB bytes): 12 triangles. */
export const cube = {
  positions: [0, 1, 2, 3, 4, 5, 6, 7].flatMap((i) => [i & 1 ? 1 : -1, i & 2 ? 1 : -1, i & 4 ? 1 : -1]),
  indices: [
    [0, 2, 3, 1],
    [4, 5, 7, 6],
    [0, 1, 5, 4],
    [2, 6, 7, 3],
    [0, 4, 6, 2],
    [1, 3, 7, 5],
  ].flatMap(([a, b, c, d]) => [a!, b!, c!, a!, c!, d!]),
  colours: Uint8Array.from(
    [0, 1, 2, 3, 4, 5, 6, 7].flatMap((i) => [i & 1 ? 230 : 40, i & 2 ? 200 : 60, i & 4 ? 240 : 80]),
  ),
};

/** Points on a sphere of radius 1 (a golden spiral), coloured by height. */
export function sphereCloud(count: number): { positions: Float32Array; colours: Uint8Array } {
  const positions = new Float32Array(count * 3);
  const colours = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    const y = 1 - (2 * (i + 0.5)) / count;
    const angle = i * Math.PI * (3 - Math.sqrt(5));
    const r = Math.sqrt(1 - y * y);
    positions.set([r * Math.cos(angle), y, r * Math.sin(angle)], i * 3);
    colours.set([Math.round(127 * (1 + y)), 110, Math.round(127 * (1 - y))], i * 3);
  }
  return { positions, colours };
}
