/** Escapes a text for HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

const keywords =
  "abstract as async await break case catch class const continue debugger declare default delete do else enum export extends finally for from function get if implements import in infer instanceof interface keyof let namespace new of override private protected public readonly return satisfies set static super switch this throw try type typeof using var void while yield";
const literals = "true false null undefined NaN Infinity";
const tokens = new RegExp(
  [
    "(?<comment>//[^\\n]*|/\\*[\\s\\S]*?\\*/)",
    "(?<string>\"(?:[^\"\\\\\\n]|\\\\.)*\"|'(?:[^'\\\\\\n]|\\\\.)*'|`(?:[^`\\\\]|\\\\[\\s\\S])*`)",
    "(?<number>\\b(?:0[xob][\\da-fA-F_]+|\\d[\\d_]*\\.?[\\d_]*(?:e[+-]?\\d+)?)n?\\b)",
    `(?<keyword>\\b(?:${keywords.replaceAll(" ", "|")})\\b)`,
    `(?<literal>\\b(?:${literals.replaceAll(" ", "|")})\\b)`,
    "(?<type>\\b[A-Z][\\w$]*\\b)",
    "(?<call>\\b[a-z_$][\\w$]*(?=\\())",
  ].join("|"),
  "g",
);

/** TypeScript as HTML with a class per kind of word. Light on purpose: a reader's aid, not a parser. */
export function highlighted(source: string): string {
  let result = "";
  let at = 0;
  for (const match of source.matchAll(tokens)) {
    const [kind] = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) ?? ["plain"];
    result += `${escapeHtml(source.slice(at, match.index))}<span class="t-${kind}">${escapeHtml(match[0])}</span>`;
    at = match.index + match[0].length;
  }
  return result + escapeHtml(source.slice(at));
}
