import * as crypto from "node:crypto";

/** The signature of the parts of a message, in hexadecimal digits. */
export type Sign = (parts: readonly (Buffer | string)[]) => string;

/** Bytes of a block of SHA-256, and of what it gives. */
const block = 64;
const digest = 32;
/** Bytes of a message that is signed in one go. */
const usual = 65_536;

/** Signs messages with an HMAC (RFC 2104) of the given hash; nothing where the key is empty. Throws when Node does not know the hash. */
export function signer(key: string, hash: string): Sign | undefined {
  if (key === "") return undefined;
  const secret = crypto.createSecretKey(Buffer.from(key));
  const piecewise: Sign = (parts) => {
    const hmac = crypto.createHmac(hash, secret);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  };
  // An unknown hash is told now, not with the first message.
  piecewise([]);
  return hash === "sha256" && "hash" in crypto ? inOneGo(Buffer.from(key), piecewise) : piecewise;
}

/**
 * The HMAC with SHA-256 out of two hashes of whole buffers: a kernel signs six short messages for each cell, and making an `Hmac` takes several
 * times as long as the hashing. Messages that are long go piecewise.
 */
function inOneGo(key: Buffer, piecewise: Sign): Sign {
  const padding = Buffer.alloc(block);
  padding.set(key.length > block ? crypto.createHash("sha256").update(key).digest() : key);
  const inner = Buffer.allocUnsafeSlow(usual);
  inner.set(padding.map((byte) => byte ^ 0x36));
  const outer = Buffer.allocUnsafeSlow(block + digest);
  outer.set(padding.map((byte) => byte ^ 0x5c));
  return (parts) => {
    let most = block;
    for (const part of parts) most += typeof part === "string" ? 3 * part.length : part.length;
    if (most > usual) return piecewise(parts);
    let end = block;
    for (const part of parts) end += typeof part === "string" ? inner.write(part, end) : part.copy(inner, end);
    outer.write(crypto.hash("sha256", inner.subarray(0, end)), block, "hex");
    return crypto.hash("sha256", outer);
  };
}
