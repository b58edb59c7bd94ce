import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { readClipTokenizer } from "../../../../kernel/sdk/models/clip-tokenizer.ts";

const folder = fileURLToPath(new URL("../../../fixtures/tokenizer", import.meta.url));
const expected: { text: string; ids: number[] }[] = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));

test("ids are those of CLIP's published tokenizer", () => {
  const tokenizer = readClipTokenizer(folder);
  for (const { text, ids } of expected) assert.deepEqual(tokenizer.tokenize(text), ids, text);
});

test("a sequence has marks, padding, and the length that the model takes", () => {
  const tokenizer = readClipTokenizer(folder);
  const ids = tokenizer.encode("a photo of a cat");
  assert.equal(ids.length, 77);
  assert.deepEqual(ids.slice(0, 8), [49406, 320, 1125, 539, 320, 2368, 49407, 49407]);
  const short = readClipTokenizer(folder, 5);
  assert.deepEqual(short.encode("a photo of a cat"), [49406, 320, 1125, 539, 49407]);
  assert.deepEqual(short.encode(""), [49406, 49407, 49407, 49407, 49407]);
});

test("the padding token of the configuration is used", () => {
  const copy = mkdtempSync(join(tmpdir(), "tokenizer-"));
  try {
    cpSync(folder, copy, { recursive: true });
    writeFileSync(join(copy, "tokenizer_config.json"), JSON.stringify({ pad_token: "!", model_max_length: 4 }));
    assert.deepEqual(readClipTokenizer(copy).encode(""), [49406, 49407, 0, 0]);
    writeFileSync(join(copy, "vocab.json"), '{"a');
    assert.throws(() => readClipTokenizer(copy), { code: "tokenizer.unreadable", input: join(copy, "vocab.json") });
    rmSync(join(copy, "merges.txt"));
  } finally {
    rmSync(copy, { recursive: true });
  }
  assert.throws(() => readClipTokenizer(copy), { code: "tokenizer.unreadable" });
});
