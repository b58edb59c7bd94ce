import assert from "node:assert/strict";
import { test } from "node:test";
import { ProgressView } from "../../../kernel/cli/progress-view.ts";

/** A screen that keeps what was written. */
function screen(isTTY: boolean, columns = 60) {
  const written: string[] = [];
  return { write: (text: string) => written.push(text), isTTY, columns, written };
}

const progress = (text: string) => ({
  type: "display" as const,
  data: { "application/vnd.assay.progress.v1+json": {}, "text/plain": text },
  update: true,
});

test("without a terminal every event is a line, and nothing is written over", () => {
  const to = screen(false);
  using view = new ProgressView(to, 12);
  view.start(3, "// note\nconst a = 1;\na");
  view.output({ type: "stream", name: "stdout", text: "one\ntw" });
  view.output({ type: "stream", name: "stdout", text: "o\n" });
  view.output({ type: "result", data: { "text/plain": "42" } });
  view.output(progress("train 1/9"));
  view.end("✓");
  const text = to.written.join("");
  assert.match(text, /^\[ 3\/12\] const a = 1;\n {2}│ one\n {2}│ two\n {2}│ 42\n {2}✓ {2}train 1\/9 {2}\d+ ms\n$/);
  assert.ok(!text.includes("\r") && !text.includes("\u001b"));
});

test("on a terminal the line of progress never grows wider than the screen", () => {
  const to = screen(true, 40);
  using view = new ProgressView(to, 1);
  view.start(1, "const something = aRatherLongCall(withMany, arguments)");
  view.output(progress("train  ██████████░░░░░░░░░░ 10/20 steps · 4.5/s · loss 0.71"));
  view.end("✗", "error");
  for (const line of to.written.filter((one) => one.startsWith("\r") && one.length > 5))
    assert.ok(line.replace("\r\x1b[2K", "").length < 40, line);
  assert.match(to.written.at(-1) ?? "", /^✗ \[1\/1\] .* · error\n$/);
});
