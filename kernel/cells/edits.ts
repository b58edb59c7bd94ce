interface Edit {
  readonly at: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Changes to a source text that remember where everything came from. Edits at the same place keep the order in which they were
 * made; replaced ranges must not overlap.
 */
export class Edits {
  readonly #source: string;
  readonly #edits: Edit[] = [];

  constructor(source: string) {
    this.#source = source;
  }

  insert(at: number, text: string): void {
    this.#edits.push({ at, end: at, text });
  }

  replace(at: number, end: number, text: string): void {
    this.#edits.push({ at, end, text });
  }

  /** The changed text, and a function from its offsets back to those of the source. */
  apply(): { readonly code: string; readonly origin: (offset: number) => number } {
    const source = this.#source;
    // Sorting keeps the order of those at the same place.
    const edits = this.#edits.sort((a, b) => a.at - b.at);
    const parts: string[] = [];
    let from = 0;
    for (const edit of edits) {
      if (edit.at > from) parts.push(source.slice(from, edit.at));
      parts.push(edit.text);
      from = edit.end;
    }
    parts.push(source.slice(from));
    return { code: parts.join(""), origin: originIn(edits) };
  }
}

/** Alone, so that it keeps nothing else alive. What it needs it makes when it is asked first: hardly any cell is. */
function originIn(edits: readonly Edit[]): (offset: number) => number {
  let stretches: readonly Stretch[] | undefined;
  return (offset) => {
    stretches ??= stretchesOf(edits);
    let low = 0;
    let high = stretches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (stretches[middle]!.to <= offset) low = middle;
      else high = middle - 1;
    }
    const stretch = stretches[low];
    if (!stretch) return offset;
    return stretch.copied ? stretch.from + (offset - stretch.to) : stretch.from;
  };
}

function stretchesOf(edits: readonly Edit[]): Stretch[] {
  const stretches: Stretch[] = [];
  let from = 0;
  let to = 0;
  const push = (length: number, start: number, copied: boolean) => {
    if (length === 0) return;
    stretches.push({ to, from: start, copied });
    to += length;
  };
  for (const { at, end, text } of edits) {
    push(at - from, from, true);
    push(text.length, at, false);
    from = end;
  }
  push(Number.POSITIVE_INFINITY, from, true);
  return stretches;
}

interface Stretch {
  /** Where it starts in the result. */
  readonly to: number;
  /** Where it starts in the source. */
  readonly from: number;
  /** True when it is text of the source. */
  readonly copied: boolean;
}
