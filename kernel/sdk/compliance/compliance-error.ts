import { AssayError } from "../errors.ts";

/** What broke the mode, and what would not. */
export interface Breach {
  /** The item, data set, model or output that is refused. */
  readonly item: string;
  /** The rule that refuses it, for example `mode.class`. */
  readonly rule: string;
  /** Why: a clause without a full stop. */
  readonly reason: string;
  /** What would be allowed instead: a sentence without the full stop. */
  readonly alternative: string;
}

/** Thrown when building, training or generating would break the compliance mode. */
export class ComplianceError extends AssayError {
  override readonly name: string = "ComplianceError";
  readonly item: string;
  readonly rule: string;
  readonly alternative: string;

  constructor({ item, rule, reason, alternative }: Breach) {
    super({ code: `compliance.${rule}`, input: item, reason: `${reason} (rule ${rule})`, remedy: alternative });
    this.item = item;
    this.rule = rule;
    this.alternative = alternative;
  }
}
