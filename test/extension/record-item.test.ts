import "../support/vscode-stand-in/register.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ThemeIcon } from "vscode";
import type { ListedRecord } from "../../kernel/protocol/record-methods.ts";

const { firstLine, recordItem } = await import("../../extension/views/record-item.ts");

const record: ListedRecord = {
  executionId: "019a",
  contentId: null,
  notebookId: "n",
  notebookPath: "/project/study.ipynb",
  cellId: "c",
  cellIndex: 4,
  executionCount: 1,
  epoch: 1,
  sessionId: "s",
  startedAt: "2026-03-10T12:00:00.000Z",
  duration: 12,
  state: "ok",
  stateDetail: null,
  mode: "open_source_only",
  seed: 0,
  source: "display.images(images)",
  violationWords: null,
};
const words = "2 outputs of this cell come from what mode “Open source only” does not admit.";

function seen(changes: Partial<ListedRecord>) {
  const item = recordItem({ ...record, ...changes }, false);
  const { id, color } = item.iconPath as ThemeIcon;
  const tooltip = (item.tooltip as { value: string }).value;
  return {
    ...{ icon: id, colour: color?.id, said: item.accessibilityInformation?.label.split(":")[0] },
    ...{ first: String(item.description).split(" · ")[0], tells: tooltip.includes(words) },
  };
}

test("an execution whose outputs break its mode stands out by icon, colour and words, however it ended", () => {
  const marked = { icon: "warning", colour: "problemsWarningIcon.foreground", tells: true };
  const says = (what: string) => ({ ...marked, said: what, first: what });
  assert.deepEqual(seen({ violationWords: words }), says("breaks its mode"));
  assert.deepEqual(seen({ violationWords: words, state: "error" }), says("error, breaks its mode"));
  const sound = seen({});
  assert.deepEqual(
    { ...sound, first: "" },
    { icon: "pass", colour: "testing.iconPassed", said: "ok", first: "", tells: false },
  );
  assert.doesNotMatch(sound.first!, /breaks/);
});

test("an execution is told by the line that says most: no import, no comment, no lone bracket", () => {
  assert.equal(firstLine('import { data } from "assay";\n// Look.\n{\n  const n = 1;\n}'), "const n = 1;");
  assert.equal(firstLine("({ a: 1 })"), "({ a: 1 })");
  assert.equal(firstLine("{}"), "{}");
});
