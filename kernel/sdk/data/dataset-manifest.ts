import type { ComplianceMode, LicenceClass } from "../../protocol/compliance.ts";
import {
  type Evidence,
  type InheritedTerms,
  inheritedTerms,
  type Licence,
  type OptOut,
  type Policy,
} from "../compliance/index.ts";
import type { Item } from "./item.ts";

/** An item that a data set leaves out. */
export interface Exclusion {
  readonly id: string;
  readonly sha256: string | null;
  /** The rule that decided, for example `mode.class`, `optout.aipref`, `duplicate.exact`, `image.corrupt`. */
  readonly rule: string;
  readonly reason: string;
}

/** Everything that determines a data set: its canonical JSON is hashed. No path of a machine, no time. */
export interface DatasetManifest {
  readonly schema: "assay-dataset-1";
  readonly name: string;
  readonly mode: ComplianceMode;
  readonly policy: Policy;
  readonly licenceClass: LicenceClass;
  /** What the licences of the items ask of what is made from them. */
  readonly terms: InheritedTerms;
  readonly items: readonly {
    readonly id: string;
    readonly sha256: string;
    readonly pixelHash: string;
    readonly bytes: number;
    readonly width: number;
    readonly height: number;
    readonly caption: string;
    readonly title?: string;
    readonly author?: string;
    readonly source?: string;
    readonly licence: Licence;
    readonly optOuts: readonly OptOut[];
    readonly evidence: readonly Evidence[];
  }[];
  readonly excluded: readonly Exclusion[];
}

/** Describes a data set. Items and exclusions are put in the order of their ids. */
export function datasetManifest(
  name: string,
  mode: ComplianceMode,
  policy: Policy,
  items: readonly Item[],
  excluded: readonly Exclusion[],
): DatasetManifest {
  const terms = inheritedTerms(items);
  return {
    schema: "assay-dataset-1",
    name,
    mode,
    policy,
    licenceClass: terms.licenceClass,
    terms,
    items: items
      .toSorted(byId)
      .map(({ id, sha256, pixelHash, bytes, width, height, caption, about, licence, optOuts, evidence }) => ({
        id,
        sha256,
        pixelHash,
        bytes,
        width,
        height,
        caption,
        ...(about.title === undefined ? {} : { title: about.title }),
        ...(about.author === undefined ? {} : { author: about.author }),
        ...(about.page === undefined ? {} : { source: about.page }),
        licence,
        optOuts,
        evidence,
      })),
    excluded: excluded.toSorted(byId),
  };
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
