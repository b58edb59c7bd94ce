/**
 * Whether a text that is no TypeScript closes an element of JSX somewhere: `</b>`, `</>` or `<b/>`. What runs cells and what checks them take such a text
 * for TSX, so that both tell the same fault.
 */
export function closesElement(source: string): boolean {
  return /<\/[\w$.:-]*\s*>|<[A-Za-z][^<>]*\/>/.test(source);
}
