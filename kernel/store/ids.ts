import { createHash, randomFillSync } from "node:crypto";

let lastTime = 0;
let sequence = 0;
/** Random bytes for ids, drawn for many at a time: a draw for each takes longer than all the rest of it. */
const random = Buffer.alloc(4096);
let used = random.length;

/**
 * A UUID of version 7 (RFC 9562): 48 bits of Unix time in milliseconds, a 12-bit counter, 62 random bits. Within a process each
 * id is greater than the one before, also when many are made in one millisecond or the clock steps back.
 */
export function uuidv7(now: number = Date.now()): string {
  if (now > lastTime) {
    lastTime = now;
    sequence = randomBytes(2).readUInt16BE() & 0x7ff;
  } else if (++sequence > 0xfff) {
    lastTime += 1;
    sequence = 0;
  }
  const bytes = randomBytes(16);
  bytes.writeUIntBE(lastTime, 0, 6);
  bytes.writeUInt16BE(0x7000 | sequence, 6);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Bytes that are nobody else's and may be written to. */
function randomBytes(size: number): Buffer {
  if (used + size > random.length) {
    randomFillSync(random);
    used = 0;
  }
  used += size;
  return random.subarray(used - size, used);
}

/** Milliseconds that a clock may have been ahead: ids of a time further on say nothing. */
const plausible = 24 * 3_600_000;

/** Makes all ids from here on greater than one that an earlier process made, although the clock was set back since. */
export function continueAfter(id: string, now: number = Date.now()): void {
  const time = timeOf(id).getTime();
  if (time > lastTime && time < now + plausible) lastTime = time + 1;
}

/** The time that a UUID of version 7 carries. */
export function timeOf(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

/** The smallest UUID of version 7 that a time can have: all made at that time or later are not smaller. */
export function firstIdOf(time: Date): string {
  const hex = Math.max(0, time.getTime()).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** A UUID that stands for a notebook which brings none: the same at every run from the same place. */
export function idOfPath(path: string): string {
  const hash = createHash("sha256").update(`assay notebook ${path}`).digest();
  hash[6] = (hash[6]! & 0x0f) | 0x80;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  return hash.toString("hex", 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
