// The text of the page that VS Code shows of the extension, from docs/extension-page.md.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { root } from "./bootstrap.mjs";

/**
 * VS Code shows no files of the package on that page. With a public repository vsce turns the addresses of pictures into ones there; without one the
 * pictures go into the text.
 *
 * @param {boolean} isPublished whether the manifest names a repository
 */
export async function extensionPage(isPublished) {
  const text = readFileSync(join(root, "docs/extension-page.md"), "utf8");
  const parts = text.split(/(?<=\]\()(images\/[\w-]+\.png)(?=\))/);
  const made = parts.map(async (part, index) => {
    if (index % 2 === 0) return part;
    if (isPublished) return `docs/${part}`;
    const picture = await sharp(join(root, "docs", part))
      .webp({ quality: 88 })
      .toBuffer();
    return `data:image/webp;base64,${picture.toString("base64")}`;
  });
  return (await Promise.all(made)).join("");
}

/** Text whose links to files of the repository are their words: the page of the extension leads to addresses only. */
export function withoutRelativeLinks(text) {
  return text.replace(/(?<!!)\[([^\]]+)\]\((?!\w+:|#)[^)]+\)/g, "$1");
}
