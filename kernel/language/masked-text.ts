/** Comments, and texts of all three kinds; the marks of a text tell what it is. */
const token = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
const opening = "([{";
const closing = ")]}";

/** Source without comments and without what stands in texts, so that searching it finds code only. Texts become `""`. */
export function maskedText(source: string): string {
  return source.replace(token, (found) => (found.startsWith("/") ? " " : '""'));
}

/** What stands between the bracket at `start` and its partner; undefined when there is none. */
export function bracketed(text: string, start: number): string | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at]!;
    if (opening.includes(character)) depth++;
    else if (closing.includes(character) && --depth === 0) return text.slice(start + 1, at);
  }
  return undefined;
}

/** The parts of a list, divided at separators that stand in no bracket. Empty parts are left out. */
export function listParts(text: string, separators: string): string[] {
  const parts: string[] = [];
  for (let from = 0; from <= text.length; ) {
    const end = partEnd(text, from, separators);
    const part = text.slice(from, end).trim();
    if (part !== "") parts.push(part);
    from = end + 1;
  }
  return parts;
}

/** Where the part that begins at `from` ends: at a separator that stands in no bracket, at a bracket that closes one before it, or at the end. */
export function partEnd(text: string, from: number, separators: string): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at]!;
    if (depth === 0 && separators.includes(character)) return at;
    if (opening.includes(character)) depth++;
    else if (closing.includes(character) && --depth < 0) return at;
  }
  return text.length;
}
