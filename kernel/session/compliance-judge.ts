import { z } from "zod";
import { classPhrase, modePhrase } from "../protocol/classes.ts";
import { type ComplianceMode, type LicenceClass, licenceClass } from "../protocol/compliance.ts";
import type { Breach } from "../protocol/lineage.ts";
import type { ComplianceItem } from "../protocol/outputs.ts";
import {
  ComplianceError,
  complianceItem,
  defaultPolicy,
  gateModel,
  type JudgedItem,
  type ModelStanding,
  modeWithin,
  type Policy,
  type Standing,
  unknownLicence,
  verdict,
} from "../sdk/compliance/index.ts";
import type { Artifacts } from "../store/artifacts.ts";
import type { RecordDatabase } from "../store/database.ts";
import { itemGroupsOf } from "../store/item-groups.ts";
import { type DatasetRow, type ItemRow, type Known, openProvenance, type Provenance } from "../store/provenance.ts";
import type { ParticipantRow } from "../store/rows.ts";
import type { LatestEntries } from "./latest-entries.ts";

/** Something among the sources of an output that a mode does not admit, with the items to show. */
export interface Offence {
  readonly breach: Breach;
  /** What is refused, with its evidence; of many the first. */
  readonly items: readonly ComplianceItem[];
  /** What to say of where it comes from: "built in mode “Full dataset”, study.ipynb cell 3". */
  readonly where: string;
  /** Names of the LoRAs over which it came. */
  readonly through: readonly string[];
}

/** Items that one offence shows at most, names of examples in words, and contents that are looked up for one output. */
const most = { items: 50, examples: 3, contents: 2000 };

/** Data sets that were judged, by mode and hash: asking again costs as much as it has items. */
export type JudgedDatasets = LatestEntries<{
  readonly offence: Omit<Offence, "through"> | undefined;
  /** Its items that executions made. */
  readonly made: readonly string[];
}>;

export interface JudgeOptions {
  readonly mode: ComplianceMode;
  /** What was made after this execution does not count. */
  readonly upTo: string;
  readonly datasets: JudgedDatasets;
}

interface Source {
  readonly database: RecordDatabase;
  readonly provenance: Provenance;
}

/** Finds what lies behind some content in the records of stores, and asks the rules of compliance about it. */
export class ComplianceJudge {
  readonly #sources: readonly Source[];
  readonly #artifacts: Artifacts;
  readonly #mode: ComplianceMode;
  readonly #datasets: JudgedDatasets;

  constructor(databases: readonly RecordDatabase[], artifacts: Artifacts, { mode, upTo, datasets }: JudgeOptions) {
    this.#sources = databases.map((database) => ({ database, provenance: openProvenance(database, upTo) }));
    this.#artifacts = artifacts;
    this.#mode = mode;
    this.#datasets = datasets;
  }

  /** What the mode does not admit among all that some content comes from, itself included; `undefined` where no record knows it. */
  offencesOf(sha256: string): Offence[] | undefined {
    const offences: Offence[] = [];
    const seen = new Set([sha256]);
    const queue: { sha256: string; through: readonly string[] }[] = [{ sha256, through: [] }];
    let known = false;
    for (let at = 0; at < queue.length && at < most.contents; at++) {
      const step = queue[at]!;
      const found = this.#find(step.sha256);
      if (!found) continue;
      known = true;
      const [source, content] = found;
      const offence = this.#judge(source, step.sha256, content);
      if (offence) offences.push({ ...offence, through: step.through });
      const isLora = content.kind === "made" && content.made.role === "lora";
      const through = isLora ? [...step.through, content.made.name] : step.through;
      for (const next of this.#sourcesOf(source, content)) {
        if (seen.has(next)) continue;
        seen.add(next);
        queue.push({ sha256: next, through });
      }
    }
    return known ? offences : undefined;
  }

  /** Who made it tells more than who used it, whichever store that stands in. */
  #find(sha256: string): [Source, Known] | undefined {
    let used: [Source, Known] | undefined;
    for (const source of this.#sources) {
      const known = source.provenance.known(sha256);
      if (known && known.kind !== "used") return [source, known];
      if (known) used ??= [source, known];
    }
    return used;
  }

  #judge(source: Source, sha256: string, known: Known): Omit<Offence, "through"> | undefined {
    switch (known.kind) {
      case "dataset":
        return this.#datasetOf(source, known.dataset).offence;
      case "item":
        return this.#judgeItem(known.item);
      case "used":
        return this.#judgeModel(sha256, known.used);
      case "made":
        // What it was made from is judged instead, where that is known.
        return known.sources.length === 0 ? this.#judgeModel(sha256, known.made) : undefined;
      case "derived":
        return undefined;
    }
  }

  #sourcesOf(source: Source, known: Known): readonly string[] {
    if (known.kind === "made" || known.kind === "derived") return known.sources;
    return known.kind === "dataset" ? this.#datasetOf(source, known.dataset).made : [];
  }

  #datasetOf(source: Source, dataset: DatasetRow) {
    const key = `${this.#mode} ${dataset.sha256}`;
    const known = this.#datasets.get(key);
    if (known) return known;
    const made = source.provenance.madeItemsOf(dataset, most.contents);
    const judged = { offence: this.#judgeDataset(source, dataset), made };
    this.#datasets.set(key, judged);
    return judged;
  }

  /** A data set of this mode or a narrower one holds what its own policy admits here. Of a wider one every standing is asked for. */
  #judgeDataset({ database, provenance }: Source, dataset: DatasetRow): Omit<Offence, "through"> | undefined {
    if (modeWithin(dataset.mode as ComplianceMode, this.#mode)) return undefined;
    const policy = this.#policyOf(dataset);
    const refused = itemGroupsOf(database, dataset).flatMap((group) => {
      const found = verdict(standingOf(group.licence, group.opt_outs), this.#mode, policy);
      return found.admitted ? [] : [{ group, rule: found.rule, reason: found.reason }];
    });
    if (refused.length === 0) return undefined;
    const reasons = Map.groupBy(refused, ({ rule, reason }) => JSON.stringify([rule, reason]));
    const rows = (groups: typeof refused, count: number) =>
      groups
        .flatMap(({ group }) => JSON.parse(group.examples) as number[])
        .sort((a, b) => a - b)
        .slice(0, count)
        .flatMap((position) => provenance.itemAt(dataset, position) ?? []);
    const breach: Breach = {
      ...{ sha256: dataset.sha256, role: "dataset", name: dataset.name },
      refused: refused.reduce((sum, { group }) => sum + group.items, 0),
      of: dataset.size,
      reasons: [...reasons.values()]
        .map((alike) => ({
          ...{ rule: alike[0]!.rule, reason: alike[0]!.reason },
          items: alike.reduce((sum, { group }) => sum + group.items, 0),
          examples: rows(alike, most.examples).map(({ name }) => name),
        }))
        .sort((a, b) => b.items - a.items),
    };
    const each = Math.max(1, Math.floor(most.items / reasons.size));
    const items = [...reasons.values()].flatMap((alike) => rows(alike, each)).slice(0, most.items);
    return {
      breach,
      items: items.map((row) => this.#shown(row, policy)),
      where: `built in ${modePhrase(dataset.mode as ComplianceMode)}, ${cellOf(database, dataset.execution_id)}`,
    };
  }

  #judgeItem(row: ItemRow): Omit<Offence, "through"> | undefined {
    const item = judgedItem(row);
    const { admitted, rule, reason } = verdict(item, this.#mode);
    if (admitted) return undefined;
    const reasons = [{ rule, reason, items: 1, examples: [row.name] }];
    return {
      breach: { sha256: row.sha256, role: "item", name: row.name, refused: 1, of: 1, reasons },
      items: [this.#shown(row, defaultPolicy)],
      where: "",
    };
  }

  /** A model or a LoRA of which only its own class is known. */
  #judgeModel(sha256: string, row: ParticipantRow): Omit<Offence, "through"> | undefined {
    if (row.role !== "model" && row.role !== "lora") return undefined;
    const role: "model" | "lora" = row.role;
    const known = licenceClass.safeParse(row.licence_class);
    const standing: ModelStanding = {
      ...{ id: row.name, kind: role === "model" ? "base" : role },
      licenceClass: known.success ? known.data : "unknown",
    };
    const refusals = (mode: ComplianceMode) => refusalOf(() => gateModel(standing, mode));
    const refusal = refusals(this.#mode);
    if (!refusal) return undefined;
    const { rule, reason } = refusal;
    const item: JudgedItem = {
      ...{ id: `${role === "model" ? "base model" : "LoRA"} ${row.name}`, bytes: row.bytes, about: {} },
      ...{ licence: ofClass(standing.licenceClass, reason), optOuts: [], evidence: [], marks: [] },
    };
    const inMode = (mode: ComplianceMode) => {
      const refused = refusals(mode);
      return refused
        ? { admitted: false, ...refused, alternative: null }
        : {
            admitted: true,
            rule: "mode.class",
            reason: `${modePhrase(mode)} admits ${classPhrase(standing.licenceClass)}`,
            alternative: null,
          };
    };
    return {
      breach: {
        ...{ sha256, role, name: row.name, refused: 1, of: 1 },
        reasons: [{ rule, reason, items: 1, examples: [] }],
      },
      items: [complianceItem(item, this.#mode, inMode(this.#mode), inMode)],
      where: "",
    };
  }

  #shown(row: ItemRow, policy: Policy): ComplianceItem {
    const item = judgedItem(row);
    return complianceItem(item, this.#mode, verdict(item, this.#mode, policy), (other) => verdict(item, other, policy));
  }

  /** The policy that a data set was built with: a changed one stands in its manifest. */
  #policyOf({ sha256, policy_version: version }: DatasetRow): Policy {
    if (version === defaultPolicy.version) return defaultPolicy;
    try {
      const { policy } = manifestPolicy.parse(JSON.parse(this.#artifacts.get(sha256).toString("utf8")));
      return policy.version === version ? { ...defaultPolicy, ...(policy as Partial<Policy>) } : defaultPolicy;
    } catch {
      return defaultPolicy;
    }
  }
}

const manifestPolicy = z.object({
  policy: z.object({
    version: z.string(),
    excludeFlags: z.array(z.string()),
    excludeJurisdictions: z.array(z.string()),
    optOuts: z.object({ modes: z.array(z.string()), overriddenBy: z.array(z.string()) }),
  }),
});

/** Why a gate refuses; nothing where it opens. */
function refusalOf(gate: () => unknown): { readonly rule: string; readonly reason: string } | undefined {
  try {
    gate();
    return undefined;
  } catch (error) {
    if (!(error instanceof ComplianceError)) throw error;
    return { rule: error.rule, reason: error.reason.replace(/ \(rule [^)]*\)$/, "") };
  }
}

/** What the store tells of an item's standing. What cannot be read is unknown. */
function standingOf(licence: string | null, optOuts: string): Standing {
  const read: unknown = licence === null ? undefined : JSON.parse(licence);
  const isLicence =
    typeof read === "object" &&
    read !== null &&
    "licenceClass" in read &&
    licenceClass.safeParse(read.licenceClass).success &&
    "flags" in read;
  return {
    licence: isLicence ? (read as Standing["licence"]) : unknownLicence("the records hold nothing of its licence"),
    optOuts: JSON.parse(optOuts) as Standing["optOuts"],
  };
}

function judgedItem({ name, detail }: ItemRow): JudgedItem {
  const {
    licence,
    optOuts = [],
    evidence = [],
    marks = [],
    bytes = 0,
    ...about
  } = JSON.parse(detail) as Partial<JudgedItem & JudgedItem["about"]>;
  const standing = standingOf(JSON.stringify(licence ?? null), JSON.stringify(optOuts));
  return { id: name, bytes, about, evidence, marks, ...standing };
}

function ofClass(licenceClass: LicenceClass, reason: string): Standing["licence"] {
  return { ...unknownLicence(reason), licenceClass };
}

/** "study.ipynb cell 3". */
function cellOf(database: RecordDatabase, executionId: string): string {
  const row = database
    .prepare<[string], { path: string; cell: number }>(
      `select s.notebook_path as path, e.cell_index as cell from executions e join sessions s on s.id = e.session_id where e.id = ?`,
    )
    .get(executionId);
  return row ? `${row.path.split(/[/\\]/).at(-1)} cell ${row.cell}` : "by another store";
}
