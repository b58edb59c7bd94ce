import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Tokenizer } from "@huggingface/tokenizers";
import { z } from "zod";
import { problem } from "../errors.ts";

/** Turns texts into the token ids that CLIP's text encoders take. */
export interface ClipTokenizer {
  /** Length of every sequence, marks and padding included: 77 for CLIP's own models. */
  readonly length: number;
  readonly startId: number;
  readonly endId: number;
  readonly padId: number;
  /** Ids of a text without marks, as many as there are. */
  tokenize(text: string): number[];
  /** Start mark, ids, end mark, padding: always `length` ids. A text that is too long is cut. */
  encode(text: string): number[];
}

const token = z
  .union([z.string(), z.object({ content: z.string() })])
  .transform((t) => (typeof t === "string" ? t : t.content));
const tokenizerConfig = z.object({
  bos_token: token.default("<|startoftext|>"),
  eos_token: token.default("<|endoftext|>"),
  pad_token: token.nullish(),
  model_max_length: z.number().default(77),
});
const vocabulary = z.record(z.string(), z.number().int().nonnegative());

/** CLIP's way to split a text into words before byte-pair encoding. */
const words = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

/** Sequences that a configuration calls longer than this have no limit in truth. */
const longest = 4096;

/**
 * Reads CLIP's byte-pair tokenizer from `vocab.json`, `merges.txt` and, where there is one, `tokenizer_config.json`.
 *
 * @param length overrides the length of sequences, where the text encoder knows better
 * @throws AssayError `tokenizer.unreadable`
 */
export function readClipTokenizer(folder: string, length?: number): ClipTokenizer {
  const config = read(folder, "tokenizer_config.json", (text) => tokenizerConfig.parse(JSON.parse(text)), "{}");
  const vocab = read(folder, "vocab.json", (text) => vocabulary.parse(JSON.parse(text)));
  const merges = read(folder, "merges.txt", (text) =>
    text.split("\n").filter((line) => line && !line.startsWith("#version")),
  );
  const idOf = (name: string): number => {
    const id = vocab[name];
    if (id === undefined) throw problem.unreadableTokenizer(join(folder, "vocab.json"), `the token ${name} is missing`);
    return id;
  };
  const [startId, endId] = [idOf(config.bos_token), idOf(config.eos_token)];
  const padId = idOf(config.pad_token ?? config.eos_token);
  const size = length ?? (config.model_max_length <= longest ? config.model_max_length : 77);

  const added = [config.bos_token, config.eos_token].map((content, index) => {
    const id = index === 0 ? startId : endId;
    return { id, content, special: true, normalized: false, lstrip: false, rstrip: false, single_word: false };
  });
  const tokenizer = new Tokenizer(
    {
      added_tokens: added,
      normalizer: {
        type: "Sequence",
        normalizers: [
          { type: "NFC" },
          { type: "Replace", pattern: { Regex: "\\s+" }, content: " " },
          { type: "Lowercase" },
        ],
      },
      pre_tokenizer: {
        type: "Sequence",
        pretokenizers: [
          { type: "Split", pattern: { Regex: words }, behavior: "Removed", invert: true },
          { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: false },
        ],
      },
      post_processor: null,
      decoder: null,
      model: {
        type: "BPE",
        unk_token: config.eos_token,
        continuing_subword_prefix: "",
        end_of_word_suffix: "</w>",
        vocab,
        merges,
      },
    },
    {},
  );
  const tokenize = (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids;
  return {
    length: size,
    startId,
    endId,
    padId,
    tokenize,
    encode(text) {
      const ids = [startId, ...tokenize(text).slice(0, size - 2), endId];
      return [...ids, ...Array<number>(size - ids.length).fill(padId)];
    },
  };
}

/** Reads and parses one file; a missing file is an error unless there is a fallback text. */
function read<T>(folder: string, name: string, parse: (text: string) => T, fallback?: string): T {
  const path = join(folder, name);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    if (fallback === undefined) throw problem.unreadableTokenizer(path, "the file is missing", cause);
    text = fallback;
  }
  try {
    return parse(text);
  } catch (cause) {
    throw problem.unreadableTokenizer(
      path,
      cause instanceof Error ? cause.message.split("\n")[0]! : String(cause),
      cause,
    );
  }
}
