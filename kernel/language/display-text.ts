import type TS from "typescript";
import { ts } from "./compiler.ts";

/** A declaration as a reader of the notebook knows it: how a name came into the cell is left out. */
export function declarationText(parts: readonly TS.SymbolDisplayPart[] | undefined): string {
  const text = ts.displayPartsToString(parts ? [...parts] : []);
  if (!text.startsWith("(alias) ")) return text;
  const declaration = text.slice("(alias) ".length).replace(/\n(import|export) [^\n]*$/, "");
  // The compiler leaves the keyword out for a function that was imported.
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*[(<]/u.test(declaration) ? `function ${declaration}` : declaration;
}

/** Documentation comment and its tags, in Markdown. */
export function documentationText(
  documentation: readonly TS.SymbolDisplayPart[] | undefined,
  tags: readonly TS.JSDocTagInfo[] | undefined,
): string {
  const body = ts.displayPartsToString(documentation ? [...documentation] : []);
  const rest = (tags ?? []).map((tag) => {
    const [name, ...words] = ts.displayPartsToString(tag.text ? [...tag.text] : []).split(" ");
    const text = [name, ...words].join(" ").trim();
    if (tag.name === "example") return `*@example*\n${text.includes("```") ? text : `\`\`\`ts\n${text}\n\`\`\``}`;
    if (tag.name === "param" && name)
      return `*@param* \`${name}\` ${words.join(" ").replace(/^\s*[-–—]\s*/, "")}`.trimEnd();
    return `*@${tag.name}* ${text}`.trimEnd();
  });
  return [body, ...rest].filter(Boolean).join("\n\n");
}
