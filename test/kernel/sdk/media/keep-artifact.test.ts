import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { display, image, keepArtifact } from "../../../../kernel/sdk/media/index.ts";
import { recorded } from "../../../support/recorded-context.ts";
import { temporaryFolder } from "../../../support/temporary.ts";

test("a store that takes nothing costs no result: media stay inside the output, and the cell says so once", async (t) => {
  const storeFolder = join(temporaryFolder(t), "file");
  writeFileSync(storeFolder, "");
  const picture = image({ width: 8, height: 8, channels: 3, data: new Uint8Array(192).fill(7) });
  const bytes = picture.png();
  const { outputs } = await recorded(
    t,
    async () => {
      display.images([picture]);
      display.images([picture]);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      assert.deepEqual(keepArtifact(bytes, "image/png"), {
        ref: { sha256, bytes: bytes.byteLength, mime: "image/png" },
        kept: false,
      });
    },
    { storeFolder, inlineLimit: 10 },
  );
  const said = outputs.filter((one) => one.type === "stream");
  assert.equal(said.length, 1);
  assert.match(said[0]!.text, /^Not kept in the store: .*it is a file, not a folder/);
  const shown = JSON.stringify(outputs.filter((one) => one.type === "display"));
  assert.equal(shown.split(Buffer.from(bytes).toString("base64")).length > 2, true);
  assert.doesNotMatch(shown, /sha256/);
});
