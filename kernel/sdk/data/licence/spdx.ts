/// <reference path="./spdx-expression-parse.d.ts" />
import parseExpression, { type SpdxExpression } from "spdx-expression-parse";
import deprecatedIds from "spdx-license-ids/deprecated.json" with { type: "json" };
import spdxIds from "spdx-license-ids/index.json" with { type: "json" };
import { type Licence, licenceClasses, type TermFlags, unknownLicence } from "../../compliance/index.ts";
import { creativeCommons, publicDomainTool } from "./creative-commons.ts";
import { noTerms, reading } from "./reading.ts";

const byLowerCase = new Map([...spdxIds, ...deprecatedIds].map((id) => [id.toLowerCase(), id]));

const publicDomain =
  /^(?:PDDL-1\.0|Unlicense(?:-.+)?|NIST-PD(?:-fallback)?|ANTLR-PD(?:-fallback)?|SAX-PD(?:-2\.0)?|blessing|DL-DE-ZERO-2\.0)$/;
const shareAlike =
  /^(?:LAL-|GFDL-|ODbL-|CDLA-Sharing-|A?GPL-|LGPL-|MPL-|EUPL-|EPL-|OSL-|CERN-OHL-[SW]-|CECILL-(?:2\.\d|1\.\d)$)/;
const attribution =
  /^(?:0BSD|AFL-|Apache-|Artistic-|BSD-[1234]-Clause(?:-Patent|-Clear)?$|BSL-1\.0|CDLA-Permissive-|CECILL-B$|CERN-OHL-P-|DL-DE-BY-|ECL-2|etalab-|ISC$|MIT$|MIT-0$|MIT-CMU$|NCSA$|NLOD-|ODC-By-|OFL-|OGL-|OGDL-|PostgreSQL$|Python-2|UPL-|WTFPL$|X11$|Zlib$)/;

/**
 * Reads an SPDX expression: identifiers in any case, `LicenseRef-`, `+`, WITH, AND, OR. Of an OR the freer side counts, because the
 * user may choose; of an AND the stricter. Null where it is none; an id whose class nobody has settled reads as unknown.
 */
export function readSpdx(text: string): Licence | null {
  if (text.length === 0 || text.length > 500) return null;
  const cased = text.trim().replace(/[A-Za-z0-9.+-]+/g, (word) => {
    if (/^(?:and|or|with)$/i.test(word)) return word.toUpperCase();
    return (
      byLowerCase.get(word.toLowerCase()) ?? byLowerCase.get(word.replace(/\+$/, "").toLowerCase())?.concat("+") ?? word
    );
  });
  try {
    return readTree(parseExpression(cased), cased);
  } catch {
    return null;
  }
}

function readTree(tree: SpdxExpression, text: string): Licence {
  if ("license" in tree) return readId(tree.license, tree.plus === true);
  const sides = [readTree(tree.left, text), readTree(tree.right, text)] as const;
  const ranked = [...sides].sort((a, b) => rank(a) - rank(b));
  if (tree.conjunction === "or") return ranked[0]!;
  const [free, strict] = [ranked[0]!, ranked[1]!];
  const flags: TermFlags = {
    by: free.flags.by || strict.flags.by,
    sa: free.flags.sa || strict.flags.sa,
    nc: free.flags.nc || strict.flags.nc,
    nd: free.flags.nd || strict.flags.nd,
  };
  return { ...strict, id: `${free.id} AND ${strict.id}`, name: `${free.name} and ${strict.name}`, flags };
}

function rank({ licenceClass, flags }: Licence): number {
  const terms = Number(flags.by) + 2 * Number(flags.sa) + 4 * Number(flags.nc) + 4 * Number(flags.nd);
  return licenceClasses.indexOf(licenceClass) * 16 + terms;
}

function readId(id: string, plus: boolean): Licence {
  const cc = readCreativeCommonsId(id);
  if (cc) return cc;
  const known = {
    id: plus ? `${id}+` : id,
    name: id,
    url: `https://spdx.org/licenses/${id}.html`,
    version: /-(\d+(?:\.\d+)*)/.exec(id)?.[1] ?? null,
  };
  if (publicDomain.test(id)) return reading({ ...known, licenceClass: "public_domain" });
  if (shareAlike.test(id))
    return reading({ ...known, licenceClass: "creative_commons", flags: { ...noTerms, by: true, sa: true } });
  if (attribution.test(id))
    return reading({ ...known, licenceClass: "creative_commons", flags: { ...noTerms, by: true } });
  if (id === "C-UDA-1.0")
    return reading({ ...known, licenceClass: "fair_use_research", flags: { ...noTerms, by: true } });
  return { ...unknownLicence(`nobody has settled the class of the licence ${id}`), id: known.id, name: id };
}

/** "CC-BY-NC-SA-2.0-DE" in its parts. */
function readCreativeCommonsId(id: string): Licence | null {
  if (id === "CC0-1.0") return publicDomainTool("zero", "1.0", null);
  if (id === "CC-PDM-1.0") return publicDomainTool("mark", "1.0", null);
  if (id === "CC-PDDC") return publicDomainTool("certification", null, null);
  const match = /^CC-([A-Z-]+)-(\d\.\d)(?:-([A-Z]+))?$/.exec(id);
  return match ? creativeCommons(match[1]!.toLowerCase(), match[2]!, match[3]?.toLowerCase() ?? null) : null;
}
