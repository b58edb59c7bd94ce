import type { ComplianceMode, LicenceClass } from "./compliance.ts";
import type { ExecutionRecord, ExecutionSummary } from "./record.ts";

/* What a front end asks about records, beside a running notebook or without one. */

/** Which store: the chosen folder, else the one that is found from `from` upwards. */
export interface StorePlace {
  /** Absolute folder of the notebook or of the workspace. */
  readonly from: string;
  /** Folder chosen by the setting. */
  readonly store?: string;
  /** Root of the workspace that the editor has open. */
  readonly workspace?: string;
}

export interface RecordQuery extends StorePlace {
  /** Notebook id, or a part of the notebook's path. */
  readonly notebook?: string;
  /** Notebook id exactly. */
  readonly notebookId?: string;
  readonly status?: ExecutionSummary["state"];
  readonly mode?: ComplianceMode;
  /** Only executions whose outputs break their mode. */
  readonly violating?: boolean;
  /** Words that all occur in the source, the notebook's path, an id, or the facts (prompts and the like) of what was made. */
  readonly text?: string;
  /** Only executions that began at this time (ISO 8601) or later. */
  readonly since?: string;
  /** Only executions that began before this time. */
  readonly until?: string;
  /** Only executions older than this one, for the next page. */
  readonly before?: string;
  readonly limit: number;
}

/** A record in a list. */
export interface ListedRecord extends ExecutionSummary {
  /** Of a search: the line in which a word was found, cut to 160 characters: a prompt, a line of the source. */
  readonly excerpt?: string;
}

export interface RecordPage {
  /** The store's folder; it need not exist. */
  readonly folder: string;
  /** The newest first. Sources are cut to 400 characters. */
  readonly items: readonly ListedRecord[];
  /** Whether there are older ones. */
  readonly more: boolean;
}

/** What groups of records are narrowed to. */
export interface GroupQuery extends StorePlace, Pick<RecordQuery, "status" | "mode" | "violating"> {}

/** The records of one notebook, counted. */
export interface NotebookRecords {
  readonly notebookId: string;
  /** Where the notebook lay when it ran last. */
  readonly notebookPath: string;
  readonly records: number;
  /** When its newest record began. */
  readonly lastAt: string;
}

/** The records of one day of a notebook, counted. */
export interface NotebookDay {
  /** Midnight of the kernel's time zone at which it begins and ends, as ISO 8601 in UTC. */
  readonly since: string;
  readonly until: string;
  readonly records: number;
}

/** A data set that some execution built; the same content counts once. */
export interface DatasetSummary {
  /** SHA-256 of the canonical manifest. */
  readonly sha256: string;
  readonly name: string;
  readonly mode: ComplianceMode;
  readonly policyVersion: string;
  readonly size: number;
  readonly excluded: number;
  readonly licenceClass: LicenceClass;
  /** The newest execution that built it. */
  readonly executionId: string;
  /** How many items each licence class has. */
  readonly classes: readonly { readonly licenceClass: LicenceClass; readonly items: number }[];
}

/** One item of a data set. */
export interface DatasetItem {
  readonly sha256: string;
  readonly name: string;
  readonly licenceClass: LicenceClass;
  readonly licence: string | null;
  /** Title, author, source and evidence as they were collected. */
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface DatasetItemQuery extends StorePlace {
  readonly dataset: string;
  readonly licenceClass?: LicenceClass;
  readonly offset: number;
  readonly limit: number;
}

/** JSON-RPC methods `records/<name>`: parameters and result of each. */
export interface RecordMethods {
  readonly list: { readonly params: RecordQuery; readonly result: RecordPage };
  /** Notebooks with records, the one that ran last first. An open record whose session died counts among those that are `running` and `crashed`. */
  readonly notebooks: { readonly params: GroupQuery; readonly result: readonly NotebookRecords[] };
  /** Days on which a notebook ran, the last first. */
  readonly days: {
    readonly params: GroupQuery & { readonly notebookId: string };
    readonly result: readonly NotebookDay[];
  };
  /** `id` may be shortened, or a content id. Fails with `record.unknown` or `record.ambiguous`. */
  readonly show: { readonly params: StorePlace & { readonly id: string }; readonly result: ExecutionRecord };
  /**
   * Writes the record with what it depends on: a path that ends in `.json` gets one file (an existing one is replaced), any other a new folder with
   * the artifacts. Fails with `store.exists`, or when a file cannot be written.
   */
  readonly export: {
    readonly params: StorePlace & { readonly id: string; readonly out: string };
    readonly result: { readonly records: number; readonly artifacts: number; readonly missing: number };
  };
  /** Data sets, the newest first. */
  readonly datasets: { readonly params: StorePlace; readonly result: readonly DatasetSummary[] };
  readonly datasetItems: { readonly params: DatasetItemQuery; readonly result: readonly DatasetItem[] };
}
