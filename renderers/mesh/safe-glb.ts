/** More vertices than this in one file are not drawn. */
const maxVertices = 20_000_000;

/**
 * Why a GLB must not be given to the loader: it is not whole, refers to anything outside itself, is compressed in a way that needs a decoder, or
 * states sizes that its bytes cannot hold. `undefined` when nothing speaks against it.
 */
export function objection(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 20 || view.getUint32(0, true) !== 0x46546c67) return "its bytes are no GLB";
  if (view.getUint32(4, true) !== 2) return `it is a GLB of version ${view.getUint32(4, true)}, not 2`;
  if (view.getUint32(8, true) > bytes.length) return `it has ${bytes.length} of ${view.getUint32(8, true)} bytes`;
  const size = view.getUint32(12, true);
  if (view.getUint32(16, true) !== 0x4e4f534a || size + 20 > bytes.length) return "it has no description";
  let json: Description;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + size)));
  } catch {
    return "its description is not valid JSON";
  }
  if (typeof json !== "object" || json === null) return "its description is no object";
  return outside(json) ?? compressed(json) ?? oversized(json, bytes.length);
}

interface Description {
  readonly buffers?: readonly { readonly uri?: unknown; readonly byteLength?: unknown }[];
  readonly images?: readonly { readonly uri?: unknown }[];
  readonly accessors?: readonly { readonly count?: unknown }[];
  readonly bufferViews?: readonly { readonly byteLength?: unknown; readonly byteOffset?: unknown }[];
  readonly extensionsRequired?: readonly unknown[];
}

const list = <T>(value: readonly T[] | undefined): readonly T[] => (Array.isArray(value) ? value : []);

function outside({ buffers, images }: Description): string | undefined {
  const uris = [...list(buffers), ...list(images)].map((part) => part?.uri).filter((uri) => uri !== undefined);
  const elsewhere = uris.find((uri) => typeof uri !== "string" || !/^data:[\w/+.-]+;base64,/.test(uri));
  return elsewhere === undefined
    ? undefined
    : `it refers to ${String(elsewhere).slice(0, 80)}, and nothing is loaded from elsewhere`;
}

function compressed({ extensionsRequired }: Description): string | undefined {
  const found = list(extensionsRequired).find((name) => /draco|meshopt|basisu/i.test(String(name)));
  return found === undefined
    ? undefined
    : `it is compressed with ${String(found).slice(0, 60)}, which is not read here`;
}

function oversized({ accessors, bufferViews }: Description, length: number): string | undefined {
  for (const accessor of list(accessors)) {
    const count = Number(accessor?.count ?? 0);
    if (!(count >= 0 && count <= maxVertices))
      return `it states a list of ${String(accessor?.count).slice(0, 40)} numbers`;
  }
  for (const view of list(bufferViews)) {
    const end = Number(view?.byteOffset ?? 0) + Number(view?.byteLength ?? 0);
    if (!(end >= 0 && end <= length * 2 + 1e6)) return "it states more bytes than it has";
  }
  return undefined;
}
