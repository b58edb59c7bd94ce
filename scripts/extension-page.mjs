// The text of the page that VS Code shows of the extension, from docs/extension-page.md.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./bootstrap.mjs";

/**
 * That page shows pictures from the web only: none of the package, none inside the text. With a public repository vsce turns their addresses into ones
 * there; without one they are left out, and the first steps, whose pictures are in the package, are the place to see them.
 *
 * @param {boolean} isPublished whether the manifest names a repository
 */
export function extensionPage(isPublished) {
  const text = readFileSync(join(root, "docs/extension-page.md"), "utf8");
  return isPublished ? text.replaceAll("](images/", "](docs/images/") : text.replace(/^!\[[^\]]*\]\([^)]*\)\n\n/gm, "");
}

/** Text whose links to files of the repository are their words: the page of the extension leads to addresses only. */
export function withoutRelativeLinks(text) {
  return text.replace(/(?<!!)\[([^\]]+)\]\((?!\w+:|#)[^)]+\)/g, "$1");
}
