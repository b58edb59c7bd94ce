import { COLOURS, GROUNDS, SHAPES, SKIES, STYLES } from "../scenes/index.ts";

/** Length of a prompt in tokens, both marks included. */
export const TOKENS = 24;

const START = "<|startoftext|>";
const END = "<|endoftext|>";

/** Words that are one token each, in the order they were added. */
export const WORDS: readonly string[] = [
  ...["a", "an", "the", "of", "on", "and", "left", "right", "beside", "under", "with", "ground", "sky", "style"],
  ...SHAPES,
  ...COLOURS,
  ...GROUNDS,
  ...SKIES,
  ...STYLES,
  ...["picture", "photo", "image", "depicts", "scene"],
];

/** CLIP's byte-pair vocabulary in small: bytes, bytes that end a word, merges that make each known word one token, two marks. */
export interface Vocabulary {
  /** Token to id. */
  readonly vocab: Readonly<Record<string, number>>;
  /** Pairs to merge, the first ones first, written "left right". */
  readonly merges: readonly string[];
  readonly startId: number;
  readonly endId: number;
}

/** Builds the vocabulary; the same words give the same ids. */
export function buildVocabulary(words: readonly string[] = WORDS): Vocabulary {
  const tokens = byteLetters().flatMap((letter) => [letter]);
  tokens.push(...byteLetters().map((letter) => `${letter}</w>`));
  const ranks = new Map<string, number>();
  const known = new Set(tokens);
  for (const word of words) {
    for (;;) {
      const parts = mergeWord(word, ranks);
      if (parts.length === 1) break;
      ranks.set(`${parts[0]} ${parts[1]}`, ranks.size);
      const merged = `${parts[0]}${parts[1]}`;
      if (!known.has(merged)) tokens.push(merged);
      known.add(merged);
    }
  }
  tokens.push(START, END);
  return {
    vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
    merges: [...ranks.keys()],
    startId: tokens.length - 2,
    endId: tokens.length - 1,
  };
}

/** Splits a word into tokens by merging, always the pair of the lowest rank first. */
export function mergeWord(word: string, ranks: ReadonlyMap<string, number>): string[] {
  let parts = [...word].map((letter, index) => (index === word.length - 1 ? `${letter}</w>` : letter));
  for (;;) {
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i + 1 < parts.length; i++) {
      best = Math.min(best, ranks.get(`${parts[i]} ${parts[i + 1]}`) ?? Number.POSITIVE_INFINITY);
    }
    if (best === Number.POSITIVE_INFINITY) return parts;
    const next: string[] = [];
    for (let i = 0; i < parts.length; i++) {
      if (i + 1 < parts.length && ranks.get(`${parts[i]} ${parts[i + 1]}`) === best)
        next.push(`${parts[i]}${parts[++i]}`);
      else next.push(parts[i]!);
    }
    parts = next;
  }
}

/** Ids of a caption of known words: start, words, end, then end again as padding. @throws RangeError for another word. */
export function encodeCaption(caption: string, vocabulary: Vocabulary): number[] {
  const words = caption.match(/[a-z]+|,/g) ?? [];
  const ids = words.map((word) => {
    const id = vocabulary.vocab[`${word}</w>`];
    if (id === undefined) throw new RangeError(`"${word}" is not a word of the tiny models`);
    return id;
  });
  const kept = [vocabulary.startId, ...ids.slice(0, TOKENS - 2), vocabulary.endId];
  return [...kept, ...Array<number>(TOKENS - kept.length).fill(vocabulary.endId)];
}

/** GPT-2's printable letter for each byte, in the order of CLIP's vocabulary: printable bytes first. */
export function byteLetters(): string[] {
  const letters = new Map<number, string>();
  const printable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  for (let byte = 0; byte < 256; byte++) if (printable(byte)) letters.set(byte, String.fromCodePoint(byte));
  let extra = 256;
  for (let byte = 0; byte < 256; byte++) if (!printable(byte)) letters.set(byte, String.fromCodePoint(extra++));
  return [...letters.values()];
}
