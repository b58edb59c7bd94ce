import type { Document } from "@gltf-transform/core";
import { encodePng } from "./png.ts";
import { thumbnail } from "./thumbnail.ts";

/** Pixels of the picture, and how many times finer it is drawn. */
const [width, height, finer] = [320, 240, 2];
/** Objects with more corners than this get no picture: it is only the fallback. */
const maxCorners = 1_500_000;

type Vector = readonly [number, number, number];

/** Corners of triangles, or points, in the scene's space, with linear colours. */
interface Part {
  readonly positions: Float32Array;
  readonly colours: Float32Array;
  readonly triangles: boolean;
}

/**
 * A small picture of a 3D object for where nothing can turn it: flat shading by one light, seen from above at the front right as the view begins.
 * PNG with a transparent background; `undefined` for an object that is empty or too large.
 */
export function meshPreview(
  document: Document,
  bounds: { min: Vector; max: Vector } | undefined,
): Uint8Array | undefined {
  const parts = bounds && partsOf(document);
  if (!bounds || !parts) return undefined;
  const [w, h] = [width * finer, height * finer];
  const pixels = new Uint8Array(w * h * 4);
  // What is mixed in at the edges is grey, on any background.
  for (let i = 0; i < pixels.length; i += 4) pixels.fill(128, i, i + 3);
  const depths = new Float32Array(w * h).fill(Number.POSITIVE_INFINITY);
  const project = camera(bounds, w, h);
  const put = (x: number, y: number, depth: number, colour: Vector, light: number) => {
    const at = y * w + x;
    if (x < 0 || y < 0 || x >= w || y >= h || depth >= depths[at]!) return;
    depths[at] = depth;
    for (let c = 0; c < 3; c++) pixels[at * 4 + c] = encoded(colour[c]! * light);
    pixels[at * 4 + 3] = 255;
  };
  for (const { positions, colours, triangles } of parts) {
    const point = (i: number): Vector => [positions[i * 3]!, positions[i * 3 + 1]!, positions[i * 3 + 2]!];
    const colour = (i: number): Vector => [colours[i * 3]!, colours[i * 3 + 1]!, colours[i * 3 + 2]!];
    const count = positions.length / 3;
    if (triangles) {
      for (let i = 0; i + 2 < count; i += 3) {
        const corners = [point(i), point(i + 1), point(i + 2)] as const;
        fill(
          corners.map(project) as unknown as Triple,
          mean(colour(i), colour(i + 1), colour(i + 2)),
          brightness(corners),
          put,
        );
      }
    } else {
      for (let i = 0; i < count; i++) {
        const [x, y, depth] = project(point(i));
        for (let k = 0; k < 9; k++)
          put(Math.round(x) + (k % 3) - 1, Math.round(y) + Math.floor(k / 3) - 1, depth, colour(i), 1);
      }
    }
  }
  return encodePng(thumbnail({ width: w, height: h, channels: 4, data: pixels }, width));
}

type Triple = readonly [Vector, Vector, Vector];
type Put = (x: number, y: number, depth: number, colour: Vector, light: number) => void;

function partsOf(document: Document): Part[] | undefined {
  const root = document.getRoot();
  const scene = root.getDefaultScene() ?? root.listScenes()[0];
  const parts: Part[] = [];
  let corners = 0;
  scene?.traverse((node) => {
    const matrix = node.getWorldMatrix();
    for (const primitive of node.getMesh()?.listPrimitives() ?? []) {
      const [position, colour] = [primitive.getAttribute("POSITION"), primitive.getAttribute("COLOR_0")];
      const mode = primitive.getMode();
      if (!position || (mode !== 4 && mode !== 0)) continue;
      const index = primitive.getIndices();
      const count = index?.getCount() ?? position.getCount();
      corners += count;
      if (corners > maxCorners) return;
      const base = primitive.getMaterial()?.getBaseColorFactor() ?? [0.6, 0.6, 0.65];
      const positions = new Float32Array(count * 3);
      const colours = new Float32Array(count * 3);
      const [p, c] = [
        [0, 0, 0],
        [1, 1, 1, 1],
      ];
      for (let i = 0; i < count; i++) {
        const from = index ? index.getScalar(i) : i;
        position.getElement(from, p);
        colour?.getElement(from, c);
        for (let k = 0; k < 3; k++) {
          positions[i * 3 + k] = matrix[k]! * p[0]! + matrix[4 + k]! * p[1]! + matrix[8 + k]! * p[2]! + matrix[12 + k]!;
          colours[i * 3 + k] = base[k]! * c[k]!;
        }
      }
      parts.push({ positions, colours, triangles: mode === 4 });
    }
  });
  return corners > 0 && corners <= maxCorners ? parts : undefined;
}

/** From space to pixels and depth: the object fits a sphere of radius one, the camera looks at its centre. */
function camera({ min, max }: { min: Vector; max: Vector }, w: number, h: number): (point: Vector) => Vector {
  const centre = [0, 1, 2].map((k) => (min[k]! + max[k]!) / 2) as unknown as Vector;
  const radius = Math.hypot(...minus(max, min)) / 2 || 1;
  const back = unit([1.5, 1.1, 2.2]);
  const right = unit(cross([0, 1, 0], back));
  const up = cross(back, right);
  const distance = 3.6;
  const scale = h / 2 / Math.tan((35 * Math.PI) / 360);
  return (point) => {
    const p = minus(point, centre).map((value) => value / radius) as unknown as Vector;
    const depth = distance - dot(p, back);
    return [w / 2 + (scale * dot(p, right)) / depth, h / 2 - (scale * dot(p, up)) / depth, depth];
  };
}

/** Every pixel inside a triangle, by areas. */
function fill([a, b, c]: Triple, colour: Vector, light: number, put: Put): void {
  const area = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]);
  if (!(Math.abs(area) > 1e-9)) return;
  const low = (k: 0 | 1) => Math.max(0, Math.floor(Math.min(a[k], b[k], c[k])));
  const high = (k: 0 | 1, most: number) => Math.min(most, Math.ceil(Math.max(a[k], b[k], c[k])));
  const [right, bottom] = [high(0, width * finer), high(1, height * finer)];
  for (let y = low(1); y <= bottom; y++) {
    for (let x = low(0); x <= right; x++) {
      const u = ((b[0] - x) * (c[1] - y) - (c[0] - x) * (b[1] - y)) / area;
      const v = ((c[0] - x) * (a[1] - y) - (a[0] - x) * (c[1] - y)) / area;
      if (u < 0 || v < 0 || u + v > 1) continue;
      put(x, y, u * a[2] + v * b[2] + (1 - u - v) * c[2], colour, light);
    }
  }
}

/** Light from the upper right at the front, on both sides of a face. */
function brightness([a, b, c]: Triple): number {
  const normal = unit(cross(minus(b, a), minus(c, a)));
  return 0.35 + 0.65 * Math.abs(dot(normal, unit([0.8, 1.3, 1])));
}

function encoded(linear: number): number {
  const v = Math.max(0, Math.min(1, linear));
  return Math.round(255 * (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055));
}

const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const mean = (a: Vector, b: Vector, c: Vector): Vector => [
  (a[0] + b[0] + c[0]) / 3,
  (a[1] + b[1] + c[1]) / 3,
  (a[2] + b[2] + c[2]) / 3,
];
function unit(v: Vector): Vector {
  const length = Math.hypot(...v) || 1;
  return [v[0] / length, v[1] / length, v[2] / length];
}
