import { about, claim, own, type Source, text } from "./source.ts";

const codes = /^(?:by|by-sa|by-nc|by-nd|by-nc-sa|by-nc-nd|cc0|pdm|sampling\+|nc-sampling\+)$/i;

/** Openverse's API: a code, a version and an address in three fields. */
export const openverse: Source = {
  id: "openverse",
  fits: (record) => {
    const licence = own(record, "license");
    const marked = ["license_version", "foreign_landing_url", "foreign_identifier", "provider"].some(
      (name) => own(record, name) !== undefined,
    );
    return typeof licence === "string" && marked && codes.test(licence.trim());
  },
  claims: (record) => {
    const version = text(record, "license_version");
    return [
      ...claim(record, "cc_code", "license").map((one) => (version === undefined ? one : { ...one, version })),
      ...claim(record, "url", "license_url"),
    ];
  },
  about: (record) =>
    about({
      title: text(record, "title"),
      author: text(record, "creator"),
      authorUrl: text(record, "creator_url"),
      page: text(record, "foreign_landing_url"),
      caption: text(record, "caption"),
    }),
};
