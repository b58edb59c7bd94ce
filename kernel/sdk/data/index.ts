export { type Deduplicated, type Duplicate, deduplicate } from "./clean/duplicates.ts";
export { type CollectOptions, collect } from "./collect.ts";
export { Collection } from "./collection.ts";
export { Dataset, type DatasetOptions, dataset } from "./dataset.ts";
export type { DatasetManifest, Exclusion } from "./dataset-manifest.ts";
export type { CollectionProblem, DeclaredBasis, Item } from "./item.ts";
export { type Claim, type ClaimKind, type Classification, classify, readLicence } from "./licence/index.ts";
export { type ImagesOptions, images } from "./load-images.ts";
