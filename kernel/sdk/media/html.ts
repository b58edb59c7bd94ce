const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text made safe for HTML and SVG, in element content and in quoted attributes. Control characters that XML forbids are dropped. */
export function escapeHtml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[&<>"']/g, (character) => entities[character]!)
    .replace(forbidden, "");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML 1.0 does not allow
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Links only to the web: anything but http(s) gives no link. */
export function safeLink(url: string | undefined, text: string): string {
  const label = escapeHtml(text);
  if (!url || !/^https?:\/\//i.test(url)) return label;
  return `<a href="${escapeHtml(url)}" rel="noreferrer" style="color:inherit">${label}</a>`;
}

/** Colours that stay readable on white and on near-black: notebooks are shown on both. */
export const ink = {
  line: "rgba(128,128,128,.35)",
  faint: "rgba(128,128,128,.12)",
  muted: "#808890",
  good: "#2f9e6e",
  warn: "#c07d12",
  bad: "#d1495b",
} as const;

/** The frame of a fallback: inherits font and text colour, brings its own lines. */
export function frame(body: string, title?: string): string {
  const heading = title ? `<div style="font-weight:600;margin:0 0 .5em">${escapeHtml(title)}</div>` : "";
  return `<div style="font-family:inherit;line-height:1.4;margin:.4em 0;color:inherit">${heading}${body}</div>`;
}

/** A short label in a rounded box. */
export function badge(text: string, colour: string = ink.muted): string {
  return `<span style="display:inline-block;border:1px solid ${colour};color:${colour};border-radius:.7em;padding:0 .55em;font-size:.8em;line-height:1.5;white-space:nowrap">${escapeHtml(text)}</span>`;
}
