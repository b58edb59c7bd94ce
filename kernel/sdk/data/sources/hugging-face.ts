import { about, claim, own, type Source, text } from "./source.ts";

/** Hugging Face cards: `license` in lower case, or "other" with `license_name` and `license_link`. */
export const huggingFace: Source = {
  id: "hugging-face",
  fits: (record) => ["license_name", "license_link"].some((name) => own(record, name) !== undefined),
  claims: (record) => {
    const other = /^other$/i.test(text(record, "license") ?? "");
    return [
      ...claim(record, other ? "text" : "licence", "license"),
      ...claim(record, other ? "licence" : "text", "license_name"),
      ...claim(record, other ? "url" : "text", "license_link"),
    ];
  },
  about: (record) =>
    about({
      title: text(record, "pretty_name", "title"),
      author: text(record, "author", "creator"),
      caption: text(record, "caption"),
    }),
};
