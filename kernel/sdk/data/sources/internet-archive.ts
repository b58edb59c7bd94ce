import { about, claim, type FieldClaim, type Fields, fields, own, type Source, text } from "./source.ts";

/** The Internet Archive: `licenseurl`, `possible-copyright-status`, beside `rights`. */
export const internetArchive: Source = {
  id: "internet-archive",
  fits: (record) =>
    ["licenseurl", "possible-copyright-status"].some((name) => own(metadataOf(record), name) !== undefined),
  claims: (record) => {
    const found = metadataOf(record);
    return [...claim(found, "url", "licenseurl"), ...status(found)];
  },
  about: (record) => {
    const found = metadataOf(record);
    const id = text(found, "identifier");
    return about({
      title: text(found, "title"),
      author: text(found, "creator"),
      page: id && `https://archive.org/details/${encodeURIComponent(id)}`,
      caption: text(record, "caption") ?? text(found, "description"),
    });
  },
};

function metadataOf(record: Fields): Fields {
  return fields(own(record, "metadata")) ?? record;
}

function status(found: Fields): FieldClaim[] {
  return claim(found, "licence", "possible-copyright-status").map((one) => {
    const value = one.value.trim().toUpperCase();
    if (value === "NOT_IN_COPYRIGHT") return { ...one, value: "no copyright" };
    return value === "IN_COPYRIGHT" ? { ...one, value: "in copyright" } : one;
  });
}
