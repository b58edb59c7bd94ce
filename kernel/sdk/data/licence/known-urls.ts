import type { Licence } from "../../compliance/index.ts";
import { readFlickrId, unitedStatesGovernmentWork } from "./flickr.ts";
import { readName } from "./names.ts";
import { readSpdx } from "./spdx.ts";

/** Addresses of licences beside those of Creative Commons: host, the path it must match, and what that means. */
const known: readonly (readonly [host: RegExp, path: RegExp, read: (match: RegExpExecArray) => Licence | null])[] = [
  [/^spdx\.org$/, /^\/licenses\/([A-Za-z0-9.+-]+?)(?:\.html|\.json)?\/?$/, ([, id]) => readSpdx(id!)],
  [/^opensource\.org$/, /^\/licenses?\/([A-Za-z0-9.+-]+?)\/?$/, ([, id]) => readSpdx(id!)],
  [/^apache\.org$/, /^\/licenses\/LICENSE-2\.0(?:\.html|\.txt)?$/, () => readSpdx("Apache-2.0")],
  [
    /^gnu\.org$/,
    /^\/licenses\/(?:old-licenses\/)?fdl-(1\.[123])(?:\.en)?(?:\.html|\.txt)?$/,
    ([, version]) => readName(`gfdl ${version}`),
  ],
  [/^gnu\.org$/, /^\/(?:licenses|copyleft)\/fdl(?:\.html)?$/, () => readName("gfdl")],
  [/^artlibre\.org$/, /^\/licence\/lal(?:\/[a-z]{2})?\/?$/, () => readName("free art license 1.3")],
  [
    /^nationalarchives\.gov\.uk$/,
    /^\/doc\/open-government-licence\/version\/([123])\/?$/,
    ([, version]) => readName(`ogl ${version}.0`),
  ],
  [/^opendatacommons\.org$/, /^\/licenses\/by\/(?:1-0\/?|summary\/?)?$/, () => readSpdx("ODC-By-1.0")],
  [/^opendatacommons\.org$/, /^\/licenses\/odbl\/(?:1-0\/?|summary\/?)?$/, () => readSpdx("ODbL-1.0")],
  [/^opendatacommons\.org$/, /^\/licenses\/pddl\/(?:1-0\/?|summary\/?)?$/, () => readSpdx("PDDL-1.0")],
  [/^(?:en\.)?wikipedia\.org$/, /^\/wiki\/Public_domain$/i, () => readName("public domain")],
  [/^usa\.gov$/, /^\/(?:government-works|government-copyright|copyright(?:\.shtml)?)\/?$/, unitedStatesGovernmentWork],
  [/^flickr\.com$/, /^\/commons\/usage\/?$/, () => readFlickrId("7")],
  [/^unsplash\.com$/, /^\/license\/?$/, () => readName("unsplash license")],
  [/^pexels\.com$/, /^\/(?:photo-)?license\/?$/, () => readName("pexels license")],
  [/^pixabay\.com$/, /^\/(?:service\/)?(?:license|terms)(?:-summary)?\/?$/, () => readName("pixabay content license")],
  [
    /^(?:shutterstock|gettyimages|istockphoto|alamy|depositphotos|dreamstime|123rf)\.(?:com)$/,
    /^\//,
    () => readName("rights managed"),
  ],
  [/^stock\.adobe\.com$/, /^\//, () => readName("adobe stock standard license")],
];

/** Reads the address of a licence that is no Creative Commons licence and no rights statement. */
export function readKnownUrl(url: URL): Licence | null {
  const host = url.hostname.replace(/^www\./, "");
  if (url.port !== "") return null;
  for (const [hosts, path, read] of known) {
    const match = hosts.test(host) ? path.exec(url.pathname) : null;
    if (match) return read(match);
  }
  return null;
}
