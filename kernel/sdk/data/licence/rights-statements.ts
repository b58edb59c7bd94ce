import { type Licence, unknownLicence } from "../../compliance/index.ts";
import { noTerms, reading } from "./reading.ts";

type Statement = Pick<Licence, "licenceClass" | "name" | "reason"> & Partial<Licence>;

/** The twelve statements of rightsstatements.org. They describe a status; none of them is a licence. */
const statements: Readonly<Record<string, Statement>> = {
  InC: {
    licenceClass: "copyrighted",
    name: "In Copyright",
    reason: "In Copyright: any use needs permission or an exception",
  },
  "InC-OW-EU": {
    licenceClass: "copyrighted",
    name: "In Copyright – EU Orphan Work",
    jurisdiction: "eu",
    reason: "In Copyright – EU Orphan Work: the orphan-work exception is for cultural institutions",
  },
  "InC-EDU": {
    licenceClass: "fair_use_research",
    name: "In Copyright – Educational Use Permitted",
    reason: "In Copyright – Educational Use Permitted",
    basis: "licence",
  },
  "InC-NC": {
    licenceClass: "fair_use_research",
    name: "In Copyright – Non-Commercial Use Permitted",
    reason: "In Copyright – Non-Commercial Use Permitted",
    flags: { ...noTerms, nc: true },
    basis: "licence",
  },
  "InC-RUU": {
    licenceClass: "copyrighted",
    name: "In Copyright – Rights-holder(s) Unlocatable or Unidentifiable",
    reason: "In Copyright: that the rights holder is not found grants nothing",
  },
  "NoC-CR": {
    licenceClass: "copyrighted",
    name: "No Copyright – Contractual Restrictions",
    reason: "No Copyright – Contractual Restrictions: a contract limits its use, by terms that are not given",
  },
  "NoC-NC": {
    licenceClass: "fair_use_research",
    name: "No Copyright – Non-Commercial Use Only",
    reason: "No Copyright – Non-Commercial Use Only",
    flags: { ...noTerms, nc: true },
    basis: "licence",
  },
  "NoC-OKLR": {
    licenceClass: "copyrighted",
    name: "No Copyright – Other Known Legal Restrictions",
    reason: "No Copyright – Other Known Legal Restrictions: other laws limit its use",
  },
  "NoC-US": {
    licenceClass: "public_domain",
    name: "No Copyright – United States",
    jurisdiction: "us",
    reason: "No Copyright – United States: in the public domain there, perhaps not elsewhere",
  },
  CNE: { licenceClass: "unknown", name: "Copyright Not Evaluated", reason: "the holder says: Copyright Not Evaluated" },
  UND: { licenceClass: "unknown", name: "Copyright Undetermined", reason: "the holder says: Copyright Undetermined" },
  NKC: {
    licenceClass: "unknown",
    name: "No Known Copyright",
    reason: "the holder says: No Known Copyright, which is no statement of its status",
  },
};
const idOf = new Map(Object.keys(statements).map((id) => [id.toLowerCase(), id]));

/** Reads an address of rightsstatements.org, of the vocabulary or of its page. */
export function readRightsStatementUrl(url: URL): Licence | null {
  if (!/^(?:www\.)?rightsstatements\.org$/.test(url.hostname) || url.port !== "") return null;
  const [kind, id = "", version, ...rest] = url.pathname.split("/").filter(Boolean);
  if ((kind !== "vocab" && kind !== "page") || rest.length > 0) return null;
  return version === undefined || version === "1.0" ? readRightsStatementId(id) : null;
}

/** Reads an id such as "InC-EDU". */
export function readRightsStatementId(text: string): Licence | null {
  const id = idOf.get(text.trim().toLowerCase());
  const statement = id === undefined ? undefined : statements[id];
  if (!id || !statement) return null;
  const found = {
    ...statement,
    id: `LicenseRef-RightsStatements-${id}`,
    url: `http://rightsstatements.org/vocab/${id}/1.0/`,
    version: "1.0",
  };
  return statement.licenceClass === "unknown" ? { ...unknownLicence(statement.reason), ...found } : reading(found);
}
