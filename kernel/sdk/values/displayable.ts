import type { MimeBundle } from "../../protocol/mime.ts";

/** The symbol under which a value keeps the method that shows it; Deno's Jupyter kernel uses the same one. */
export const displaySymbol: unique symbol = Symbol.for("Jupyter.display") as never;

/** A value that knows how to show itself in a notebook: by MIME type, richest first. */
export interface Displayable {
  [displaySymbol](): MimeBundle;
}

/** Whether a value brings its own way of being shown. */
export function isDisplayable(value: unknown): value is Displayable {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return false;
  return typeof (value as Partial<Displayable>)[displaySymbol] === "function";
}

/** Something to be shown, made once from a MIME bundle. */
export class View implements Displayable {
  readonly bundle: MimeBundle;

  constructor(bundle: MimeBundle) {
    this.bundle = bundle;
  }

  [displaySymbol](): MimeBundle {
    return this.bundle;
  }

  /** The plain-text form. */
  toString(): string {
    const text = this.bundle["text/plain"];
    return typeof text === "string" ? text : "";
  }
}
