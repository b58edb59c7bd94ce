import type { TestContext } from "node:test";
import type { RecordEvent } from "../../kernel/protocol/cell-context.ts";
import type { ComplianceMode, LicenceClass } from "../../kernel/protocol/compliance.ts";
import type { Violation } from "../../kernel/protocol/lineage.ts";
import type { Output } from "../../kernel/protocol/outputs.ts";
import type { Licence, OptOut } from "../../kernel/sdk/compliance/index.ts";
import { unknownLicence } from "../../kernel/sdk/compliance/index.ts";
import { ComplianceWatch } from "../../kernel/session/compliance-watch.ts";
import { hashOf } from "../../kernel/store/canonical.ts";
import { recordingSession, startOf } from "./records.ts";

/** A store with a watch on what its executions make and show. */
export function watchedStore(t: TestContext) {
  const { recorder, artifacts, folder, read } = recordingSession(t);
  const outputs: Output[] = [];
  let reads = 0;
  const watch = new ComplianceWatch({
    read(work) {
      reads++;
      return recorder.reading?.((database) => work([database], artifacts));
    },
    emit: (_, output) => outputs.push(output),
  });
  /** Runs one execution that does these things; tells what it broke, and what was put out for it. */
  const run = (mode: ComplianceMode, ...events: readonly RecordEvent[]) => {
    outputs.length = 0;
    const id = recorder.begin(startOf("x", { mode }));
    watch.begin(id, mode);
    for (const event of events) {
      recorder.event(id, event);
      watch.event(id, event);
    }
    const violation: Violation | undefined = watch.end(id);
    recorder.seal(id, { status: "ok", ...(violation && { violation }) });
    recorder.flush();
    return { id, violation, outputs: [...outputs] };
  };
  return { run, artifacts, folder, read, reads: () => reads };
}

/** An item with a licence of this class, and what its author says of training. */
export function itemEvent(
  name: string,
  licenceClass: LicenceClass,
  {
    optOuts = [],
    licence = {},
    ...about
  }: {
    readonly optOuts?: readonly OptOut[];
    readonly licence?: Partial<Licence>;
    readonly [about: string]: unknown;
  } = {},
): RecordEvent {
  const detail = { ...about, optOuts, evidence: [], marks: [], bytes: 100 };
  const found = { ...unknownLicence(`it is ${licenceClass}`), licenceClass, ...licence };
  return { type: "item", sha256: hashOf(name), name, licenceClass, detail: { ...detail, licence: found } };
}

export const noai: OptOut = {
  ...{ signal: "noai", decision: "prohibited", detail: "noai" },
  evidence: { source: "page", field: "robots", value: "noai" },
};

/** The events of a data set of these items. */
export function datasetEvents(
  name: string,
  mode: ComplianceMode,
  items: readonly string[],
  { sha256 = hashOf(`set ${name}`), policyVersion = "assay-policy-1" } = {},
): RecordEvent[] {
  const what = { role: "dataset", name, sha256, bytes: 10 } as const;
  return [
    {
      type: "dataset",
      sha256,
      name,
      mode,
      policyVersion,
      items: items.map(hashOf),
      excluded: 0,
      licenceClass: "unknown",
    },
    { type: "produced", what, from: [] },
  ];
}

/** Something that was made from other things, by their names. */
export function madeEvent(role: "output" | "lora", name: string, from: readonly string[]): RecordEvent {
  return { type: "produced", what: { role, name, sha256: hashOf(name), bytes: 10 }, from: from.map(hashOf) };
}

/** A model or LoRA that was read. */
export function usedEvent(role: "model" | "lora", name: string, licenceClass: LicenceClass): RecordEvent {
  return { type: "used", what: { role, name, sha256: hashOf(name), bytes: 10, licenceClass } };
}

export function shownEvent(...names: readonly string[]): RecordEvent {
  return { type: "shown", what: names.map((name) => ({ sha256: hashOf(name) })) };
}
