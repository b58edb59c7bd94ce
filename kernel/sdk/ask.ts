import { cellContext } from "./host.ts";

/**
 * Asks the person in front of the notebook for a line of text. Rejects when the question is dismissed, and where there is nobody to
 * ask.
 */
export function input(message: string): Promise<string> {
  return cellContext().ask({ kind: "input", message });
}

/** The same for a password or key: what is typed is not shown, and never becomes part of a record. */
export function secret(message: string): Promise<string> {
  return cellContext().ask({ kind: "secret", message });
}

/** Asks a question that is answered with yes or no. */
export async function confirm(message: string): Promise<boolean> {
  return /^\s*(y|yes|true|1)\s*$/i.test(await cellContext().ask({ kind: "confirm", message }));
}
