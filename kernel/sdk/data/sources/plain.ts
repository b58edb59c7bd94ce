import { about, claim, type FieldClaim, type Fields, fields, own, type Source, text } from "./source.ts";

const names = ["license", "licence", "licenseName", "license_name"] as const;
const addresses = ["license_url", "licence_url", "licenseUrl", "licenceUrl", "licenseURL", "licenseurl"] as const;
const expressions = ["spdx", "spdx_id", "license_spdx", "licenseSpdx", "SPDX-License-Identifier"] as const;
const remarks = ["copyright", "usage_terms", "usageTerms", "copyrightNotice"] as const;

/** Any record with the fields that people write by themselves, and schema.org's: licence, address, SPDX id, free remarks. */
export const plain: Source = {
  id: "plain",
  fits: () => true,
  claims: (record) => [
    ...names.flatMap((name) => named(record, name)),
    ...addresses.flatMap((name) => claim(record, "url", name)),
    ...expressions.flatMap((name) => claim(record, "spdx", name)),
    ...remarks.flatMap((name) => claim(record, "text", name)),
    ...claim(record, "text", "rights"),
  ],
  about: (record) =>
    about({
      title: text(record, "title", "name", "headline"),
      author:
        person(record, "creator") ??
        person(record, "author") ??
        person(record, "artist") ??
        text(record, "photographer", "credit", "by"),
      authorUrl: text(record, "creator_url", "author_url"),
      page:
        text(record, "source_url", "page", "page_url", "foreign_landing_url", "landing_url") ??
        address(text(record, "source", "url")),
      caption: text(record, "caption", "prompt", "description", "text", "alt"),
    }),
};

/** A licence given as a text, or as an object with an SPDX id, an address or a name. */
function named(record: Fields, name: string): FieldClaim[] {
  const object = fields(own(record, name));
  if (!object) return claim(record, "licence", name);
  const inner = [
    ...["spdx", "spdx_id", "id"].flatMap((key) => claim(object, "licence", key, `${name}.`)),
    ...["url", "link", "@id"].flatMap((key) => claim(object, "url", key, `${name}.`)),
    ...["name", "title"].flatMap((key) => claim(object, "text", key, `${name}.`)),
  ];
  return inner.length > 0 ? inner : [{ kind: "licence", field: name, value: JSON.stringify(object) ?? "" }];
}

function person(record: Fields, name: string): string | undefined {
  return text(record, name) ?? text(fields(own(record, name)), "name", "realname", "username");
}

function address(value: string | undefined): string | undefined {
  return value && /^https?:\/\//i.test(value) ? value : undefined;
}
