import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { installJupyter } from "../support/jupyter/install.ts";
import { runScript } from "../support/jupyter/python.ts";

/** Each kind of message of the protocol, sent and judged by Debian's jupyter_client, in one kernel. */
const jupyter = await installJupyter();
const folder = mkdtempSync(join(tmpdir(), "assay-protocol-"));
after(() => {
  jupyter[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly iopub: readonly string[];
  readonly reply: Readonly<Record<string, unknown>>;
}

const walks = new Map<string, unknown>();
for await (const line of runScript("protocol.py", { kernel: "assay", folder }, jupyter.env)) {
  const { name, seen } = line as { name: string; seen: unknown };
  walks.set(name, seen);
}

function walk<T>(name: string): T {
  const seen = walks.get(name);
  assert.ok(typeof seen === "string" || (typeof seen === "object" && seen !== null), `${name} was not reached`);
  assert.ok(typeof seen === "string" || !("failed" in seen), JSON.stringify(seen));
  return seen as T;
}

const around = (...outputs: string[]) => ["status busy", "execute_input", ...outputs, "status idle"];

describe("the Jupyter protocol", () => {
  test("the kernel introduces itself", () => {
    const { reply, type, iopub } = walk<Run & { type: string }>("info");
    assert.equal(type, "kernel_info_reply");
    assert.deepEqual(iopub, ["status busy", "status idle"]);
    assert.equal(reply.protocol_version, "5.4");
    const { name, file_extension } = reply.language_info as Record<string, unknown>;
    assert.deepEqual([name, file_extension], ["typescript", ".ts"]);
  });
  test("a cell's input, output and result come between busy and idle", () => {
    const { iopub, reply } = walk<Run>("execute");
    assert.deepEqual(iopub, around("stdout out\n", "stderr err\n", "execute_result 42"));
    assert.deepEqual([reply.status, reply.execution_count], ["ok", 1]);
  });
  test("silent and unstored cells count for nothing, and silent ones say nothing", () => {
    const seen = walk<{ silent: Run; unstored: Run; counts: number[] }>("silent");
    assert.deepEqual(seen.silent.iopub, ["status busy", "status idle"]);
    assert.equal(seen.silent.reply.status, "ok");
    assert.deepEqual(seen.unstored.iopub, around("execute_result 5"));
    assert.deepEqual(seen.counts, [2, 3]);
  });
  test("user expressions are evaluated after the cell", () => {
    const { good, bad } = walk<Record<"good" | "bad", Record<string, unknown>>>("expressions");
    assert.deepEqual(good, { status: "ok", data: { "text/plain": "42" }, metadata: {} });
    assert.deepEqual([bad.status, bad.ename], ["error", "ReferenceError"]);
  });
  test("an error aborts what waits, unless the client does not want that", () => {
    assert.deepEqual(walk("stop_on_error"), { stop: ["error", "aborted"], on: ["error", "ok"] });
  });
  test("a cell that comes while the compiler looks at a failed one runs, and what the compiler says still comes", () => {
    const { statuses, told } = walk<{ statuses: string[]; told: string[] }>("next_after_error");
    assert.deepEqual(statuses, ["error", "ok"]);
    assert.match(told.join("\n"), /^stderr cell #\d+:1:7 TS2322: Type 'string' is not assignable/m);
  });
  test("what the compiler says of a cell among many that come without a pause still comes, with its cell", () => {
    assert.match(walk<string[]>("without_a_pause").join("\n"), /^stderr cell #\d+:1:7 TS2322: /m);
  });
  test("completion counts in code points and knows executed cells", () => {
    const { reply } = walk<Run>("complete");
    assert.deepEqual([reply.matches, reply.cursor_start, reply.cursor_end], [["books"], 11, 13]);
  });
  test("inspection gives plain text and Markdown", () => {
    const { found, nothing } =
      walk<Record<"found" | "nothing", { found: boolean; data: Record<string, string> }>>("inspect");
    assert.ok(found.found);
    assert.match(found.data["text/plain"] ?? "", /^function parseInt\(string: string/);
    assert.match(found.data["text/markdown"] ?? "", /^```typescript\nfunction parseInt/);
    assert.equal(nothing.found, false);
  });
  test("a console learns whether a text is complete", () => {
    const seen = walk<Record<string, { status: string; indent?: string }>>("is_complete");
    assert.deepEqual(Object.fromEntries(Object.entries(seen).map(([text, { status }]) => [text, status])), {
      "1 + 1": "complete",
      "function f() {": "incomplete",
      "let = = 3": "invalid",
      "`open": "incomplete",
      "const t = {\n  a: 1,": "incomplete",
      "enum E { A }": "complete",
      "if (x)": "incomplete",
      "/* on": "incomplete",
    });
    assert.equal(seen["function f() {"]?.indent, "  ");
  });
  test("history by tail, range and search", () => {
    const seen = walk<Record<"tail" | "range" | "search" | "output", [number, number, unknown][]>>("history");
    const inputs = (list: [number, number, unknown][]) => list.map(([, , input]) => input);
    assert.deepEqual(inputs(seen.tail), ["'straw'", "'needle two'"]);
    assert.match(String(inputs(seen.range)[0]), /^const first: number = 41/);
    assert.deepEqual(inputs(seen.search), ["'needle one'", "'needle two'"]);
    assert.deepEqual(inputs(seen.output), [["'needle two'", "'needle two'"]]);
  });
  test("comms that nobody knows are closed", () => {
    assert.deepEqual(walk("comm"), { closes: ["c1"], info: { status: "ok", comms: {} } });
  });
  test("questions go to the client that ran the cell", () => {
    type Asked = Run & { question: { content: unknown; ours: boolean } };
    const seen = walk<Record<"input" | "secret" | "confirm" | "refused" | "next", Asked>>("input");
    assert.deepEqual(seen.input.question, { content: { prompt: "Who? ", password: false }, ours: true });
    assert.ok(seen.input.iopub.includes("execute_result 'hello Ada'"));
    assert.deepEqual(seen.secret.question.content, { prompt: "Key? ", password: true });
    assert.ok(seen.secret.iopub.includes("execute_result 6"));
    assert.ok(seen.confirm.iopub.includes("execute_result true"));
    assert.match(String(seen.refused.reply.evalue), /takes no questions \(allow_stdin is false\)/);
    assert.deepEqual(seen.next.iopub, around("execute_result 'still here'"));
  });
  test("a display is updated in place", () => {
    assert.deepEqual(walk("display"), { iopub: ["display_data 1", "update_display_data 2"], same: true });
  });
  test("a late line carries the header of the cell that caused it", () => {
    const { late, second } = walk<{ late: [string, boolean][]; second: string[] }>("late");
    assert.deepEqual(late, [["late line\n", true]]);
    assert.deepEqual(second, around("execute_result 'second'"));
  });
  test("an interrupt, as a message or a signal, stops the cell and keeps the variables", () => {
    const { kept, ...statuses } = walk<Record<string, unknown>>("interrupt");
    assert.deepEqual(statuses, {
      loop: "error",
      await: "error",
      "loop after await": "error",
      "a model's run": "error",
      "behind that run": "error",
      signal: "error",
    });
    assert.deepEqual(kept, around("execute_result 7"));
  });
  test("the kernel answers while a cell runs", () => assert.equal(walk("busy"), "kernel_info_reply"));
  test("what is no message, or unknown, ends nothing", () => {
    const seen = walk<Record<string, unknown>>("malformed");
    assert.deepEqual(seen.odd, ["strange_reply", "error"]);
    assert.equal(seen.wrong, "ok");
    const { success, request_seq, message } = seen.debug as Record<string, unknown>;
    assert.deepEqual([success, request_seq, message], [false, 3, "This kernel has no debugger"]);
    assert.deepEqual(seen.alive, around("execute_result 'alive'"));
    assert.equal(seen.beating, true);
  });
  test("a cell that ends its process ends neither kernel nor connection", () => {
    const { status, ename, next } = walk<{ status: string; ename: string; next: Run }>("crash");
    assert.deepEqual([status, ename], ["error", "KernelCrash"]);
    assert.deepEqual(next.iopub, around("execute_result 'undefined'"));
  });
  test("a restart forgets the variables", () => {
    assert.deepEqual(walk<{ gone: Run }>("restart").gone.iopub, around("execute_result 'undefined'"));
  });
});
