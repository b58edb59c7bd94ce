import type { Basis, Evidence, Licence, OptOut, Standing } from "../compliance/index.ts";
import type { About } from "./sources/index.ts";

/** One image of a collection, with all that is known of it. */
export interface Item extends Standing {
  /** The file relative to the collection's folder, with forward slashes: unique in the collection. */
  readonly id: string;
  /** Absolute path. */
  readonly path: string;
  /** SHA-256 of the file's bytes. */
  readonly sha256: string;
  /** SHA-256 of size and decoded pixels: equal for the same picture in two lossless files. */
  readonly pixelHash: string;
  /** Size of the file in bytes. */
  readonly bytes: number;
  /** "png", "jpeg" and so on. */
  readonly format: string;
  readonly width: number;
  readonly height: number;
  /** What the picture shows, for training; empty when nobody said. */
  readonly caption: string;
  readonly about: About;
  /** Which kind of record the sidecar is: "openverse", "flickr", "wikimedia", "plain"; null without one. */
  readonly source: string | null;
  /** The sidecar or the manifest, with its hash. */
  readonly sidecar: { readonly file: string; readonly sha256: string } | null;
  /** When its metadata were fetched from their source, as the sidecar says; null when it does not. Never part of what is hashed. */
  readonly retrieved: string | null;
  readonly licence: Licence;
  readonly optOuts: readonly OptOut[];
  readonly evidence: readonly Evidence[];
  /** What else its metadata say of it: "ai_generated", "restriction: trademarked". */
  readonly marks: readonly string[];
}

/** Something wrong with a file of a collection. The rest goes on. */
export interface CollectionProblem {
  readonly file: string;
  readonly code: string;
  readonly reason: string;
  readonly remedy: string;
  /** Whether the file is left out altogether; otherwise it stays as an item, of class unknown. */
  readonly excluded: boolean;
}

/** A ground of use that the user vouches for, in place of the one that follows from the licence. */
export type DeclaredBasis = Exclude<Basis, "licence" | "public_domain" | "none">;
