import { crc32, deflateSync } from "node:zlib";

/** 8-bit pixels, row-major and interleaved. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** 1 grey, 3 RGB, 4 RGBA. */
  readonly channels: 1 | 3 | 4;
  readonly data: Uint8Array;
}

const colourTypes = { 1: 0, 3: 2, 4: 6 } as const;

/**
 * PNG bytes of 8-bit pixels (ISO/IEC 15948): no date, no metadata, the same bytes for the same pixels. Each row takes the filter
 * with the smallest sum of absolute differences, as the standard suggests.
 */
export function encodePng({ width, height, channels, data }: Pixels): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = colourTypes[channels];
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(filterRows(data, height, width * channels, channels), { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, body: Uint8Array): Buffer {
  const framed = Buffer.alloc(body.length + 12);
  framed.writeUInt32BE(body.length, 0);
  framed.write(type, 4, "latin1");
  framed.set(body, 8);
  framed.writeUInt32BE(crc32(framed.subarray(4, body.length + 8)), body.length + 8);
  return framed;
}

function filterRows(data: Uint8Array, height: number, stride: number, step: number): Uint8Array {
  const out = new Uint8Array(height * (stride + 1));
  const trial = new Uint8Array(stride);
  for (let row = 0; row < height; row++) {
    let best = Number.POSITIVE_INFINITY;
    for (let filter = 0; filter < 5; filter++) {
      const cost = filterRow(filter, data, row, stride, step, trial);
      if (cost >= best) continue;
      best = cost;
      out[row * (stride + 1)] = filter;
      out.set(trial, row * (stride + 1) + 1);
    }
  }
  return out;
}

function filterRow(kind: number, data: Uint8Array, row: number, stride: number, step: number, out: Uint8Array): number {
  const start = row * stride;
  let cost = 0;
  for (let i = 0; i < stride; i++) {
    const left = i >= step ? data[start + i - step]! : 0;
    const up = row > 0 ? data[start + i - stride]! : 0;
    const corner = i >= step && row > 0 ? data[start + i - stride - step]! : 0;
    const value = (data[start + i]! - predict(kind, left, up, corner)) & 255;
    out[i] = value;
    cost += value < 128 ? value : 256 - value;
  }
  return cost;
}

function predict(kind: number, left: number, up: number, corner: number): number {
  if (kind === 0) return 0;
  if (kind === 1) return left;
  if (kind === 2) return up;
  if (kind === 3) return (left + up) >> 1;
  const estimate = left + up - corner;
  const toLeft = Math.abs(estimate - left);
  const toUp = Math.abs(estimate - up);
  const toCorner = Math.abs(estimate - corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
