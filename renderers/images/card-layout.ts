/** Cards under a heading, or all of them under none. Images are named by their index among the items. */
export interface Section {
  readonly name?: string;
  readonly indices: readonly number[];
}

/** Sizes in CSS pixels. */
export interface CardSizes {
  /** Cards beside each other. */
  readonly columns: number;
  /** From the left edge of a card to that of the next. */
  readonly across: number;
  /** From the top of a row of cards to that of the next. */
  readonly down: number;
  /** Height of a section's heading. */
  readonly heading: number;
}

/** Where a section begins. */
export interface Heading {
  readonly name: string;
  /** Cards of the section. */
  readonly count: number;
  readonly top: number;
  /** Position of its first card. */
  readonly first: number;
}

interface Row {
  readonly top: number;
  /** Position of its first card in the order of all. */
  readonly first: number;
  readonly count: number;
}

/**
 * Where every card of a gallery stands, without drawing it: all rows are of one height, so any of a hundred thousand images is found at once. A
 * position is a place in the order of all cards, over all sections.
 */
export class CardLayout {
  /** Items by position. */
  readonly order: readonly number[];
  /** Height of everything. */
  readonly height: number;
  readonly headings: readonly Heading[];
  readonly sizes: CardSizes;
  readonly #rows: readonly Row[];

  constructor(sections: readonly Section[], sizes: CardSizes) {
    this.sizes = sizes;
    const rows: Row[] = [];
    const headings: Heading[] = [];
    let top = 0;
    let first = 0;
    for (const { name, indices } of sections) {
      if (name !== undefined) {
        headings.push({ name, count: indices.length, top, first });
        top += sizes.heading;
      }
      for (let at = 0; at < indices.length; at += sizes.columns) {
        rows.push({ top, first: first + at, count: Math.min(sizes.columns, indices.length - at) });
        top += sizes.down;
      }
      first += indices.length;
    }
    this.#rows = rows;
    this.headings = headings;
    this.height = top;
    this.order = sections.flatMap(({ indices }) => indices);
  }

  /** The positions whose rows touch the pixels from `top` to `bottom`: `last` is one after the last. */
  between(top: number, bottom: number): { readonly first: number; readonly last: number } {
    const from = this.#rows[this.#rowWhere((row) => row.top + this.sizes.down > top)];
    const to = this.#rows[this.#rowWhere((row) => row.top >= bottom) - 1];
    if (!from || !to) return { first: 0, last: 0 };
    return { first: from.first, last: Math.max(from.first, to.first + to.count) };
  }

  /** The left upper corner of a card. */
  corner(position: number): { readonly left: number; readonly top: number } {
    const row = this.#rows[this.#rowAt(position)];
    return { left: (position - (row?.first ?? 0)) * this.sizes.across, top: row?.top ?? 0 };
  }

  /** The position that is `rows` further down, in the same column as far as there is one. */
  below(position: number, rows: number): number {
    const at = this.#rowAt(position);
    const row = this.#rows[Math.max(0, Math.min(this.#rows.length - 1, at + rows))];
    if (!row) return position;
    return row.first + Math.min(position - this.#rows[at]!.first, row.count - 1);
  }

  #rowAt(position: number): number {
    return this.#rowWhere((row) => row.first + row.count > position);
  }

  /** The first row for which `holds`, which is false for all before it and true for all after. */
  #rowWhere(holds: (row: Row) => boolean): number {
    let [low, high] = [0, this.#rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (holds(this.#rows[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
