/** Boxes that hold other boxes on the way to the tables of a track. */
const containers = new Set(["moov", "trak", "mdia", "minf", "stbl", "mvex", "moof", "traf", "edts"]);

/** Bytes of an entry in the tables of a track, after a head of 8 bytes: version, flags and the number of entries. */
const entryBytes: Readonly<Record<string, number>> = {
  stts: 8,
  ctts: 8,
  stsc: 12,
  stss: 4,
  stco: 4,
  co64: 8,
  elst: 12,
};

/** A film with more samples than this is refused: a day at 60 frames a second has half as many. */
const maxSamples = 10_000_000;

/**
 * Why a table of an MP4 cannot be true: it states more entries than its box has room for, or more samples than any film has. A reader that believes
 * such a number would be busy for minutes.
 */
export function wrongTable(view: DataView, from = 0, to = view.byteLength, depth = 0): string | undefined {
  for (let at = from; at + 8 <= to; ) {
    const type = String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at + 4, 4));
    let size = view.getUint32(at);
    let head = 8;
    if (size === 1 && at + 16 <= to) {
      size = Number(view.getBigUint64(at + 8));
      head = 16;
    } else if (size === 0) size = to - at;
    if (size < head) return `its box ${JSON.stringify(type)} has a size of ${size}`;
    const end = Math.min(to, at + size);
    const fault =
      containers.has(type) && depth < 10
        ? wrongTable(view, at + head, end, depth + 1)
        : wrongCount(view, type, at + head, end);
    if (fault) return fault;
    at += size;
  }
  return undefined;
}

function wrongCount(view: DataView, type: string, body: number, end: number): string | undefined {
  const bytes = entryBytes[type];
  const count = body + 8 <= end ? view.getUint32(body + 4) : 0;
  if (type === "stsz" || type === "stz2" || type === "trun") {
    const samples = type === "trun" ? count : body + 12 <= end ? view.getUint32(body + 8) : 0;
    return samples > maxSamples ? `its table ${type} states ${samples} samples` : undefined;
  }
  if (bytes === undefined) return undefined;
  if (count * bytes > end - body - 8) return `its table ${type} states ${count} entries and has room for fewer`;
  if (type !== "stts" && type !== "ctts") return undefined;
  let samples = 0;
  for (let i = 0; i < count; i++) samples += view.getUint32(body + 8 + i * bytes);
  return samples > maxSamples ? `its table ${type} states ${samples} samples` : undefined;
}
