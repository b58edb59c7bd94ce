import { type Hit, solidOf } from "./intersect.ts";
import type { SceneSpec } from "./words.ts";

/** Depth that is written where nothing was hit, in scene units. */
export const FAR_DEPTH = 12;
/** Surface numbers: the sky, the ground, then the objects in order. */
export const SKY = 0;
export const GROUND = 1;
export const FIRST_OBJECT = 2;

/** What the camera sees at each sample: a row-major square of `side` × `side`. */
export interface Surfaces {
  readonly side: number;
  readonly surface: Uint8Array;
  /** Unit normals, three numbers a sample; zero in the sky. */
  readonly normal: Float32Array;
  /** Distance from the camera, scene units; {@link FAR_DEPTH} in the sky. */
  readonly depth: Float32Array;
  /** Where the ground was hit, two numbers (x, z) a sample. */
  readonly groundPoint: Float32Array;
}

const CAMERA = [0, 2.3, 4.6] as const;
const TARGET = [0, 0.56, 0] as const;
const HALF_VIEW = Math.tan((16.5 * Math.PI) / 180);
/** The ground ends here, which puts the horizon near the middle of the picture. */
const GROUND_END = -1.7;

/** Casts one ray per sample. */
export function traceScene(scene: SceneSpec, side: number): Surfaces {
  const count = side * side;
  const surface = new Uint8Array(count);
  const normal = new Float32Array(count * 3);
  const depth = new Float32Array(count).fill(FAR_DEPTH);
  const groundPoint = new Float32Array(count * 2);
  const rays = new Rays();

  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      rays.aim((column + 0.5) / side, (row + 0.5) / side);
      const t = -CAMERA[1] / rays.dy;
      if (t <= 0 || CAMERA[2] + rays.dz * t < GROUND_END) continue;
      const at = row * side + column;
      surface[at] = GROUND;
      normal[at * 3 + 1] = 1;
      depth[at] = t;
      groundPoint[at * 2] = CAMERA[0] + rays.dx * t;
      groundPoint[at * 2 + 1] = CAMERA[2] + rays.dz * t;
    }
  }

  const hit: Hit = { t: 0, nx: 0, ny: 0, nz: 0 };
  for (const [index, object] of scene.objects.entries()) {
    const solid = solidOf(object);
    const [left, top, right, bottom] = rays.bounds(solid.centre, solid.radius, side);
    for (let row = top; row < bottom; row++) {
      for (let column = left; column < right; column++) {
        rays.aim((column + 0.5) / side, (row + 0.5) / side);
        if (!solid.hit(CAMERA[0], CAMERA[1], CAMERA[2], rays.dx, rays.dy, rays.dz, hit)) continue;
        const at = row * side + column;
        if (surface[at]! >= FIRST_OBJECT && depth[at]! < hit.t) continue;
        surface[at] = FIRST_OBJECT + index;
        depth[at] = hit.t;
        normal[at * 3] = hit.nx;
        normal[at * 3 + 1] = hit.ny;
        normal[at * 3 + 2] = hit.nz;
      }
    }
  }
  return { side, surface, normal, depth, groundPoint };
}

/** The pinhole camera. */
class Rays {
  dx = 0;
  dy = 0;
  dz = 0;
  readonly #forward: readonly [number, number, number];
  readonly #up: readonly [number, number, number];

  constructor() {
    const fy = TARGET[1] - CAMERA[1];
    const fz = TARGET[2] - CAMERA[2];
    const length = Math.hypot(fy, fz);
    this.#forward = [0, fy / length, fz / length];
    this.#up = [0, -fz / length, fy / length];
  }

  /** Points at a place of the picture; both coordinates from 0 to 1, from the top left. */
  aim(u: number, v: number): void {
    const a = (2 * u - 1) * HALF_VIEW;
    const b = (1 - 2 * v) * HALF_VIEW;
    const y = this.#forward[1] + b * this.#up[1];
    const z = this.#forward[2] + b * this.#up[2];
    const length = Math.sqrt(a * a + y * y + z * z);
    this.dx = a / length;
    this.dy = y / length;
    this.dz = z / length;
  }

  /** A rectangle of samples that contains a ball: left, top, right, bottom, the last two exclusive. */
  bounds(centre: readonly [number, number, number], radius: number, side: number): [number, number, number, number] {
    const x = centre[0] - CAMERA[0];
    const y = centre[1] - CAMERA[1];
    const z = centre[2] - CAMERA[2];
    const ahead = y * this.#forward[1] + z * this.#forward[2];
    const above = y * this.#up[1] + z * this.#up[2];
    const scale = side / 2 / HALF_VIEW / ahead;
    const reach = radius * scale * 1.12 + 2;
    const column = side / 2 + x * scale;
    const row = side / 2 - above * scale;
    const inside = (value: number) => Math.max(0, Math.min(side, value));
    return [
      inside(Math.floor(column - reach)),
      inside(Math.floor(row - reach)),
      inside(Math.ceil(column + reach)),
      inside(Math.ceil(row + reach)),
    ];
  }
}
