import assert from "node:assert/strict";
import { test } from "node:test";
import { Tokenizer } from "@huggingface/tokenizers";
import { Random } from "../../../kernel/sdk/tensor/index.ts";
import { randomCaption, sampleScene } from "../../../models/build/scenes/index.ts";
import { tokenizerFiles } from "../../../models/build/text/tokenizer-files.ts";
import { buildVocabulary, encodeCaption, mergeWord, TOKENS, WORDS } from "../../../models/build/text/vocabulary.ts";

const vocabulary = buildVocabulary();
const files = tokenizerFiles(vocabulary);
const independent = new Tokenizer(JSON.parse(files["tokenizer.json"]!), JSON.parse(files["tokenizer_config.json"]!));

test("each known word merges to one token", () => {
  const ranks = new Map(vocabulary.merges.map((merge, rank) => [merge, rank]));
  for (const word of WORDS) assert.deepEqual(mergeWord(word, ranks), [`${word}</w>`]);
  const ids = Object.values(vocabulary.vocab);
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(vocabulary.endId, Math.max(...Object.values(vocabulary.vocab)));
});

test("captions get the ids that an independent tokenizer gives", () => {
  const random = new Random("captions");
  const uniform = () => random.uniform();
  for (let i = 0; i < 50; i++) {
    const caption = randomCaption(sampleScene(uniform), uniform);
    const ids = encodeCaption(caption, vocabulary);
    assert.equal(ids.length, TOKENS);
    const end = ids.indexOf(vocabulary.endId);
    assert.deepEqual(ids.slice(0, end + 1), independent.encode(caption).ids, caption);
  }
});

test("an unknown word falls to letters in the files, and is refused in captions", () => {
  assert.ok(independent.encode("a zebra").ids.length > 5);
  assert.throws(() => encodeCaption("a zebra", vocabulary), /zebra/);
});
