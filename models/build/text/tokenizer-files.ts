import { TOKENS, type Vocabulary } from "./vocabulary.ts";

const START = "<|startoftext|>";
const END = "<|endoftext|>";
const WORD_PATTERN = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+";

/** The files of a CLIP tokenizer: name to content. */
export function tokenizerFiles({ vocab, merges, startId, endId }: Vocabulary): Record<string, string> {
  const mark = (content: string, normalized: boolean) => ({
    content,
    lstrip: false,
    normalized,
    rstrip: false,
    single_word: false,
  });
  const added = [startId, endId].map((id) => ({ id, special: true, ...mark(id === startId ? START : END, false) }));
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return {
    "vocab.json": json(vocab),
    "merges.txt": `#version: 0.2\n${merges.join("\n")}\n`,
    "special_tokens_map.json": json({
      bos_token: mark(START, true),
      eos_token: mark(END, true),
      pad_token: END,
      unk_token: mark(END, true),
    }),
    "tokenizer_config.json": json({
      add_prefix_space: false,
      bos_token: mark(START, true),
      clean_up_tokenization_spaces: true,
      do_lower_case: true,
      eos_token: mark(END, true),
      errors: "replace",
      model_max_length: TOKENS,
      pad_token: END,
      tokenizer_class: "CLIPTokenizer",
      unk_token: mark(END, true),
    }),
    "tokenizer.json": json({
      version: "1.0",
      truncation: null,
      padding: null,
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
          { type: "Split", pattern: { Regex: WORD_PATTERN }, behavior: "Removed", invert: true },
          { type: "ByteLevel", add_prefix_space: false, trim_offsets: true },
        ],
      },
      post_processor: {
        type: "RobertaProcessing",
        sep: [END, endId],
        cls: [START, startId],
        trim_offsets: false,
        add_prefix_space: false,
      },
      decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true },
      model: {
        type: "BPE",
        dropout: null,
        unk_token: END,
        continuing_subword_prefix: "",
        end_of_word_suffix: "</w>",
        fuse_unk: false,
        vocab,
        merges,
      },
    }),
  };
}
