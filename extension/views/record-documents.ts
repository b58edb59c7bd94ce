import * as vscode from "vscode";
import type { ExecutionRecord } from "../../kernel/protocol/record.ts";
import type { Services } from "../kernel/services.ts";
import { storePlace } from "./store-place.ts";

/** Scheme of documents that are parts of a record. */
const scheme = "assay-record";

/** The parts of a record that are compared as text. */
const parts: Readonly<Record<string, (record: ExecutionRecord) => string>> = {
  "source.ts": (record) => `${record.source}\n`,
  "settings.json": (record) => `${JSON.stringify(settingsOf(record), null, 2)}\n`,
};

/** Gives the parts of records as documents that cannot be edited, read from the store when they are opened. */
export function provideRecordDocuments(services: Services): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    async provideTextDocumentContent(uri) {
      const asked = JSON.parse(uri.query) as NonNullable<ReturnType<typeof storePlace>> & { readonly id: string };
      return parts[uri.path.slice(1)]?.(await services.records("show", asked)) ?? "";
    },
  });
}

/** Opens the difference of two records: of their sources and of their settings, the equal ones left out. */
export async function compare(first: ExecutionRecord, second: ExecutionRecord): Promise<void> {
  // The older one stands on the left, as in version control.
  const [left, right] = first.executionId < second.executionId ? [first, second] : [second, first];
  const pairs = Object.keys(parts)
    .filter((part) => parts[part]!(left) !== parts[part]!(right))
    .map((part) => [documentOf(right, part), documentOf(left, part), documentOf(right, part)] as const);
  const [only] = pairs;
  if (!only) {
    const same = left.contentId !== null && left.contentId === right.contentId;
    void vscode.window.showInformationMessage(
      same
        ? "The records are of one content: equal source, settings, inputs and results."
        : "Source and settings are equal; inputs or results differ. Open both records to see which.",
    );
    return;
  }
  const sameDay = new Date(left.startedAt).toDateString() === new Date(right.startedAt).toDateString();
  const title = `${nameOf(left, sameDay)} ↔ ${nameOf(right, sameDay)}`;
  if (pairs.length === 1) await vscode.commands.executeCommand("vscode.diff", only[1], only[2], title);
  else await vscode.commands.executeCommand("vscode.changes", title, pairs);
}

function documentOf(record: ExecutionRecord, part: string): vscode.Uri {
  return vscode.Uri.from({
    scheme,
    // Equal on both sides: another path would read as a file that was renamed.
    path: `/${part}`,
    query: JSON.stringify({ ...storePlace(), id: record.executionId }),
  });
}

function nameOf({ cellIndex, startedAt }: ExecutionRecord, timeOnly: boolean): string {
  const style = timeOnly ? ({ timeStyle: "medium" } as const) : ({ dateStyle: "medium", timeStyle: "short" } as const);
  return `cell ${cellIndex}, ${new Date(startedAt).toLocaleString(undefined, style)}`;
}

/** All that two runs of one source can differ by, one fact per line, in an order that does not depend on the run. */
function settingsOf(record: ExecutionRecord): unknown {
  const { state, mode, seed, policyVersion, parameters, params, metrics, participants, environment } = record;
  const used = (direction: string) =>
    Object.fromEntries(
      participants
        .filter((one) => one.direction === direction)
        .map((one) => [`${one.role} ${one.name}`, one.sha256] as const)
        .sort(([a], [b]) => a.localeCompare(b)),
    );
  return {
    state,
    mode,
    seed,
    policyVersion,
    parameters,
    params,
    metrics: Object.fromEntries(metrics.map((one) => [one.name, one.value])),
    used: used("used"),
    produced: used("produced"),
    environment,
  };
}
