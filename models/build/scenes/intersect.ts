import type { SceneObject } from "./words.ts";

/** A hit of a ray with a solid; reused between calls to spare allocations. */
export interface Hit {
  /** Distance along the ray. */
  t: number;
  nx: number;
  ny: number;
  nz: number;
}

/** A solid prepared for many rays. */
export interface Solid {
  /** A bounding sphere: centre and radius. */
  readonly centre: readonly [number, number, number];
  readonly radius: number;
  /** Nearest hit with t > 0 of a ray with unit direction; false when there is none. */
  hit(ox: number, oy: number, oz: number, dx: number, dy: number, dz: number, out: Hit): boolean;
}

/** Prepares one object of a scene. */
export function solidOf(object: SceneObject): Solid {
  switch (object.shape) {
    case "sphere":
      return sphere(object);
    case "cube":
      return cube(object);
    case "cone":
      return cone(object);
    case "cylinder":
      return cylinder(object);
    case "torus":
      return torus(object);
  }
}

function sphere({ x, z, size }: SceneObject): Solid {
  const r = size * 0.5;
  return {
    centre: [x, r, z],
    radius: r,
    hit(ox, oy, oz, dx, dy, dz, out) {
      const px = ox - x;
      const py = oy - r;
      const pz = oz - z;
      const b = px * dx + py * dy + pz * dz;
      const disc = b * b - (px * px + py * py + pz * pz - r * r);
      if (disc < 0) return false;
      const t = -b - Math.sqrt(disc);
      if (t <= 0) return false;
      out.t = t;
      out.nx = (px + dx * t) / r;
      out.ny = (py + dy * t) / r;
      out.nz = (pz + dz * t) / r;
      return true;
    },
  };
}

function cube({ x, z, size, yaw }: SceneObject): Solid {
  const h = size * 0.375;
  const cos = Math.cos(yaw);
  const sin = Math.sin(yaw);
  return {
    centre: [x, h, z],
    radius: h * Math.sqrt(3),
    hit(ox, oy, oz, dx, dy, dz, out) {
      const px = cos * (ox - x) - sin * (oz - z);
      const py = oy - h;
      const pz = sin * (ox - x) + cos * (oz - z);
      const vx = cos * dx - sin * dz;
      const vz = sin * dx + cos * dz;
      const ax = (-Math.sign(vx) * h - px) / vx;
      const ay = (-Math.sign(dy) * h - py) / dy;
      const az = (-Math.sign(vz) * h - pz) / vz;
      const t = Math.max(ax, ay, az);
      const far = Math.min((Math.sign(vx) * h - px) / vx, (Math.sign(dy) * h - py) / dy, (Math.sign(vz) * h - pz) / vz);
      if (t > far || t <= 0) return false;
      let mx = 0;
      let my = 0;
      let mz = 0;
      if (t === ax) mx = -Math.sign(vx);
      else if (t === ay) my = -Math.sign(dy);
      else mz = -Math.sign(vz);
      out.t = t;
      out.nx = cos * mx + sin * mz;
      out.ny = my;
      out.nz = -sin * mx + cos * mz;
      return true;
    },
  };
}

function cone({ x, z, size }: SceneObject): Solid {
  const height = size * 1.05;
  const r = size * 0.48;
  const k = r / height;
  const k2 = k * k;
  const slope = 1 / Math.sqrt(1 + k2);
  return {
    centre: [x, height / 2, z],
    radius: Math.hypot(height / 2, r),
    hit(ox, oy, oz, dx, dy, dz, out) {
      const px = ox - x;
      const py = oy - height;
      const pz = oz - z;
      const a = dx * dx + dz * dz - k2 * dy * dy;
      const b = px * dx + pz * dz - k2 * py * dy;
      const c = px * px + pz * pz - k2 * py * py;
      const disc = b * b - a * c;
      if (disc < 0) return false;
      const root = Math.sqrt(disc);
      let best = Number.POSITIVE_INFINITY;
      for (const t of [(-b - root) / a, (-b + root) / a]) {
        const y = py + dy * t;
        if (t > 0 && t < best && y <= 0 && y >= -height) best = t;
      }
      if (best === Number.POSITIVE_INFINITY) return false;
      const hx = px + dx * best;
      const hz = pz + dz * best;
      const d = Math.hypot(hx, hz) || 1;
      out.t = best;
      out.nx = (hx / d) * slope;
      out.ny = k * slope;
      out.nz = (hz / d) * slope;
      return true;
    },
  };
}

function cylinder({ x, z, size }: SceneObject): Solid {
  const height = size * 0.98;
  const r = size * 0.33;
  return {
    centre: [x, height / 2, z],
    radius: Math.hypot(height / 2, r),
    hit(ox, oy, oz, dx, dy, dz, out) {
      const px = ox - x;
      const pz = oz - z;
      const top = (height - oy) / dy;
      const tx = px + dx * top;
      const tz = pz + dz * top;
      if (top > 0 && tx * tx + tz * tz <= r * r) {
        out.t = top;
        out.nx = 0;
        out.ny = 1;
        out.nz = 0;
        return true;
      }
      const a = dx * dx + dz * dz;
      const b = px * dx + pz * dz;
      const disc = b * b - a * (px * px + pz * pz - r * r);
      if (disc < 0) return false;
      const t = (-b - Math.sqrt(disc)) / a;
      const y = oy + dy * t;
      if (t <= 0 || y < 0 || y > height) return false;
      out.t = t;
      out.nx = (px + dx * t) / r;
      out.ny = 0;
      out.nz = (pz + dz * t) / r;
      return true;
    },
  };
}

/** A ring that stands upright and leans back, so that its hole faces the camera; found by sphere tracing. */
function torus({ x, z, size, yaw }: SceneObject): Solid {
  const ring = size * 0.375;
  const tube = size * 0.155;
  const lean = 0.3;
  const cy = ring * Math.cos(lean) + tube;
  const ax = Math.sin(yaw) * Math.cos(lean);
  const ay = Math.sin(lean);
  const az = Math.cos(yaw) * Math.cos(lean);
  const bound = ring + tube;
  return {
    centre: [x, cy, z],
    radius: bound,
    hit(ox, oy, oz, dx, dy, dz, out) {
      const px = ox - x;
      const py = oy - cy;
      const pz = oz - z;
      const b = px * dx + py * dy + pz * dz;
      const disc = b * b - (px * px + py * py + pz * pz - bound * bound);
      if (disc < 0) return false;
      const root = Math.sqrt(disc);
      let t = Math.max(0, -b - root);
      const end = -b + root;
      for (let step = 0; step < 40 && t < end; step++) {
        const qx = px + dx * t;
        const qy = py + dy * t;
        const qz = pz + dz * t;
        const along = qx * ax + qy * ay + qz * az;
        const rx = qx - along * ax;
        const ry = qy - along * ay;
        const rz = qz - along * az;
        const flat = Math.sqrt(rx * rx + ry * ry + rz * rz) || 1e-9;
        const q = flat - ring;
        const d = Math.sqrt(q * q + along * along) - tube;
        if (d < 2e-3) {
          const scale = q / flat;
          const length = d + tube;
          out.t = t;
          out.nx = (rx * scale + ax * along) / length;
          out.ny = (ry * scale + ay * along) / length;
          out.nz = (rz * scale + az * along) / length;
          return true;
        }
        t += d;
      }
      return false;
    },
  };
}
