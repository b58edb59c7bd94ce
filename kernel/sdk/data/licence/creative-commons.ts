import spdxIds from "spdx-license-ids/index.json" with { type: "json" };
import type { Licence, TermFlags } from "../../compliance/index.ts";
import { reading } from "./reading.ts";

const spdx = new Set<string>(spdxIds);
const versions = new Set(["1.0", "2.0", "2.1", "2.5", "3.0", "4.0"]);

/** The types in force, by their parts in canonical order. */
const currentTypes = new Set(["by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "by-nc-nd"]);

/** Types that Creative Commons has retired. SPDX knows `sa` only. Developing Nations grants nothing outside of these nations. */
const retiredTypes: Readonly<Record<string, Partial<TermFlags>>> = {
  sa: { sa: true },
  nc: { nc: true },
  nd: { nd: true },
  "nc-sa": { nc: true, sa: true },
  "nd-nc": { nc: true, nd: true },
  sampling: { by: true, nc: true },
  "sampling+": { by: true },
  "nc-sampling+": { by: true, nc: true },
  devnations: { by: true },
};

/** Suffixes of addresses that name a form or a language of the same text. */
const forms = /^(?:deed|legalcode|rdf)(?:[.-][a-z0-9_-]+)?$/;
/** ISO country codes, and the names that Creative Commons uses beside them. */
const jurisdictions = /^(?:[a-z]{2}|igo|scotland)$/;

/** Reads an address of creativecommons.org; null where it is not exactly one of a licence or a public-domain tool. */
export function readCreativeCommonsUrl(url: URL): Licence | null {
  if (!/^(?:www\.)?creativecommons\.org$/.test(url.hostname) || url.port !== "") return null;
  const path = decoded(url.pathname).toLowerCase().split("/").filter(Boolean);
  const [kind, type, version, ...rest] = path;
  while (rest.length > 0 && forms.test(rest.at(-1)!)) rest.pop();
  const given = version === undefined || forms.test(version) ? null : version;
  const [jurisdiction = null, ...more] = rest;
  if (more.length > 0 || type === undefined) return null;
  if (kind === "licenses")
    return type === "publicdomain" && given === null ? dedication() : creativeCommons(type, given, jurisdiction);
  return kind === "publicdomain" ? publicDomainTool(type, given, jurisdiction) : null;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return "";
  }
}

/** A Creative Commons licence by type ("by-nc-sa"), version and jurisdiction; null for what does not exist. */
export function creativeCommons(typeName: string, version: string | null, jurisdiction: string | null): Licence | null {
  const type = canonicalType(typeName);
  if (type === null) return null;
  if (version !== null && !versions.has(version)) return null;
  if (jurisdiction !== null && (!jurisdictions.test(jurisdiction) || version === null || version === "4.0"))
    return null;
  const part = (name: string) => type.split("-").includes(name);
  const flags = { by: part("by"), sa: part("sa"), nc: part("nc"), nd: part("nd"), ...retiredTypes[type] };
  const suffix = [version, jurisdiction?.toUpperCase()].filter(Boolean);
  const bare = ["CC", type.replace("+", "-plus").toUpperCase(), ...suffix].join("-");
  return reading({
    licenceClass: type === "devnations" ? "copyrighted" : "creative_commons",
    id: spdx.has(bare) ? bare : `LicenseRef-${bare}`,
    name: ["CC", type.toUpperCase(), ...suffix].join(" "),
    url: `https://creativecommons.org/licenses/${urlType(type, version)}/${suffix.map((s) => `${s!.toLowerCase()}/`).join("")}`,
    version,
    jurisdiction,
    flags,
    ...(type === "devnations" ? { reason: "CC Developing Nations grants nothing outside of developing nations" } : {}),
  });
}

/** "by-nd-nc" and other orders as "by-nc-nd"; null for what is no type. */
function canonicalType(name: string): string | null {
  if (Object.hasOwn(retiredTypes, name)) return name;
  const parts = name.split("-");
  const ordered = ["by", "nc", "nd", "sa"].filter((part) => parts.includes(part)).join("-");
  return parts.length === new Set(parts).size && ordered.length === name.length && currentTypes.has(ordered)
    ? ordered
    : null;
}

/** Version 1.0 wrote its types in another order. */
function urlType(type: string, version: string | null): string {
  return type === "by-nc-nd" && version === "1.0" ? "by-nd-nc" : type;
}

/** CC0, the Public Domain Mark, and the retired dedication and certification. */
export function publicDomainTool(type: string, version: string | null, jurisdiction: string | null): Licence | null {
  if (version !== null && version !== "1.0") return null;
  if (jurisdiction !== null && !jurisdictions.test(jurisdiction)) return null;
  if (type === "zero") {
    return reading({
      licenceClass: "public_domain",
      id: "CC0-1.0",
      name: "CC0 1.0",
      url: "https://creativecommons.org/publicdomain/zero/1.0/",
      version: "1.0",
      jurisdiction,
    });
  }
  if (type === "mark") {
    return reading({
      licenceClass: "public_domain",
      id: "CC-PDM-1.0",
      name: "Public Domain Mark 1.0",
      url: "https://creativecommons.org/publicdomain/mark/1.0/",
      version: "1.0",
      jurisdiction,
    });
  }
  return type === "certification" ? dedication() : null;
}

function dedication(): Licence {
  return reading({
    licenceClass: "public_domain",
    id: "CC-PDDC",
    name: "Creative Commons Public Domain Dedication and Certification",
    url: "https://creativecommons.org/licenses/publicdomain/",
    version: null,
    jurisdiction: "us",
  });
}

/** Reads the codes of Openverse and of APIs: "by-nc", "cc0", "pdm", "sampling+", with the version in a field of its own. */
export function readCreativeCommonsCode(code: string, version: string | null): Licence | null {
  const name = code.trim().toLowerCase();
  if (name === "cc0" || name === "zero") return publicDomainTool("zero", version, null);
  if (name === "pdm" || name === "mark") return publicDomainTool("mark", version, null);
  return creativeCommons(name, version, null);
}

const words: Readonly<Record<string, string>> = {
  attribution: "by",
  by: "by",
  noncommercial: "nc",
  nc: "nc",
  sharealike: "sa",
  sa: "sa",
  noderivs: "nd",
  noderivatives: "nd",
  noderivative: "nd",
  nd: "nd",
};
/** Words of names that change nothing. */
const fillers = new Set([
  "international",
  "unported",
  "generic",
  "universal",
  "license",
  "licence",
  "version",
  "v",
  "the",
  "deed",
]);

/**
 * Reads a written name: "CC BY-SA 4.0", "cc-by-nc-2.5-au", "Creative Commons Attribution-ShareAlike 3.0 Unported (CC BY-SA 3.0)".
 * Every word must be understood; "Creative Commons" alone says nothing.
 */
export function readCreativeCommonsName(text: string): Licence | null {
  if (text.length > 200) return null;
  const plain = text
    .toLowerCase()
    .replace(/creative\s*commons/g, "cc")
    .replace(/non[\s-]commercial/g, "noncommercial")
    .replace(/share[\s-]alike/g, "sharealike")
    .replace(/no[\s-]deriv/g, "noderiv");
  const tokens = plain.split(/[\s_(),;:/-]+/).filter(Boolean);
  const names = tokens.some((token) => token === "cc" || token === "cc0") || plain.startsWith("public domain mark");
  if (!names) return null;
  const parts: string[] = [];
  let version: string | null = null;
  let jurisdiction: string | null = null;
  let zero = false;
  let mark = false;
  for (const token of tokens) {
    const number = /^v?(\d\.\d)$/.exec(token)?.[1];
    if (token === "cc" || fillers.has(token)) continue;
    if (token === "cc0" || token === "zero") zero = true;
    else if (token === "public" || token === "domain" || token === "dedication") zero ||= token === "dedication";
    else if (token === "mark" || token === "pdm") mark = true;
    else if (words[token]) parts.push(words[token]);
    else if (number && (version === null || version === number)) version = number;
    else if (parts.length > 0 && version !== null && jurisdictions.test(token) && (jurisdiction ?? token) === token)
      jurisdiction = token;
    else return null;
  }
  if (zero || mark)
    return zero !== mark && parts.length === 0 ? publicDomainTool(zero ? "zero" : "mark", version, jurisdiction) : null;
  return parts.length > 0 ? creativeCommons([...new Set(parts)].join("-"), version, jurisdiction) : null;
}
