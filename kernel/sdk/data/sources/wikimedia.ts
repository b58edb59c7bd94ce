import { about, claim, type FieldClaim, type Fields, fields, own, plain, type Source, text } from "./source.ts";

/** Wikimedia Commons: `imageinfo[0].extmetadata`, each member `{ value }`. It names one of possibly several licences. */
export const wikimedia: Source = {
  id: "wikimedia",
  fits: (record) => metadataOf(record) !== undefined,
  claims: (record) => {
    const found = metadataOf(record);
    const pd =
      /^pd\b/i.test(valueIn(found, "License") ?? "") ||
      /^public domain$/i.test(valueIn(found, "LicenseShortName") ?? "");
    const nonFree = truth(found, "NonFree");
    return [
      ...(pd ? said("text", "License", "public domain") : named(found, "licence", "License")),
      ...(nonFree ? [] : named(found, "text", "LicenseShortName")),
      ...named(found, "url", "LicenseUrl").filter(
        ({ value }) => !pd || /creativecommons\.org|rightsstatements\.org/.test(value),
      ),
      ...(nonFree ? [] : named(found, "text", "UsageTerms")),
      ...(nonFree ? said("text", "NonFree", "all rights reserved") : []),
      ...(valueIn(found, "DeletionReason")
        ? said("licence", "DeletionReason", `to be deleted: ${valueIn(found, "DeletionReason")}`)
        : []),
    ];
  },
  about: (record) => {
    const found = metadataOf(record);
    const info = infoOf(record);
    return about({
      title: plain(valueIn(found, "ObjectName")) ?? text(record, "title"),
      author: plain(valueIn(found, "Artist")) ?? plain(valueIn(found, "Attribution")),
      page: text(info, "descriptionurl") ?? text(record, "descriptionurl", "canonicalurl"),
      caption: text(record, "caption") ?? plain(valueIn(found, "ImageDescription")),
    });
  },
};

function infoOf(record: Fields): Fields | undefined {
  const list = own(record, "imageinfo");
  return Array.isArray(list) ? fields(list[0]) : undefined;
}

function metadataOf(record: Fields): Fields | undefined {
  return fields(own(record, "extmetadata")) ?? fields(own(infoOf(record), "extmetadata"));
}

function valueIn(found: Fields | undefined, name: string): string | undefined {
  const member = own(found, name);
  return text(fields(member), "value") ?? text(found, name);
}

function named(found: Fields | undefined, kind: FieldClaim["kind"], name: string): FieldClaim[] {
  const member = fields(own(found, name));
  const claims = member ? claim(member, kind, "value") : claim(found, kind, name);
  return claims.map((one) => ({ ...one, field: `extmetadata.${name}` }));
}

function said(kind: FieldClaim["kind"], name: string, value: string): FieldClaim[] {
  return [{ kind, field: `extmetadata.${name}`, value }];
}

function truth(found: Fields | undefined, name: string): boolean {
  return /^(?:true|1|yes)$/i.test(valueIn(found, name) ?? "") || own(fields(own(found, name)), "value") === true;
}
