const begin = "\u001b";
const red = (text: string) => `${begin}[1;91m${text}${begin}[0m`;
const blue = (text: string) => `${begin}[94m${text}${begin}[0m`;
const dim = (text: string) => `${begin}[90m${text}${begin}[0m`;

/**
 * The lines of an error in the colours that VS Code draws: its name, the places in cells and files, the line at fault. Only what is shown is coloured;
 * the notebook keeps the plain lines. A trace that brings colours of its own stays as it is.
 */
export function colouredTrace(traceback: readonly string[]): string {
  if (traceback.some((line) => line.includes(begin))) return traceback.join("\n");
  return traceback.map((line, index) => coloured(line, index === 0)).join("\n");
}

function coloured(line: string, first: boolean): string {
  const [, cause = "", name, message = ""] = /^(\s*\[(?:cause|errors)\]: )?([A-Z]\w*)(:.*)?$/.exec(line) ?? [];
  if (name && (first || cause !== "")) return `${cause}${red(name)}${message}`;
  const [, at, what = "", place, end = ""] = /^(\s+at )(.*?\(?)([^\s(]+(?: #\d+)?:\d+:\d+)(\)?.*)$/.exec(line) ?? [];
  if (at && place) return `${at}${cellOf(what, place, end)}`;
  const [, mark, number, bar, code = ""] = /^ {2}([> ]) ( *\d+)( │ ?)(.*)$/.exec(line) ?? [];
  if (mark && number && bar) return `  ${mark === ">" ? red(`> ${number}`) : dim(`  ${number}`)}${dim(bar)}${code}`;
  const [, gap, caret] = /^( +│ +)(\^)$/.exec(line) ?? [];
  return gap && caret ? `${dim(gap)}${red(caret)}` : line;
}

/** `cell #3` is two words, of which the first may have gone to what stands before. */
function cellOf(what: string, place: string, end: string): string {
  const [, before = what, cell = ""] = /^(.*?)(cell )$/.exec(what) ?? [];
  return `${before}${blue(`${cell}${place}`)}${end}`;
}
