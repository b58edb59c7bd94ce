import type { RecordEvent } from "../protocol/cell-context.ts";
import type { ComplianceMode } from "../protocol/compliance.ts";
import type { Violation } from "../protocol/lineage.ts";
import { assayMime } from "../protocol/mime.ts";
import type { ComplianceItem, ComplianceOutput, Output } from "../protocol/outputs.ts";
import { defaultPolicy } from "../sdk/compliance/index.ts";
import type { Artifacts } from "../store/artifacts.ts";
import type { RecordDatabase } from "../store/database.ts";
import { ComplianceJudge, type JudgedDatasets, type Offence } from "./compliance-judge.ts";
import { violationHtml, violationWords } from "./compliance-words.ts";
import { LatestEntries } from "./latest-entries.ts";

/** What the watch needs of a session. */
export interface WatchedSession {
  /** Lets `work` read the records as they are now, those of this session included; `undefined` where they cannot be read. */
  readonly read: <T>(work: (databases: readonly RecordDatabase[], artifacts: Artifacts) => T) => T | undefined;
  /** Adds an output to an execution. `late`: whether it ended before; the session knows unless it is told. */
  readonly emit: (executionId: string, output: Output, late?: boolean) => void;
}

/** Items on a card. */
const mostItems = 200;

interface Watched {
  readonly mode: ComplianceMode;
  /** By content hash of what is refused. */
  readonly offences: Map<string, Offence>;
  /** Outputs that have such a source. */
  readonly outputs: Set<string>;
  /** How many of them the card speaks of. */
  told: number;
}

/** Something that a cell made or showed, and what it was made from. */
interface MadeOutput {
  readonly sha256: string;
  readonly from: readonly string[];
}

/**
 * Sees what each execution makes and shows, looks up in the records where that comes from, and marks the execution whose mode does not admit it: a card
 * in the cell, updated in place, and a violation for the record. It stops nothing: that is for the gates of the SDK.
 */
export class ComplianceWatch {
  readonly #session: WatchedSession;
  readonly #watched = new LatestEntries<Watched>(200);
  /** What lies behind content, by mode and hash. Content of unknown origin is not kept: it may become known. */
  readonly #known = new LatestEntries<readonly Offence[]>(5000);
  readonly #datasets: JudgedDatasets = new LatestEntries(500);

  constructor(session: WatchedSession) {
    this.#session = session;
  }

  begin(executionId: string, mode: ComplianceMode): void {
    this.#watched.set(executionId, { mode, offences: new Map(), outputs: new Set(), told: 0 });
  }

  event(executionId: string, event: RecordEvent): void {
    const watched = this.#watched.get(executionId);
    if (!watched) return;
    const before = watched.offences.size;
    if (event.type === "shown") {
      // Where it is known what something was made from, that says all there is to say.
      const shown = event.what.map(({ sha256, from = [] }) => ({ sha256, from: from.length > 0 ? from : [sha256] }));
      this.#judge(executionId, watched, shown);
    } else if (event.type === "produced" && event.what.role !== "dataset" && event.from) {
      this.#judge(executionId, watched, [{ sha256: event.what.sha256, from: event.from }]);
    }
    if (watched.offences.size > before) this.#show(executionId, watched);
  }

  /** Brings the card up to date at the end of an execution, and tells what it broke. */
  end(executionId: string): Violation | undefined {
    const watched = this.#watched.get(executionId);
    if (!watched || watched.offences.size === 0) return undefined;
    if (watched.told !== watched.outputs.size) this.#show(executionId, watched, false);
    return violationOf(watched);
  }

  #judge(executionId: string, watched: Watched, outputs: readonly MadeOutput[]): void {
    const fresh = outputs.filter(({ sha256 }) => !watched.outputs.has(sha256));
    const offencesOf = this.#offences(executionId, watched.mode, new Set(fresh.flatMap(({ from }) => from)));
    for (const { sha256, from } of fresh) {
      for (const offence of from.flatMap((source) => offencesOf.get(source) ?? [])) {
        watched.outputs.add(sha256);
        if (!watched.offences.has(offence.breach.sha256)) watched.offences.set(offence.breach.sha256, offence);
      }
    }
  }

  /** What lies behind contents, by hash; the records are asked once for all that is not known yet. */
  #offences(executionId: string, mode: ComplianceMode, contents: ReadonlySet<string>) {
    const found = new Map<string, readonly Offence[]>();
    const unknown = [...contents].filter((sha256) => {
      const known = this.#known.get(`${mode} ${sha256}`);
      if (known) found.set(sha256, known);
      return !known;
    });
    if (unknown.length === 0) return found;
    this.#session.read((databases, artifacts) => {
      const judge = new ComplianceJudge(databases, artifacts, { mode, upTo: executionId, datasets: this.#datasets });
      for (const sha256 of unknown) {
        const offences = judge.offencesOf(sha256);
        if (!offences) continue;
        found.set(sha256, offences);
        this.#known.set(`${mode} ${sha256}`, offences);
      }
    });
    return found;
  }

  #show(executionId: string, watched: Watched, late?: boolean): void {
    const update = watched.told > 0;
    watched.told = watched.outputs.size;
    const { words } = violationOf(watched);
    const card: ComplianceOutput = {
      title: "Sources that the mode does not admit",
      mode: watched.mode,
      policyVersion: defaultPolicy.version,
      items: itemsOf(watched),
      violation: words,
    };
    const data = {
      [assayMime("compliance")]: card,
      "text/html": violationHtml(words),
      "text/plain": `WARNING: ${words}`,
    };
    const displayId = `compliance-${executionId}`;
    this.#session.emit(executionId, { type: "display", data, displayId, ...(update && { update }) }, late);
  }
}

function itemsOf({ offences }: Watched): ComplianceItem[] {
  const each = Math.max(1, Math.floor(mostItems / offences.size));
  return [...offences.values()].flatMap(({ items }) => items.slice(0, each)).slice(0, mostItems);
}

function violationOf({ mode, offences, outputs }: Watched): Violation {
  return {
    mode,
    policyVersion: defaultPolicy.version,
    words: violationWords(mode, outputs.size, [...offences.values()]),
    outputs: outputs.size,
    breaches: [...offences.values()].map(({ breach }) => breach),
  };
}
