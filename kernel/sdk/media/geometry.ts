import { problem } from "../errors.ts";

/** One part of a 3D object: triangles where there are indices, else points. Y is up, units are the author's. */
export interface Geometry {
  /** x, y, z of each vertex. */
  readonly positions: Float32Array;
  /** Three vertices a triangle, anticlockwise seen from outside. */
  readonly indices?: Uint32Array;
  /** x, y, z of each vertex's normal, of length one. */
  readonly normals?: Float32Array;
  /** Linear red, green and blue of each vertex, 0 to 1. */
  readonly colours?: Float32Array;
}

/** Numbers as a cell has them. */
export interface MeshArrays {
  /** x, y, z of each vertex. Y is up. */
  readonly positions: ArrayLike<number>;
  /** Three vertices a triangle. Without them the vertices are a point cloud. */
  readonly indices?: ArrayLike<number>;
  /** x, y, z of each vertex's normal. Without them the view shades each face flat. */
  readonly normals?: ArrayLike<number>;
  /** Red, green and blue of each vertex as in a picture (sRGB): 0 to 255 in an array of bytes, else 0 to 1. */
  readonly colours?: ArrayLike<number>;
}

/**
 * Arrays, checked.
 *
 * @throws AssayError `media.value` that names the array, the place and what is wrong
 */
export function geometryOf({ positions, indices, normals, colours }: MeshArrays): Geometry {
  const count = positions.length / 3;
  if (positions.length === 0 || !Number.isInteger(count)) {
    const reason = `it has ${positions.length} numbers, and three are needed for each vertex`;
    throw problem.mediaValue("mesh positions", reason, "Give x, y and z of each vertex one after another");
  }
  const bytes = colours instanceof Uint8Array || colours instanceof Uint8ClampedArray;
  return {
    positions: numbers("positions", positions, positions.length),
    ...(indices && { indices: triangles(indices, count) }),
    ...(normals && { normals: numbers("normals", normals, positions.length) }),
    ...(colours && {
      colours: numbers("colours", colours, positions.length).map((value) => linear(bytes ? value / 255 : value)),
    }),
  };
}

function numbers(name: string, values: ArrayLike<number>, length: number): Float32Array {
  if (values.length !== length) {
    const reason = `it has ${values.length} numbers, and ${length / 3} vertices need ${length}`;
    throw problem.mediaValue(`mesh ${name}`, reason, "Give three numbers for each vertex");
  }
  const out = Float32Array.from(values);
  const wrong = out.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return out;
  const reason = `number ${wrong} is ${values[wrong]}, beyond what a mesh can hold`;
  throw problem.mediaValue(`mesh ${name}`, reason, "Give finite numbers of at most 3e38");
}

function triangles(indices: ArrayLike<number>, vertices: number): Uint32Array {
  if (indices.length === 0 || indices.length % 3 !== 0) {
    const reason = `it has ${indices.length} numbers, and three are needed for each triangle`;
    throw problem.mediaValue("mesh indices", reason, "Leave indices out to show a point cloud");
  }
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (Number.isInteger(index) && index >= 0 && index < vertices) continue;
    const reason = `number ${i} is ${index}, and there are ${vertices} vertices`;
    throw problem.mediaValue("mesh indices", reason, `Give whole numbers from 0 to ${vertices - 1}`);
  }
  return Uint32Array.from(indices);
}

/** sRGB to linear light, clamped. */
function linear(value: number): number {
  const v = Math.max(0, Math.min(1, value));
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}
