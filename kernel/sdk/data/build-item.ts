import type { Licence } from "../compliance/index.ts";
import { type AssayError, problem } from "../errors.ts";
import { type ImageFile, readImageFile } from "./image-file.ts";
import type { DeclaredBasis, Item } from "./item.ts";
import { type Claim, classify } from "./licence/index.ts";
import { readOptOuts } from "./opt-outs/index.ts";
import { type Candidate, inside } from "./scan.ts";
import { readCaption, readSidecar, type Sidecar } from "./sidecar.ts";
import { type Fields, own, readSource, text } from "./sources/index.ts";

export interface ItemOptions {
  readonly root: string;
  readonly maxBytes: number;
  /** The manifest that the records come from. */
  readonly manifest?: { readonly file: string; readonly sha256: string };
  /** A licence of the whole collection, which counts where an item has none of its own. */
  readonly licence?: string;
  readonly basis?: DeclaredBasis;
}

/** An item with what is wrong about it. */
export interface BuiltItem {
  readonly item: Item;
  readonly file: ImageFile;
  readonly problems: readonly AssayError[];
}

/** Reads an image and its sidecar. @throws AssayError when the image itself cannot be used. */
export async function buildItem(candidate: Candidate, options: ItemOptions): Promise<BuiltItem> {
  const { id, path } = candidate;
  const resolve = (name: string) => inside(options.root, name);
  const file = await readImageFile(path, id, options.maxBytes);
  const found =
    candidate.record && options.manifest
      ? { sidecar: { ...options.manifest, record: candidate.record } }
      : await readSidecar(id, resolve);
  const sidecar = "sidecar" in found ? found.sidecar : null;
  const record = sidecar?.record ?? {};
  const described = readSource(record);
  const place = sidecar?.file ?? id;
  const { licence, evidence } = classify(claimsOf(described.claims, place, file, id, options.licence));
  const item: Item = {
    id,
    path,
    sha256: file.sha256,
    pixelHash: file.image.pixelHash,
    bytes: file.bytes,
    format: file.format,
    width: file.image.width,
    height: file.image.height,
    caption: described.about.caption ?? (await readCaption(id, resolve)) ?? "",
    about: described.about,
    source: sidecar ? described.source : null,
    sidecar: sidecar && { file: sidecar.file, sha256: sidecar.sha256 },
    retrieved: text(record, "retrieved_at", "retrieved", "date_accessed", "accessed", "indexed_on") ?? null,
    licence: based(licence, options.basis),
    optOuts: readOptOuts({
      source: place,
      sidecar: record,
      embedded: file.xmp,
      file: id,
      unreadAssertions: hasManifest(record) ? [] : file.assertions,
    }),
    evidence: sidecar
      ? evidence.map((one) => (one.source === place ? { ...one, sha256: sidecar.sha256 } : one))
      : evidence,
    marks: marksOf(record, file),
  };
  return { item, file, problems: problemsOf(item, "problem" in found ? found.problem : undefined) };
}

function problemsOf(item: Item, sidecarProblem: AssayError | undefined): AssayError[] {
  if (sidecarProblem && item.licence.licenceClass === "unknown") return [sidecarProblem];
  const unknown = item.licence.licenceClass === "unknown" ? [problem.licenceUnknown(item.id, item.licence.reason)] : [];
  return sidecarProblem ? [sidecarProblem, ...unknown] : unknown;
}

function claimsOf(
  own: ReturnType<typeof readSource>["claims"],
  place: string,
  file: ImageFile,
  id: string,
  collectionLicence: string | undefined,
): Claim[] {
  const embedded = (["cc:license", "xmpRights:WebStatement", "xmpRights:UsageTerms", "dc:rights"] as const).flatMap(
    (field): Claim[] => {
      const value = file.xmp[field];
      return value === undefined
        ? []
        : [{ kind: field === "cc:license" ? "url" : "text", source: `${id} XMP`, field, value, level: "embedded" }];
    },
  );
  const collection: Claim[] =
    collectionLicence === undefined
      ? []
      : [{ kind: "licence", source: "collect()", field: "licence", value: collectionLicence, level: "collection" }];
  return [...own.map((one): Claim => ({ ...one, source: place, level: "item" })), ...embedded, ...collection];
}

function based(licence: Licence, basis: DeclaredBasis | undefined): Licence {
  return basis ? { ...licence, basis } : licence;
}

function hasManifest(record: Fields): boolean {
  return ["c2pa", "c2pa_manifest", "cawg", "content_credentials"].some((name) => own(record, name) !== undefined);
}

function marksOf(record: Sidecar["record"], file: ImageFile): string[] {
  const sourceType =
    file.xmp["Iptc4xmpExt:DigitalSourceType"] ??
    text(record, "Iptc4xmpExt:DigitalSourceType", "digitalSourceType") ??
    "";
  const restrictions = own(inner(inner(record, "extmetadata"), "Restrictions"), "value");
  return [
    ...(/(?:trainedAlgorithmicMedia|compositeWithTrainedAlgorithmicMedia)$/i.test(sourceType) ? ["ai_generated"] : []),
    ...(typeof restrictions === "string" && restrictions.trim() !== "" ? [`restriction: ${restrictions.trim()}`] : []),
  ];
}

function inner(record: Fields | undefined, name: string): Fields | undefined {
  const value = own(record, name);
  return typeof value === "object" && value !== null ? (value as Fields) : undefined;
}
