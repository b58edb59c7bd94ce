/** A code cell as a front end sends it. */
export interface CellSource {
  /** nbformat 4.5 cell id. */
  readonly id: string;
  /** 1-based position among the code cells, for messages: "cell 3". */
  readonly index: number;
  readonly source: string;
  readonly tags?: readonly string[];
}

/** Tag of what a Jupyter client ran without a place in the history: silently, or beside a cell. */
export const notInHistory = "not-in-history";
