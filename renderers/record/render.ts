import type { ExecutionRecord } from "../../kernel/protocol/record.ts";
import type { RecordOutput } from "../../kernel/protocol/record-output.ts";
import {
  copyButton,
  formatBytes,
  formatCount,
  formatDuration,
  formatItems,
  formatTime,
  h,
  type IconName,
  icon,
  licenceChip,
  modeChip,
  numberFormat,
  type Shown,
  type Surroundings,
  violationNotice,
} from "../mount.ts";
import { lineageOf } from "./lineage.ts";
import { lineageGraph } from "./lineage-graph.ts";

const states: Readonly<
  Record<ExecutionRecord["state"], { readonly tone: string; readonly icon: IconName; readonly text: string }>
> = {
  ok: { tone: "good", icon: "check", text: "ok" },
  error: { tone: "bad", icon: "close", text: "error" },
  crashed: { tone: "bad", icon: "warning", text: "crashed" },
  interrupted: { tone: "warn", icon: "minus", text: "interrupted" },
  aborted: { tone: "grey", icon: "minus", text: "aborted" },
  running: { tone: "info", icon: "next", text: "running" },
};

/** Draws the card of a record: what ran, from what, what came out, and under which conditions. */
export function renderRecord(
  root: HTMLElement,
  { record }: RecordOutput,
  { openRecord }: Pick<Surroundings, "openRecord">,
): Shown<RecordOutput> | undefined {
  root.classList.add("report");
  // Above all else, also above what is said of parts that could not be read.
  if (record.violation) root.prepend(violationNotice(record.violation.words));
  root.append(
    heading(record),
    facts(record),
    section("Source", h("pre", { class: "source", tabindex: "0" }, record.source)),
    lineageSection(record, openRecord),
    errorSection(record),
    metricsSection(record),
    datasetSection(record),
    trainingSection(record),
    outputSection(record),
    textSection("Standard output", record.stdout),
    textSection("Standard error", record.stderr),
    objectSection("Parameters", { ...record.parameters, ...record.params }),
    closureSection(record),
  );
  for (const empty of root.querySelectorAll(".nothing")) empty.remove();
  return undefined;
}

const nothing = () => h("span", { class: "nothing" });

function heading(record: ExecutionRecord): HTMLElement {
  const { tone, icon: name, text } = states[record.state];
  const file = record.notebookPath.split(/[/\\]/).at(-1) ?? record.notebookPath;
  return h(
    "div",
    { class: "head" },
    h("span", { class: "state", "data-tone": tone }, icon(name), text),
    h("h3", { class: "title" }, `${file}, cell ${record.cellIndex}`),
    modeChip(record.mode),
    record.stateDetail && h("span", { class: "sub" }, record.stateDetail),
    h(
      "div",
      { class: "tools" },
      copyButton("Copy id", () => record.executionId),
    ),
  );
}

function facts(record: ExecutionRecord): HTMLElement {
  const rows: [string, string | undefined][] = [
    ["Content", record.contentId ?? "not sealed"],
    ["Execution", record.executionId],
    ["Started", formatTime(record.startedAt)],
    ["Took", record.duration === null ? undefined : took(record.duration)],
    ["Peak memory", record.peakMemory === null ? undefined : formatBytes(record.peakMemory)],
    ["Seed", String(record.seed)],
    ["Policy", record.policyVersion],
    ["Run", `${record.executionCount} of kernel ${record.epoch}`],
    ["Environment", record.environment?.slice(0, 16)],
    ["Notebook", record.notebookPath],
  ];
  return h(
    "dl",
    { class: "facts" },
    rows
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
  );
}

function section(title: string, ...content: HTMLElement[]): HTMLElement {
  return h("section", {}, h("h4", {}, title), content);
}

function lineageSection(record: ExecutionRecord, openRecord: Surroundings["openRecord"]): HTMLElement {
  const lineage = lineageOf(record);
  return lineage ? section("Lineage", lineageGraph(lineage, record.violation?.breaches ?? [], openRecord)) : nothing();
}

function errorSection({ error }: ExecutionRecord): HTMLElement {
  if (!error) return nothing();
  const text = error.traceback.join("\n") || `${error.ename}: ${error.evalue}`;
  return section("Error", h("pre", { class: "error", tabindex: "0" }, withoutColours(text)));
}

function metricsSection({ metrics }: ExecutionRecord): HTMLElement {
  if (metrics.length === 0) return nothing();
  const rows = metrics.map(({ name, value, facts: more }) => [
    name,
    value === null ? "NaN" : numberFormat([value])(value),
    brief(more),
  ]);
  return section("Metrics", table(["Metric", "Value", "Facts"], rows, 1));
}

function datasetSection({ datasets }: ExecutionRecord): HTMLElement {
  if (datasets.length === 0) return nothing();
  const rows = datasets.map((one) => [
    one.name,
    modeChip(one.mode),
    formatCount(one.size),
    formatCount(one.excluded),
    licenceChip(one.licenceClass),
  ]);
  return section("Data sets", table(["Name", "Mode", "Items", "Excluded", "Class"], rows, 2, 3));
}

function trainingSection({ trainings }: ExecutionRecord): HTMLElement {
  if (trainings.length === 0) return nothing();
  const rows = trainings.map((one) => [
    one.name,
    one.base,
    formatCount(one.steps),
    one.losses.at(-1)?.toPrecision(4) ?? "",
    licenceChip(one.licenceClass),
  ]);
  return section("Trainings", table(["Name", "Base", "Steps", "Last loss", "Class"], rows, 2, 3));
}

function outputSection({ outputs }: ExecutionRecord): HTMLElement {
  if (outputs.length === 0) return nothing();
  const rows = outputs.map((one) => [
    one.late ? `${one.type}, late` : one.type,
    one.name,
    formatBytes(one.bytes),
    h("code", {}, one.sha256.slice(0, 12)),
  ]);
  return section("Outputs", table(["Kind", "Content", "Size", "SHA-256"], rows, 2));
}

function textSection(title: string, text: string): HTMLElement {
  if (text === "") return nothing();
  const lines = text.replace(/\n$/, "").split("\n");
  return h(
    "details",
    {},
    h("summary", {}, icon("chevron"), `${title}, ${formatItems(lines.length, "line")}`),
    h("pre", { tabindex: "0" }, withoutColours(text.length > 200_000 ? `${text.slice(0, 200_000)}…` : text)),
  );
}

function objectSection(title: string, values: Readonly<Record<string, unknown>>): HTMLElement {
  const entries = Object.entries(values);
  if (entries.length === 0) return nothing();
  return section(
    title,
    table(
      ["Name", "Value"],
      entries.map(([name, value]) => [name, brief(value)]),
    ),
  );
}

function closureSection({ closure }: ExecutionRecord): HTMLElement {
  if (closure.length === 0) return nothing();
  return h(
    "details",
    {},
    h("summary", {}, icon("chevron"), `Depends on ${formatItems(closure.length, "earlier execution")}`),
    h(
      "ul",
      { class: "closure" },
      closure.map((id) => h("li", {}, h("code", {}, id))),
    ),
  );
}

function table(
  head: readonly string[],
  rows: readonly (readonly (string | HTMLElement)[])[],
  ...right: number[]
): HTMLElement {
  const side = (column: number) => (right.includes(column) ? "right" : "");
  return h(
    "div",
    { class: "wide" },
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          head.map((name, i) => h("th", { scope: "col", class: side(i) }, name)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            row.map((cell, i) => h("td", { class: side(i) }, cell)),
          ),
        ),
      ),
    ),
  );
}

function brief(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  if (text === "{}") return "";
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function took(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : formatDuration(milliseconds / 1000);
}

/** Text without the colour codes of terminals. */
function withoutColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what begins such a code
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}
