import { formatCount, h } from "../mount.ts";

/** Lines and characters that are shown before the rest is asked for. */
const foldedLines = 20;
const foldedCharacters = 2000;

/** A long text in full, folded until the rest is asked for. */
export function textBlock(whole: string, kind: string, level: number): HTMLElement {
  // The line above says already what the error is.
  const text = kind === "error" ? whole.replace(/^[\s\S]*?\n(?=\s+at )/, "").replace(/^ {4}/gm, "") : whole;
  const folded = fold(text);
  const content = h("pre", { class: kind }, folded);
  const block = h(
    "div",
    { class: "text-block", role: "treeitem", "aria-level": level + 2, style: `--level: ${level}` },
    content,
  );
  if (folded.length < text.length) {
    const more = h(
      "button",
      {
        class: "button",
        type: "button",
        onclick: () => {
          content.textContent = text;
          more.remove();
        },
      },
      `Show all ${formatCount(text.length)} characters`,
    );
    block.append(more);
  }
  return block;
}

function fold(text: string): string {
  const cut = text.slice(0, foldedCharacters);
  const lines = cut.split("\n");
  return lines.length > foldedLines ? lines.slice(0, foldedLines).join("\n") : cut;
}
