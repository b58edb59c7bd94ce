/** What went wrong, as data: which input, why, and what the user can do about it. */
export interface Problem {
  /** Stable dotted identifier, for example `image.corrupt`. Tools match on this, never on the wording. */
  readonly code: string;
  /** The file, option, cell or item that is at fault, as the user wrote it. */
  readonly input: string;
  /** Why it cannot be used: a clause without a full stop. */
  readonly reason: string;
  /** What the user can do: a full sentence without the full stop. */
  readonly remedy: string;
}

/**
 * An error whose message names the input, the reason and the remedy.
 *
 * The wording of each problem lives in one table per face: `kernel/sdk/errors/` for the SDK, `kernel/session/problems.ts` for
 * the kernel and the command line.
 */
export class AssayError extends Error implements Problem {
  override readonly name: string = "AssayError";
  readonly code: string;
  readonly input: string;
  readonly reason: string;
  readonly remedy: string;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(`${problem.input}: ${problem.reason}. ${problem.remedy}.`, options);
    this.code = problem.code;
    this.input = problem.input;
    this.reason = problem.reason;
    this.remedy = problem.remedy;
  }
}
