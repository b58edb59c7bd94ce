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
    const edits = this.#edits
      .map((edit, order) => ({ ...edit, order }))
      .sort((a, b) => a.at - b.at || a.order - b.order);
    const parts: string[] = [];
    const stretches: Stretch[] = [];
    let from = 0;
    let to = 0;
    const push = (text: string, start: number, copied: boolean) => {
      if (text === "") return;
      stretches.push({ to, from: start, copied });
      parts.push(text);
      to += text.length;
    };
    for (const edit of edits) {
      push(this.#source.slice(from, edit.at), from, true);
      push(edit.text, edit.at, false);
      from = edit.end;
    }
    push(this.#source.slice(from), from, true);
    return { code: parts.join(""), origin: originIn(stretches) };
  }
}

interface Stretch {
  /** Where it starts in the result. */
  readonly to: number;
  /** Where it starts in the source. */
  readonly from: number;
  /** True when it is text of the source. */
  readonly copied: boolean;
}

/** Alone, so that it keeps nothing else alive. */
function originIn(stretches: readonly Stretch[]): (offset: number) => number {
  return (offset) => {
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
