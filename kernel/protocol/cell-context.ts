import type { ComplianceMode, LicenceClass } from "./compliance.ts";
import type { ArtifactRef } from "./media.ts";
import type { Output } from "./outputs.ts";

/** A file, model, data set or LoRA that took part in a cell execution. */
export interface Participant {
  readonly role: "input" | "model" | "lora" | "dataset" | "module" | "output";
  /** What the user calls it: a path relative to the notebook, a model id. */
  readonly name: string;
  readonly sha256: string;
  /** Size in bytes. */
  readonly bytes: number;
  readonly mime?: string;
  readonly licenceClass?: LicenceClass;
}

/**
 * What a cell tells the session, which alone writes rows. `used` and `produced` are the lineage; the rest fills the domain tables.
 */
export type RecordEvent =
  | {
      readonly type: "used";
      readonly what: Participant;
      /** What it says of itself: a model its licence and source. */
      readonly facts?: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: "produced";
      readonly what: Participant;
      /** Content hashes of what it was made from. */
      readonly from?: readonly string[];
      /** Prompt, seed and the like, searchable later. */
      readonly facts?: Readonly<Record<string, unknown>>;
    }
  /** Content that is shown, with the hashes of what it was made from where that is known. */
  | {
      readonly type: "shown";
      readonly what: readonly { readonly sha256: string; readonly from?: readonly string[] }[];
    }
  | {
      readonly type: "item";
      /** SHA-256 of the item's bytes. */
      readonly sha256: string;
      readonly name: string;
      readonly licenceClass: LicenceClass;
      readonly licence?: string;
      /** Title, author, source, evidence: JSON. */
      readonly detail: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: "dataset";
      /** SHA-256 of the canonical manifest. */
      readonly sha256: string;
      readonly name: string;
      readonly mode: ComplianceMode;
      readonly policyVersion: string;
      readonly items: readonly string[];
      readonly excluded: number;
      readonly licenceClass: LicenceClass;
    }
  | {
      readonly type: "training";
      readonly name: string;
      readonly base: string;
      readonly dataset: string;
      readonly steps: number;
      /** SHA-256 of the LoRA file. */
      readonly result: string;
      readonly losses: readonly number[];
      readonly licenceClass: LicenceClass;
      readonly facts: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: "metric";
      readonly name: string;
      readonly value: number;
      readonly facts?: Readonly<Record<string, unknown>>;
    }
  | { readonly type: "param"; readonly name: string; readonly value: unknown }
  | {
      readonly type: "response";
      readonly request: string;
      readonly occurrence: number;
      readonly status: number;
      readonly body: ArtifactRef;
    };

/** A network of a model that is open in memory. */
export interface OpenNetwork {
  /** Id of its model. */
  readonly model: string;
  /** Which part of the model: `unet`, `text encoder`. */
  readonly part: string;
  /** Size of its weights in bytes. What ONNX Runtime needs to run it comes on top and is not known. */
  readonly bytes: number;
}

/** A question to the person in front of the notebook. */
export interface Prompt {
  readonly kind: "input" | "confirm" | "secret";
  readonly message: string;
}

/** All that the SDK knows of its surroundings. `cells/entry` binds one per execution; outside a kernel a default prints to the console. */
export interface CellContext {
  readonly mode: ComplianceMode;
  /** The notebook's seed. */
  readonly seed: number;
  /** Names the stream of random numbers of this cell: hash of notebook seed, cell id and parameters. */
  readonly randomKey: string;
  /** The folder that holds `records.sqlite` and `artifacts/`. */
  readonly storeFolder: string;
  /** The notebook's folder; relative paths in a cell start here. */
  readonly baseFolder: string;
  /** Fires when the cell is interrupted. */
  readonly signal: AbortSignal;
  /** Media below this many bytes stay inside the output. */
  readonly inlineLimit: number;
  /** Parameters that the run was given, by name. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly emit: (output: Output) => void;
  readonly record: (event: RecordEvent) => void;
  readonly ask: (prompt: Prompt) => Promise<string>;
  /** The end of the cell waits for this: what is still being made for its output. */
  readonly settle?: (work: Promise<unknown>) => void;
  /** Tells which networks are open now; absent where nobody wants to know. */
  readonly networks?: (open: readonly OpenNetwork[]) => void;
}
