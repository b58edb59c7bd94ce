/** What ends a quick reading: the text is wrong, or not of the ordinary kind. Without a stack, as it is no error. */
export const notOrdinary = { reason: "not ordinary" } as const;

/** Ends the quick reading. */
export function giveUp(): never {
  throw notOrdinary;
}
