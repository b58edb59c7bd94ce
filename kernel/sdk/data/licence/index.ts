export { type Claim, type Classification, classify } from "./classify.ts";
export { type ClaimKind, readLicence } from "./read-licence.ts";
