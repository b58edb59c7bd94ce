import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readArtifact } from "../../extension/notebook/read-artifact.ts";

async function storeWith(content: Buffer, name = createHash("sha256").update(content).digest("hex")) {
  const folder = await mkdtemp(join(tmpdir(), "assay-store-"));
  await mkdir(join(folder, "artifacts", name.slice(0, 2)), { recursive: true });
  await writeFile(join(folder, "artifacts", name.slice(0, 2), name), content);
  return { folder, sha256: name };
}

test("an artifact is read whole from the first store that holds it", async () => {
  const content = Buffer.from("some bytes");
  const { folder, sha256 } = await storeWith(content);
  const reply = await readArtifact(sha256, ["/nowhere", folder], 1000);
  assert.deepEqual(reply, { type: "artifact", sha256, base64: content.toString("base64") });
});

test("what is missing, too large, or altered is refused with the reason", async () => {
  const { folder, sha256 } = await storeWith(Buffer.alloc(2000, 1));
  const reason = async (...args: Parameters<typeof readArtifact>) => {
    const reply = await readArtifact(...args);
    return reply.type === "refused" ? reply.reason : "";
  };
  assert.match(await reason("0".repeat(64), [folder], 9999), /does not hold it/);
  assert.match(await reason(sha256, [folder], 1999), /2000 bytes/);
  const altered = await storeWith(Buffer.from("altered"), "a".repeat(64));
  assert.match(await reason(altered.sha256, [altered.folder], 9999), /do not match its hash/);
});
