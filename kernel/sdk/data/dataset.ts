import { classPhrase, modePhrase } from "../../protocol/classes.ts";
import type { ComplianceMode, LicenceClass } from "../../protocol/compliance.ts";
import type { MimeBundle } from "../../protocol/mime.ts";
import type { ComplianceItem, ComplianceOutput } from "../../protocol/outputs.ts";
import { canonicalJson, contentHash, hashOf } from "../../store/canonical.ts";
import {
  complianceItem,
  type DatasetStanding,
  defaultPolicy,
  gateDataset,
  type InheritedTerms,
  type Policy,
  type Verdict,
  verdict,
} from "../compliance/index.ts";
import { problem } from "../errors.ts";
import { cellContext } from "../host.ts";
import { complianceBundle, type Displayable, displaySymbol, type Image, keepArtifact } from "../media/index.ts";
import { Tensor } from "../tensor/index.ts";
import { deduplicate } from "./clean/duplicates.ts";
import type { Collection } from "./collection.ts";
import { type DatasetManifest, datasetManifest, type Exclusion } from "./dataset-manifest.ts";
import type { Item } from "./item.ts";
import { loadImages } from "./load-images.ts";
import { problemItem } from "./problem-item.ts";

export interface DatasetOptions {
  /** What to call it. Default: the collection's name and the mode. */
  readonly name?: string;
  /** Default: the notebook's mode. A wider one is refused. */
  readonly mode?: ComplianceMode;
  readonly policy?: Policy;
  /** Keeps an item only where this says so; left-out items are listed with the rule `filter`. */
  readonly filter?: (item: Item) => boolean;
  /** The caption to train with. Default: the item's own. */
  readonly caption?: (item: Item) => string;
}

interface Contents {
  readonly manifest: DatasetManifest;
  readonly items: readonly Item[];
  readonly report: readonly ComplianceItem[];
}

/** The items that a mode admits, with the reasons of all that it does not. Its mode travels with it. */
export class Dataset implements Displayable, DatasetStanding {
  readonly name: string;
  readonly mode: ComplianceMode;
  readonly policy: Policy;
  /** The class of the least free item. */
  readonly licenceClass: LicenceClass;
  /** The admitted items, by id. */
  readonly items: readonly Item[];
  readonly exclusions: readonly Exclusion[];
  readonly manifest: DatasetManifest;
  /** SHA-256 of the canonical JSON of the manifest. */
  readonly sha256: string;
  readonly #report: readonly ComplianceItem[];

  constructor({ manifest, items, report }: Contents) {
    this.manifest = manifest;
    this.name = manifest.name;
    this.mode = manifest.mode;
    this.policy = manifest.policy;
    this.licenceClass = manifest.licenceClass;
    this.items = items;
    this.exclusions = manifest.excluded;
    this.sha256 = contentHash(manifest);
    this.#report = report;
  }

  get size(): number {
    return this.items.length;
  }

  /** The captions, in the order of the items. */
  get captions(): string[] {
    return this.items.map(({ caption }) => caption);
  }

  /** What the licences of the items ask of what is made from them. */
  get terms(): InheritedTerms {
    return this.manifest.terms;
  }

  /** The pictures in the order of the items, cut to `size`×`size` RGB. @throws AssayError `data.changed` when a file is no longer what was collected. */
  images(options: { readonly size: number }): Promise<Image[]> {
    return loadImages(this.items, options.size);
  }

  /** Pictures as one tensor [items, 3, size, size] in [-1, 1], with their captions. */
  async tensors(options: { readonly size: number }): Promise<{ pixels: Tensor<"float32">; captions: string[] }> {
    const images = await this.images(options);
    const each = 3 * options.size * options.size;
    const data = new Float32Array(images.length * each);
    for (const [index, image] of images.entries()) data.set(image.planes(), index * each);
    return {
      pixels: new Tensor("float32", [images.length, 3, options.size, options.size], data),
      captions: this.captions,
    };
  }

  /** Every item of the collection with its verdict, reason and evidence. */
  compliance(): ComplianceOutput {
    cellContext().record({ type: "shown", what: [{ sha256: this.sha256 }] });
    return {
      title: `Data set ${this.name}`,
      mode: this.mode,
      policyVersion: this.policy.version,
      items: [...this.#report],
    };
  }

  /**
   * Splits off a part for measuring: two data sets without a common item. Which item goes where depends on the seed and the item's
   * bytes only. @param options.holdout the share of the second part, above 0 and below 1.
   */
  split(options: { readonly holdout: number; readonly seed?: number }): [train: Dataset, holdout: Dataset] {
    const { holdout, seed = cellContext().seed } = options;
    if (!(holdout > 0 && holdout < 1))
      throw problem.wrongOption("holdout", String(holdout), "a share above 0 and below 1");
    const drawn = this.items
      .map((item) => ({ item, lot: hashOf(`${seed}/${item.sha256}`) }))
      .sort((a, b) => (a.lot < b.lot ? -1 : 1));
    const count = Math.min(this.items.length - 1, Math.max(1, Math.round(this.items.length * holdout)));
    const held = new Set(drawn.slice(0, count).map(({ item }) => item.id));
    return [this.#part("train", (item) => !held.has(item.id)), this.#part("holdout", (item) => held.has(item.id))];
  }

  #part(which: string, belongs: (item: Item) => boolean): Dataset {
    const items = this.items.filter(belongs);
    const elsewhere = this.items.filter((item) => !belongs(item));
    const reason = `it belongs to the other part of ${this.name}`;
    const excluded = [
      ...this.exclusions,
      ...elsewhere.map(({ id, sha256 }) => ({ id, sha256, rule: "split", reason })),
    ];
    const names = new Set(elsewhere.map(({ id }) => id));
    // Another mode would have had other items to draw from: what it would put into this part is not known.
    const report = this.#report.map(({ verdicts: _, ...item }) =>
      names.has(item.id) ? { ...item, admitted: false, rule: "split", reason } : item,
    );
    return publish({
      manifest: datasetManifest(`${this.name} ${which}`, this.mode, this.policy, items, excluded),
      items,
      report,
    });
  }

  [displaySymbol](): MimeBundle {
    return complianceBundle(this.compliance());
  }

  toString(): string {
    return `data set ${this.name}: ${this.size} items of ${classPhrase(this.licenceClass)} in ${modePhrase(this.mode)}`;
  }
}

/**
 * Builds a data set of what a mode admits. Equal pictures are kept once. The manifest, canonical JSON with its hash, names every item
 * with its evidence and every exclusion with its reason.
 *
 * @throws ComplianceError `dataset.mode` when the mode is wider than the notebook's; AssayError `dataset.empty` when nothing is left.
 */
export function dataset(collection: Collection, options: DatasetOptions = {}): Dataset {
  const context = cellContext();
  const mode = options.mode ?? context.mode;
  const policy = options.policy ?? defaultPolicy;
  const name = options.name ?? `${collection.name} ${mode}`;
  gateDataset({ name, mode }, context.mode);

  const { kept, duplicates } = deduplicate(collection.items);
  const judged = kept.map((item) => {
    const decided = verdict(item, mode, policy);
    const asked = decided.admitted && options.filter !== undefined;
    const leftOut = asked && !options.filter(item);
    return { item, asked, leftOut, verdict: leftOut ? refusal("filter", "the filter leaves it out") : decided };
  });
  // The filter is code of the notebook: it is not asked about what this mode excludes only to fill a report.
  const inMode = ({ item, asked, leftOut, verdict: own }: (typeof judged)[number], other: ComplianceMode) => {
    const decided = verdict(item, other, policy);
    if (!options.filter || !decided.admitted) return decided;
    if (!asked) return undefined;
    return leftOut ? own : decided;
  };
  const repeated = duplicates.map(({ item, of }) => ({
    item,
    verdict: refusal("duplicate.exact", `it is the same picture as ${of.id}`),
  }));
  const broken = collection.problems.filter(({ excluded }) => excluded);
  const admitted = judged
    .filter((one) => one.verdict.admitted)
    .map(({ item }) => ({ ...item, caption: options.caption?.(item) ?? item.caption }));
  if (admitted.length === 0) throw problem.datasetEmpty(name, mode, collection.items.length);

  const excluded: Exclusion[] = [
    ...[...judged, ...repeated]
      .filter((one) => !one.verdict.admitted)
      .map(({ item, verdict: { rule, reason } }) => ({ id: item.id, sha256: item.sha256, rule, reason })),
    ...broken.map(({ file, code, reason }) => ({ id: file, sha256: null, rule: code, reason })),
  ];
  const report = [
    ...judged.map((one) => complianceItem(one.item, mode, one.verdict, (other) => inMode(one, other))),
    ...repeated.map((one) => complianceItem(one.item, mode, one.verdict, () => one.verdict)),
    ...broken.map((one) => problemItem(one, mode)),
  ];
  const items = admitted.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return publish({ manifest: datasetManifest(name, mode, policy, items, excluded), items, report });
}

function refusal(rule: string, reason: string): Verdict {
  return { admitted: false, rule, reason, alternative: null };
}

/** Keeps the manifest as an artifact and tells the session of the data set. */
function publish(contents: Contents): Dataset {
  const { record } = cellContext();
  const made = new Dataset(contents);
  const bytes = Buffer.from(canonicalJson(made.manifest));
  keepArtifact(bytes, "application/json");
  record({
    type: "dataset",
    sha256: made.sha256,
    name: made.name,
    mode: made.mode,
    policyVersion: made.policy.version,
    items: made.items.map(({ sha256 }) => sha256),
    excluded: made.exclusions.length,
    licenceClass: made.licenceClass,
  });
  const what = {
    role: "dataset",
    name: made.name,
    sha256: made.sha256,
    bytes: bytes.byteLength,
    mime: "application/json",
    licenceClass: made.licenceClass,
  } as const;
  record({ type: "produced", what, from: made.items.map(({ sha256 }) => sha256) });
  return made;
}
