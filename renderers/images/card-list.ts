import { formatItems, h } from "../mount.ts";
import { CardLayout, type Section } from "./card-layout.ts";

/** Space between cards, and height of a section's heading, in CSS pixels. */
const gap = 12;
const headingHeight = 34;
/** CSS pixels that are drawn beyond either edge of the view. */
const beyond = 360;
/** A list of more cards than this scrolls in a box of its own. */
const mostUnboxed = 60;

/** Makes the cards of a list. */
export interface CardMaker {
  /** The card of an item; `signal` fires when it is taken away. */
  card(index: number, signal: AbortSignal): HTMLElement;
  /** How tall a card must be for the items of the list, at this width in CSS pixels. */
  height(width: number, list: HTMLElement): number;
}

interface Drawn {
  readonly element: HTMLElement;
  readonly end: AbortController;
  position: number;
}

/**
 * Cards in rows, of which only those in view are drawn. The list is one stop of the Tab key: arrow keys, Home, End, Page Up and Page Down go from card to card,
 * also to those that are not drawn yet.
 */
export class CardList {
  /** The box around the list. */
  readonly element: HTMLElement;
  readonly #maker: CardMaker;
  readonly #list = h("ul", { class: "cards" });
  readonly #stuck = h("div", { class: "section stuck", "aria-hidden": "true", hidden: true });
  readonly #drawn = new Map<number, Drawn>();
  #headings: HTMLElement[] = [];
  #sections: readonly Section[] = [];
  #layout = new CardLayout([], { columns: 1, across: 1, down: 1, heading: headingHeight });
  #width = 136;
  #available = 0;
  #active = 0;
  #boxed = false;

  constructor(maker: CardMaker, label: string, signal: AbortSignal) {
    this.#maker = maker;
    this.element = h("div", { class: "gallery-box" }, this.#stuck, this.#list);
    this.#list.setAttribute("aria-label", label);
    this.element.addEventListener("scroll", () => this.#draw(), { passive: true, signal });
    this.#list.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.#list.addEventListener("focusin", (event) => this.#focused(event), { signal });
    const observer = new ResizeObserver(() => {
      if (this.#list.clientWidth !== this.#available) this.#layOut();
    });
    observer.observe(this.element);
    signal.addEventListener("abort", () => {
      observer.disconnect();
      this.#clear();
    });
  }

  /** Shows items in this order, from the top. */
  show(sections: readonly Section[]): void {
    this.#sections = sections;
    const count = sections.reduce((sum, { indices }) => sum + indices.length, 0);
    this.#boxed = count > mostUnboxed;
    this.element.classList.toggle("boxed", this.#boxed);
    this.#active = sections.find(({ indices }) => indices.length > 0)?.indices[0] ?? 0;
    this.element.scrollTop = 0;
    this.#layOut();
  }

  /** Makes the cards this wide, in CSS pixels. Nothing is drawn before the list is on the page. */
  resize(width: number): void {
    this.#width = width;
    this.#layOut();
  }

  /** Brings a card into view and gives it the focus. */
  focus(index: number): void {
    const position = this.#layout.order.indexOf(index);
    if (position < 0) return;
    this.#active = index;
    this.#reveal(position);
    this.#draw();
    for (const { element, position: at } of this.#drawn.values()) setTabStop(element, at === position);
    this.#drawn.get(position)?.element.querySelector<HTMLElement>(".thumb")?.focus({ preventScroll: this.#boxed });
  }

  #layOut(): void {
    if (!this.element.isConnected) return;
    const top = this.#boxed ? this.#layout.between(this.element.scrollTop, Number.POSITIVE_INFINITY).first : 0;
    const kept = this.#layout.order[top];
    this.#available = this.#list.clientWidth;
    const columns = Math.max(1, Math.floor(((this.#available || this.#width) + gap) / (this.#width + gap)));
    const hadFocus = this.#list.querySelector(":focus-within") !== null;
    this.#clear();
    const down = Math.ceil(this.#maker.height(this.#width, this.#list)) + gap;
    const sizes = { columns, across: this.#width + gap, down, heading: headingHeight };
    this.#layout = new CardLayout(this.#sections, sizes);
    this.#list.style.height = `${this.#layout.height}px`;
    const position = kept === undefined ? -1 : this.#layout.order.indexOf(kept);
    if (this.#boxed && top > 0 && position > 0) this.element.scrollTop = this.#layout.corner(position).top;
    this.#draw();
    if (hadFocus) this.focus(this.#active);
  }

  #clear(): void {
    for (const { end } of this.#drawn.values()) end.abort();
    this.#drawn.clear();
    this.#headings = [];
    this.#list.replaceChildren();
  }

  /** Brings what is drawn to what is in view. The card that has the focus stays, so that keys go on from it. */
  #draw(): void {
    const { scrollTop, clientHeight } = this.element;
    const [from, to] = this.#boxed
      ? [scrollTop - beyond, scrollTop + (clientHeight || 680) + beyond]
      : [0, Number.POSITIVE_INFINITY];
    const { first, last } = this.#layout.between(from, to);
    const focused = this.#list.querySelector(":focus-within");
    for (const [position, { element, end }] of this.#drawn) {
      if ((position >= first && position < last) || element === focused) continue;
      end.abort();
      element.remove();
      this.#drawn.delete(position);
    }
    let before: Element | null = null;
    // From the last to the first: each goes in front of its successor, so that the order is that of the positions.
    for (const position of [...this.#drawn.keys()].filter((at) => at >= last))
      before = this.#drawn.get(position)!.element;
    for (let position = last - 1; position >= first; position--) {
      const known: Drawn | undefined = this.#drawn.get(position);
      const element: HTMLElement = known?.element ?? this.#card(position);
      if (!known) this.#list.insertBefore(element, before);
      before = element;
    }
    // Where the card that keys start from is not drawn, Tab comes to the first one in view.
    if (!this.#list.querySelector('.thumb[tabindex="0"]')) {
      const seen = this.#drawn.get(this.#layout.between(scrollTop, scrollTop + 1).first);
      if (seen) setTabStop(seen.element, true);
    }
    this.#drawHeadings(scrollTop, from, to);
  }

  #card(position: number): HTMLElement {
    const index = this.#layout.order[position]!;
    const end = new AbortController();
    const element = this.#maker.card(index, end.signal);
    const { left, top } = this.#layout.corner(position);
    element.style.cssText += `left:${left}px;top:${top}px;width:${this.#width}px;height:${this.#layout.sizes.down - gap}px`;
    element.setAttribute("aria-posinset", String(position + 1));
    element.setAttribute("aria-setsize", String(this.#layout.order.length));
    setTabStop(element, index === this.#active);
    this.#drawn.set(position, { element, end, position });
    return element;
  }

  #drawHeadings(scrollTop: number, from: number, to: number): void {
    for (const heading of this.#headings) heading.remove();
    const { headings } = this.#layout;
    this.#headings = headings
      .filter(({ top }) => top + headingHeight > from && top < to)
      .map(({ name, count, top, first }) => {
        const element = h("li", { class: "section" }, h("h4", {}, name), h("span", {}, formatItems(count, "image")));
        element.style.top = `${top}px`;
        this.#list.insertBefore(element, this.#drawn.get(first)?.element ?? null);
        return element;
      });
    const current = this.#boxed ? headings.findLast(({ top }) => top < scrollTop) : undefined;
    this.#stuck.hidden = !current;
    if (current)
      this.#stuck.replaceChildren(h("b", {}, current.name), h("span", {}, formatItems(current.count, "image")));
  }

  #focused(event: FocusEvent): void {
    const index = event.target instanceof HTMLElement ? event.target.dataset.index : undefined;
    if (index === undefined || Number(index) === this.#active) return;
    this.#active = Number(index);
    for (const { element, position } of this.#drawn.values())
      setTabStop(element, this.#layout.order[position] === this.#active);
  }

  #reveal(position: number): void {
    if (!this.#boxed) return;
    const { top } = this.#layout.corner(position);
    const head = this.#layout.headings.length > 0 ? headingHeight : 0;
    const { scrollTop, clientHeight } = this.element;
    const bottom = top + this.#layout.sizes.down;
    if (top - head < scrollTop) this.element.scrollTop = top - head;
    else if (bottom > scrollTop + clientHeight) this.element.scrollTop = bottom - clientHeight;
  }

  #key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!(event.target instanceof Element) || !event.target.closest(".thumb")) return;
    const { order } = this.#layout;
    const position = order.indexOf(this.#active);
    const page = Math.max(1, Math.floor((this.element.clientHeight || 680) / this.#layout.sizes.down) - 1);
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: position - 1,
      ArrowRight: position + 1,
      ArrowUp: this.#layout.below(position, -1),
      ArrowDown: this.#layout.below(position, 1),
      PageUp: this.#layout.below(position, -page),
      PageDown: this.#layout.below(position, page),
      Home: 0,
      End: order.length - 1,
    };
    const next = moves[event.key];
    if (next === undefined) return;
    // The notebook has its own meaning for these keys.
    event.preventDefault();
    event.stopPropagation();
    const index = order[Math.max(0, Math.min(order.length - 1, next))];
    if (index !== undefined) this.focus(index);
  }
}

function setTabStop(card: HTMLElement, on: boolean): void {
  const button = card.querySelector<HTMLElement>(".thumb");
  if (button) button.tabIndex = on ? 0 : -1;
}
