import { readFileSync, statSync } from "node:fs";
import { dirname, extname, resolve } from "node:path";
import { Marked } from "marked";
import { escapeHtml, highlighted } from "./highlight.ts";
import type { NotebookCell, NotebookFile } from "./notebook-file.ts";

/** Pictures up to this many bytes go into the page. */
const pictureLimit = 4_000_000;
const pictureTypes: Record<string, string> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".webp": "image/webp",
  ".gif": "image/gif",
  ".svg": "image/svg+xml",
};

/** A Markdown cell as HTML, with the pictures that lie beside the notebook or are attached to the cell. */
export function markdownHtml({ source, attachments }: NotebookCell, { path }: NotebookFile): string {
  return sanitized(source, (href) => {
    if (href.startsWith("attachment:")) {
      const [mime, data] = Object.entries(attachments?.[decodeURI(href.slice("attachment:".length))] ?? {})[0] ?? [];
      return mime && data ? `data:${mime};base64,${data.replace(/\s/g, "")}` : undefined;
    }
    return pictureFile(href, dirname(path));
  });
}

/** Markdown as HTML: HTML inside is shown as text, and links lead to web pages or nowhere. */
export function sanitized(source: string, picture: (href: string) => string | undefined = () => undefined): string {
  const marked = new Marked({
    gfm: true,
    async: false,
    renderer: {
      html: ({ text }) => escapeHtml(text),
      code: ({ text, lang }) =>
        `<pre class="source"><code>${/^(ts|js|type|java)/.test(lang ?? "") ? highlighted(text) : escapeHtml(text)}</code></pre>`,
      link({ href, tokens }) {
        const inside = this.parser.parseInline(tokens);
        return /^(https?:|mailto:|#)/i.test(href)
          ? `<a href="${escapeHtml(href)}" rel="noreferrer">${inside}</a>`
          : inside;
      },
      image({ href, text }) {
        const source = href.startsWith("data:image/") ? href : picture(href);
        return source
          ? `<img alt="${escapeHtml(text)}" src="${escapeHtml(source)}">`
          : `<em>${escapeHtml(text || href)}</em>`;
      },
    },
  });
  return marked.parse(source) as string;
}

function pictureFile(href: string, folder: string): string | undefined {
  const mime = pictureTypes[extname(href).toLowerCase()];
  if (!mime || /^[a-z]+:/i.test(href)) return undefined;
  const file = resolve(folder, decodeURI(href));
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile() || stat.size > pictureLimit) return undefined;
  return `data:${mime};base64,${readFileSync(file).toString("base64")}`;
}
