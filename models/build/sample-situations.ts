/** A sidecar as some real source would write it. `null`: there is none. */
export type Sidecar = Readonly<Record<string, unknown>> | null;

/** What the sidecar of one synthetic image is made from. */
export interface Subject {
  /** 1, 2, 3 … */
  readonly number: number;
  readonly caption: string;
}

type Situation = (subject: Subject) => Sidecar;

const cc = "https://creativecommons.org";

const page = ({ number }: Subject) => `https://example.org/synthetic/${number}`;
const title = ({ number }: Subject) => `Synthetic scene ${number}`;
const author = ({ number }: Subject) => `Synthetic author ${1 + (number % 17)}`;

function openverse(
  license: string,
  version: string,
  path: string,
  more: Readonly<Record<string, unknown>> = {},
): Situation {
  return (subject) => ({
    id: `synthetic-${subject.number}`,
    title: title(subject),
    creator: author(subject),
    creator_url: "https://example.org/people/",
    license,
    license_version: version,
    license_url: `${cc}/${path}/`,
    provider: "synthetic",
    foreign_landing_url: page(subject),
    caption: subject.caption,
    ...more,
  });
}

function flickr(license: number): Situation {
  return (subject) => ({
    id: String(50_000 + subject.number),
    secret: "synthetic",
    license: String(license),
    title: { _content: title(subject) },
    owner: { nsid: `${subject.number % 17}@N00`, realname: author(subject), username: "synthetic" },
    caption: subject.caption,
  });
}

function commons(fields: Readonly<Record<string, string>>): Situation {
  return (subject) => ({
    title: `File:${title(subject)}.png`,
    imageinfo: [
      {
        descriptionurl: page(subject),
        extmetadata: Object.fromEntries(
          Object.entries({
            ...fields,
            Artist: `<a href="https://example.org/people/">${author(subject)}</a>`,
            ImageDescription: subject.caption,
          }).map(([name, value]) => [name, { value, source: "commons-desc-page" }]),
        ),
      },
    ],
  });
}

function plain(fields: Readonly<Record<string, unknown>>): Situation {
  return (subject) => ({
    title: title(subject),
    creator: author(subject),
    source: page(subject),
    ...fields,
    caption: subject.caption,
  });
}

const statement = (id: string) => plain({ rights: [`http://rightsstatements.org/vocab/${id}/1.0/`] });

/** Public domain and open licences. */
export const open: readonly Situation[] = [
  openverse("by", "4.0", "licenses/by/4.0"),
  flickr(4),
  commons({
    License: "cc-by-sa-4.0",
    LicenseShortName: "CC BY-SA 4.0",
    LicenseUrl: `${cc}/licenses/by-sa/4.0`,
    UsageTerms: "Creative Commons Attribution-Share Alike 4.0",
    Copyrighted: "True",
  }),
  openverse("cc0", "1.0", "publicdomain/zero/1.0"),
  plain({ license: "CC BY-SA 3.0 DE", license_url: `${cc}/licenses/by-sa/3.0/de/deed.en` }),
  openverse("pdm", "1.0", "publicdomain/mark/1.0"),
  flickr(12),
  plain({ spdx: "CC-BY-3.0-IGO" }),
  flickr(1),
  commons({ License: "pd", LicenseShortName: "Public domain", UsageTerms: "Public domain", Copyrighted: "False" }),
  openverse("by-nc-nd", "2.5", "licenses/by-nc-nd/2.5/au"),
  statement("NoC-US"),
  flickr(9),
  plain({ licence: "Open Government Licence v3.0" }),
  plain({ isPublicDomain: true, objectURL: "https://example.org/museum/" }),
  flickr(10),
  plain({ online_media: { media: [{ usage: { access: "CC0" } }] } }),
  commons({ License: "fal", LicenseShortName: "FAL", UsageTerms: "Free Art License", Copyrighted: "True" }),
  plain({ license_url: `http://creativecommons.org/licenses/by-nd-nc/1.0/` }),
  plain({ license: "CC-BY-4.0 OR MIT" }),
];

/** Uses that are open to research and education, not to everybody. */
export const research: readonly Situation[] = [
  statement("InC-EDU"),
  statement("InC-NC"),
  plain({ license: "Fair use", rights: "used under US fair use for study" }),
  statement("NoC-NC"),
  plain({ license: "C-UDA-1.0" }),
  plain({ usage_terms: "Research use only" }),
];

/** Reserved works, and stock sites' own terms. */
export const reserved: readonly Situation[] = [
  flickr(0),
  plain({ copyright: "© 2024 Synthetic Studio. All rights reserved." }),
  statement("InC"),
  plain({ license: "Shutterstock Standard License" }),
  commons({ NonFree: "true", LicenseShortName: "Fair use", UsageTerms: "All rights reserved" }),
  plain({ license_url: "https://unsplash.com/license" }),
];

/** Nothing that can be relied on: no sidecar, no field, an ambiguous name, two fields that contradict each other. */
export const unclear: readonly Situation[] = [
  () => null,
  plain({}),
  plain({ license: "Creative Commons" }),
  plain({ license: "CC BY 4.0", rights: "http://rightsstatements.org/vocab/InC/1.0/" }),
  statement("NKC"),
  flickr(7),
  openverse("cc0", "1.0", "licenses/by-nc/4.0"),
  plain({ license: "see website" }),
  plain({ license: { terms: "ask me" } }),
  statement("UND"),
];

/** Open licences whose holders have opted out of training. */
export const optedOut: readonly Situation[] = [
  openverse("by", "4.0", "licenses/by/4.0", { headers: { "Content-Usage": "train-ai=n" } }),
  openverse("by-sa", "4.0", "licenses/by-sa/4.0", {
    headers: { "TDM-Reservation": "1", "TDM-Policy": "https://example.org/tdm" },
  }),
  openverse("by", "2.0", "licenses/by/2.0", { headers: { "X-Robots-Tag": "somebot: NoAI, noimageai" } }),
  openverse("cc0", "1.0", "publicdomain/zero/1.0", {
    c2pa: {
      assertions: [
        { label: "cawg.training-mining", data: { entries: { "cawg.ai_generative_training": { use: "constrained" } } } },
      ],
    },
  }),
  openverse("by", "4.0", "licenses/by/4.0", {
    xmp: { "plus:DataMining": "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING" },
  }),
];
