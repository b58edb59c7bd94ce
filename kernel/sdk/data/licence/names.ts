import { type Licence, unknownLicence } from "../../compliance/index.ts";
import { noTerms, reading } from "./reading.ts";

const open = { ...noTerms, by: true };
const copyleft = { ...noTerms, by: true, sa: true };

function ownTerms(name: string): Licence {
  return reading({
    licenceClass: "copyrighted",
    id: `LicenseRef-${name.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "")}`,
    name,
    reason: `${name}: the owner's own terms, no open licence`,
  });
}

const allRightsReserved = reading({
  licenceClass: "copyrighted",
  id: "LicenseRef-AllRightsReserved",
  name: "All rights reserved",
});
const publicDomain = reading({ licenceClass: "public_domain", id: "LicenseRef-PublicDomain", name: "Public domain" });
const fairUse = reading({
  licenceClass: "fair_use_research",
  id: "LicenseRef-US-Fair-Use",
  name: "Fair use",
  jurisdiction: "us",
  basis: "us_fair_use",
  reason: "used under fair use, a doctrine of United States law",
});
const research = reading({
  licenceClass: "fair_use_research",
  id: "LicenseRef-Research-Only",
  name: "Research use only",
  flags: { ...noTerms, nc: true },
});
const gfdl = (version: string | null) =>
  reading({
    licenceClass: "creative_commons",
    id: version ? `GFDL-${version}-or-later` : "LicenseRef-GFDL",
    name: `GFDL${version ? ` ${version}` : ""}`,
    url: "https://www.gnu.org/licenses/fdl-1.3.html",
    version,
    flags: copyleft,
  });
const freeArt = (version: string | null) =>
  reading({
    licenceClass: "creative_commons",
    id: version ? `LAL-${version}` : "LicenseRef-FAL",
    name: `Free Art License${version ? ` ${version}` : ""}`,
    url: "https://artlibre.org/licence/lal/en/",
    version,
    flags: copyleft,
  });
const ogl = (version: string) =>
  reading({
    licenceClass: "creative_commons",
    id: `OGL-UK-${version}`,
    name: `Open Government Licence ${version}`,
    url: `https://www.nationalarchives.gov.uk/doc/open-government-licence/version/${version[0]}/`,
    version,
    jurisdiction: "uk",
    flags: open,
  });
const spelled = (name: string) => unknownLicence(`“${name}” does not say which licence it is`);

/** Names that have one meaning, in lower case with single spaces. */
const exact = new Map<string, Licence>([
  ...["all rights reserved", "© all rights reserved", "copyrighted", "copyright", "in copyright", "arr"].map(
    (name) => [name, allRightsReserved] as const,
  ),
  ...["public domain", "publicdomain", "no copyright", "no rights reserved"].map(
    (name) => [name, publicDomain] as const,
  ),
  ...["fair use", "fairuse", "fair-use"].map((name) => [name, fairUse] as const),
  ...[
    "research only",
    "research use only",
    "non-commercial research only",
    "non-commercial research use only",
    "for research purposes only",
    "academic use only",
    "educational use only",
  ].map((name) => [name, research] as const),
  ...["fal", "free art license", "free art licence", "licence art libre", "lal"].map(
    (name) => [name, freeArt(null)] as const,
  ),
  ...["fal 1.3", "free art license 1.3", "licence art libre 1.3"].map((name) => [name, freeArt("1.3")] as const),
  ...["gfdl", "gnu free documentation license"].map((name) => [name, gfdl(null)] as const),
  ...["1.1", "1.2", "1.3"].flatMap((version) =>
    [
      `gfdl ${version}`,
      `gfdl-${version}`,
      `gfdl ${version} or later`,
      `gnu free documentation license ${version}`,
      `gnu free documentation license, version ${version} or later`,
    ].map((name) => [name, gfdl(version)] as const),
  ),
  ...["1.0", "2.0", "3.0"].flatMap((version) =>
    [
      `ogl ${version[0]}`,
      `ogl ${version}`,
      `ogl v${version}`,
      `ogl-uk-${version}`,
      `open government licence v${version}`,
      `open government licence ${version}`,
    ].map((name) => [name, ogl(version)] as const),
  ),
  ...[
    "Unsplash License",
    "Pexels License",
    "Pixabay License",
    "Pixabay Content License",
    "Shutterstock Standard License",
    "Adobe Stock Standard License",
    "Getty Images License",
    "iStock Standard License",
    "Freepik License",
    "Royalty free",
    "Royalty-free",
    "Rights managed",
    "Rights-managed",
    "Editorial use only",
  ].map((name) => [name.toLowerCase(), ownTerms(name)] as const),
  ...[
    "openrail",
    "openrail++",
    "openrail-m",
    "creativeml-openrail-m",
    "bigscience-openrail-m",
    "bigscience-bloom-rail-1.0",
    "bigcode-openrail-m",
    "llama2",
    "llama3",
    "llama3.1",
    "llama3.2",
    "llama3.3",
    "gemma",
  ].map((name) => [name, ownTerms(name)] as const),
  ...["cc", "creative commons", "unknown", "free", "free to use", "open", "various", "see website"].map(
    (name) => [name, spelled(name)] as const,
  ),
]);

/** Reads a name that has one meaning only; "Creative Commons" or "free to use" is understood, as unknown. */
export function readName(text: string): Licence | null {
  if (text.length > 200) return null;
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/[“”"']/g, "")
    .replace(/\s+/g, " ")
    .replace(/[.!]+$/, "");
  const found = exact.get(plain) ?? exact.get(plain.replace(/^(?:© |\(c\) )/, ""));
  if (found) return found;
  return /^(?:©|\(c\)|copyright).{0,120}[,.;] *all rights reserved$/.test(plain) ? allRightsReserved : null;
}
