import { isCheckable } from "../language/checkable.ts";
import { TypeSuspicion } from "../language/type-suspicion.ts";

/** Cells at the start of a kernel's life about which the compiler is asked however fast they come. */
export const atFirst = 12;
/** Milliseconds that the compiler may have taken for them: in a long notebook an answer takes seconds, and a cell is not idle before it. */
const mostTime = 2000;
/** Milliseconds between two cells after which somebody reads what the first one shows. */
const pause = 400;

/**
 * About which cells the compiler is asked: it takes its time, and much memory. Always about those that look wrong; about short ones with
 * anything to check while there are few of them or a person runs them, but not about the many of a program that runs cells one after the other.
 */
export class TypeQuestions {
  readonly #suspicion = new TypeSuspicion();
  readonly #which: "auto" | "all" | "off";
  #left = atFirst;
  #took = 0;
  #last = Number.NEGATIVE_INFINITY;

  /** `ASSAY_TYPES`: `all`, `off`, or anything else for the rule above. */
  constructor(which: string | undefined) {
    this.#which = which === "all" || which === "off" ? which : "auto";
  }

  /**
   * Whether to ask about a cell. Call it once for each that runs, in order.
   *
   * @param came when the cell came, in milliseconds
   */
  asks(source: string, came = performance.now()): boolean {
    if (this.#which !== "auto") return this.#which === "all";
    const since = came - this.#last;
    this.#last = came;
    if (this.#suspicion.looksWrong(source)) return true;
    if (!isCheckable(source)) return false;
    return since >= pause || (this.#took < mostTime && this.#left-- > 0);
  }

  /** Says how many milliseconds an answer of the compiler took. */
  took(milliseconds: number): void {
    this.#took += milliseconds;
  }
}
