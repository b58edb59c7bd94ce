import { blur, isObject, linesOf, smoothNoise } from "./layers.ts";
import { type Rgb, smooth } from "./palette.ts";
import { objectColour, type Sample, STYLE_RULES } from "./styles.ts";
import { FAR_DEPTH, FIRST_OBJECT, GROUND, SKY, type Surfaces, traceScene } from "./trace.ts";
import type { SceneSpec } from "./words.ts";

/** A rendered scene. */
export interface Rendering {
  /** Pixels: rows from the top, three bytes each, sRGB. */
  readonly rgb: Uint8Array;
  /** Distance from the camera per pixel, scene units (about 3 to 8); {@link FAR_DEPTH} in the sky. */
  readonly depth: Float32Array;
  /** Width and height in pixels. */
  readonly size: number;
}

/** Samples per pixel and axis. */
const OVERSAMPLING = 3;

/** Renders a scene; the same scene gives the same bytes. */
export function renderScene(scene: SceneSpec, { size = 64 }: { size?: number } = {}): Rendering {
  const seen = traceScene(scene, size * OVERSAMPLING);
  const paint = paintSamples(scene, seen);
  const rgb = new Uint8Array(size * size * 3);
  const depth = new Float32Array(size * size);
  const per = OVERSAMPLING * OVERSAMPLING;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const sums = [0, 0, 0];
      let nearest = FAR_DEPTH;
      for (let y = 0; y < OVERSAMPLING; y++) {
        for (let x = 0; x < OVERSAMPLING; x++) {
          const at = (row * OVERSAMPLING + y) * seen.side + column * OVERSAMPLING + x;
          for (let c = 0; c < 3; c++) sums[c]! += paint[c]![at]!;
          nearest = Math.min(nearest, seen.depth[at]!);
        }
      }
      const at = row * size + column;
      for (let c = 0; c < 3; c++) rgb[at * 3 + c] = Math.max(0, Math.min(255, Math.round(sums[c]! / per)));
      depth[at] = nearest;
    }
  }
  return { rgb, depth, size };
}

/** Paints every sample in the scene's style: three planes, 0–255. */
function paintSamples(scene: SceneSpec, seen: Surfaces): readonly Float32Array[] {
  const rules = STYLE_RULES[scene.style];
  const { side, surface } = seen;
  const unit = side / 64;
  const noise = smoothNoise(side, scene.texture);
  const light = lightDirection(scene.light);
  const colours = scene.objects.map((_, index) => objectColour(scene, index));
  const planes = [0, 1, 2].map(() => new Float32Array(side * side));
  const bleed = rules.bleed ? Math.round(rules.bleed * unit) : 0;
  const cover = bleed > 0 ? softCover(seen, Math.max(1, Math.round(bleed / 4))) : undefined;
  const offset = rules.offset && {
    down: Math.round(rules.offset.down * unit),
    right: Math.round(rules.offset.right * unit),
    colour: rules.offset.colour,
  };

  for (let at = 0; at < surface.length; at++) {
    const row = Math.floor(at / side);
    const column = at - row * side;
    const kind = surface[at]!;
    const sample = sampleAt(scene, seen, at, row / side, noise[at]!, light);
    let colour: Rgb;
    if (kind >= FIRST_OBJECT) {
      colour = rules.object(colours[kind - FIRST_OBJECT]!, sample);
    } else {
      colour = kind === SKY ? rules.sky(scene, sample) : rules.ground(scene, sample);
      if (offset && row >= offset.down && column >= offset.right) {
        const from = surface[(row - offset.down) * side + column - offset.right]!;
        if (isObject(from)) colour = offset.colour;
      }
    }
    for (let c = 0; c < 3; c++) planes[c]![at] = colour[c]!;
  }

  if (cover) bleedObjects(planes, cover, side, bleed);
  if (rules.line) drawLines(planes, seen, colours, rules.line, rules.glow);
  return planes;
}

/** Unit vector towards the light. */
function lightDirection(angle: number): Rgb {
  const y = 0.72;
  const flat = Math.sqrt(1 - y * y);
  return [Math.sin(angle) * flat, y, Math.cos(angle) * flat];
}

function sampleAt(scene: SceneSpec, seen: Surfaces, at: number, v: number, noise: number, light: Rgb): Sample {
  const nx = seen.normal[at * 3]!;
  const ny = seen.normal[at * 3 + 1]!;
  const nz = seen.normal[at * 3 + 2]!;
  return {
    nx,
    ny,
    nz,
    light: nx * light[0] + ny * light[1] + nz * light[2],
    v,
    noise,
    shadow: seen.surface[at] === GROUND ? shadowAt(scene, seen.groundPoint[at * 2]!, seen.groundPoint[at * 2 + 1]!) : 0,
  };
}

/** A soft blot under each object, drawn out away from the light. */
function shadowAt(scene: SceneSpec, x: number, z: number): number {
  let shadow = 0;
  for (const object of scene.objects) {
    const dx = (x - object.x - 0.16 * object.size) / (object.size * 0.62);
    const dz = (z - object.z + 0.02) / (object.size * (object.shape === "torus" ? 0.24 : 0.42));
    shadow = Math.max(shadow, smooth(1.15, 0.55, Math.sqrt(dx * dx + dz * dz)));
  }
  return shadow;
}

/** How much of each sample is object, after a blur of the objects' mask. */
function softCover(seen: Surfaces, radius: number): Float32Array {
  return blur(
    Float32Array.from(seen.surface, (kind) => (isObject(kind) ? 1 : 0)),
    seen.side,
    radius,
  );
}

/** Lets the colours run a little over the objects' borders, and leaves a darker rim inside. */
function bleedObjects(planes: readonly Float32Array[], cover: Float32Array, side: number, radius: number): void {
  for (const plane of planes) {
    const soft = blur(plane, side, Math.max(1, Math.round(radius / 2)), 2);
    for (let at = 0; at < plane.length; at++) {
      const border = 4 * cover[at]! * (1 - cover[at]!);
      const rim = cover[at]! > 0.5 ? 1 - 0.16 * border : 1;
      plane[at] = (plane[at]! * (1 - border) + soft[at]! * border) * rim;
    }
  }
}

function drawLines(
  planes: readonly Float32Array[],
  seen: Surfaces,
  colours: readonly Rgb[],
  line: { width: number; colour(object: Rgb): Rgb; horizon: boolean },
  glow: number | undefined,
): void {
  const { side } = seen;
  const unit = side / 64;
  const lines = linesOf(seen, (line.width * unit) / 2, line.horizon);
  const paint = colours.map((colour) => line.colour(colour));
  const horizon = line.colour([200, 200, 200]);
  const layer = planes.map(() => new Float32Array(side * side));
  for (let at = 0; at < lines.length; at++) {
    const value = lines[at]!;
    if (value === 0) continue;
    const colour = value > FIRST_OBJECT ? paint[value - FIRST_OBJECT - 1]! : horizon;
    for (let c = 0; c < 3; c++) layer[c]![at] = colour[c]!;
  }
  for (const [c, plane] of planes.entries()) {
    if (glow) {
      const light = blur(layer[c]!, side, Math.round((glow * unit) / 2), 2);
      for (let at = 0; at < plane.length; at++) plane[at] = plane[at]! + 0.75 * light[at]!;
    }
    for (let at = 0; at < plane.length; at++) {
      if (lines[at]! > 0) plane[at] = layer[c]![at]!;
    }
  }
}
