import { View } from "../values/displayable.ts";

/** Markdown. */
export function markdown(text: string): View {
  return new View({ "text/markdown": text, "text/plain": text });
}

/** HTML as it is: what it holds is the caller's to answer for. */
export function html(source: string): View {
  return new View({
    "text/html": source,
    "text/plain": source
      .replace(/<[^>]*>/g, " ")
      .replace(/\s+/g, " ")
      .trim(),
  });
}

/** An SVG picture. */
export function svg(source: string): View {
  return new View({ "image/svg+xml": source, "text/plain": "SVG picture" });
}

/** LaTeX mathematics, without the dollar signs. */
export function latex(source: string): View {
  return new View({ "text/latex": `$$${source}$$`, "text/plain": source });
}

/** A JSON value. */
export function json(value: unknown): View {
  const text = JSON.stringify(value, null, 2) ?? "null";
  return new View({ "application/json": JSON.parse(text) as unknown, "text/plain": text });
}
