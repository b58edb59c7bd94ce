import { about, claim, type FieldClaim, type Fields, fields, own, type Source, text } from "./source.ts";

/** Smithsonian Open Access: `online_media.media[].usage.access`. Only "CC0" is open. */
export const smithsonian: Source = {
  id: "smithsonian",
  fits: (record) => mediaOf(record).length > 0,
  claims: (record) =>
    mediaOf(record).map((media): FieldClaim => {
      const access = text(fields(own(media, "usage")), "access") ?? "";
      return {
        kind: "licence",
        field: "online_media.media[].usage.access",
        value: access === "" ? "not given" : access,
      };
    }),
  about: (record) =>
    about({
      title: text(record, "title"),
      page: text(record, "guid", "record_link"),
      caption: text(record, "caption"),
    }),
};

function mediaOf(record: Fields): Fields[] {
  const content = fields(own(record, "content"));
  const repeated = fields(own(content, "descriptiveNonRepeating"));
  const online = fields(own(record, "online_media")) ?? fields(own(repeated, "online_media"));
  const media = own(online, "media");
  return Array.isArray(media) ? media.map(fields).filter((one) => one !== undefined) : [];
}

/** The Metropolitan Museum: `isPublicDomain`. */
export const metropolitan: Source = {
  id: "met",
  fits: (record) => typeof own(record, "isPublicDomain") === "boolean",
  claims: (record) => [
    {
      kind: "licence",
      field: "isPublicDomain",
      value: own(record, "isPublicDomain") === true ? "public domain" : "copyrighted",
    },
  ],
  about: (record) =>
    about({
      title: text(record, "title"),
      author: text(record, "artistDisplayName"),
      page: text(record, "objectURL"),
      caption: text(record, "caption"),
    }),
};

/** Europeana, DPLA and others: rights statements or licence addresses in one of several fields. */
export const rightsStatement: Source = {
  id: "rights-statement",
  fits: (record) => statementFields.some((name) => own(record, name) !== undefined),
  claims: (record) =>
    statementFields.flatMap((name) =>
      claim(record, "statement", name).map((one): FieldClaim => {
        const structured =
          name !== "rights" ||
          /^https?:\/\//i.test(one.value) ||
          /^(?:InC|NoC)-|^(?:InC|CNE|UND|NKC)$/i.test(one.value);
        return structured ? one : { ...one, kind: "text" };
      }),
    ),
  about: (record) => about({ page: text(record, "edmIsShownAt", "guid", "isShownAt") }),
};

const statementFields = [
  "rights",
  "edmRights",
  "edm:rights",
  "dc:rights",
  "rightsstatement",
  "rights_statement",
  "rightsStatement",
  "rights_uri",
] as const;
