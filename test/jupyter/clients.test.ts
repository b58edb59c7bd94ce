import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { installJupyter } from "../support/jupyter/install.ts";
import { ensureJupyterClients, runScript } from "../support/jupyter/python.ts";
import { assay, type NotebookJson, readJson, writeNotebook } from "../support/notebook.ts";

/** Programs that no one here wrote, as Debian packages them, with Assay's kernel. */
const jupyter = await installJupyter();
const folder = mkdtempSync(join(tmpdir(), "assay-clients-"));
after(() => {
  jupyter[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

const cells = [
  "interface Sum { readonly of: number[] }\nconst sum: Sum = { of: [1, 2, 3] };",
  "import { dirname } from 'node:path';\nconsole.log('in', dirname(import.meta.filename));\nsum.of.reduce((a, b) => a + b)",
  "throw new RangeError('on purpose');",
];

function makeNotebook(name: string, metadata: unknown = {}): string {
  const own = join(folder, name);
  mkdirSync(join(own, ".assay"), { recursive: true });
  return writeNotebook(own, cells, metadata);
}

async function first<T>(lines: AsyncGenerator<unknown>): Promise<T> {
  for await (const line of lines) return line as T;
  throw new Error("the script printed nothing");
}

/** The outputs without what differs from run to run. */
function outputsOf({ cells: all }: NotebookJson): unknown[] {
  return all.map(({ outputs = [] }) =>
    outputs.map((one) => {
      const { output_type: type, name, text, data, ename, evalue } = one as Record<string, unknown>;
      return type === "stream"
        ? [name, joined(text)]
        : type === "error"
          ? [ename, evalue]
          : [type, joined((data as Record<string, unknown>)["text/plain"])];
    }),
  );
}

const joined = (text: unknown) => (Array.isArray(text) ? text.join("") : String(text));
const expected = (own: string) => [
  [],
  [
    ["stdout", `in ${own}\n`],
    ["execute_result", "6"],
  ],
  [["RangeError", "on purpose"]],
];

describe("clients of others", () => {
  test("nbclient executes a notebook in its folder, and every cell is recorded", async () => {
    const path = makeNotebook("nbclient");
    const done = await first<NotebookJson>(runScript("execute_notebook.py", { path, kernel: "assay" }, jupyter.env));
    assert.deepEqual(outputsOf(done), expected(join(folder, "nbclient")));
    const { stdout } = await assay(["records", "list", "--json"], { cwd: join(folder, "nbclient") });
    const records = JSON.parse(stdout) as { state: string }[];
    assert.deepEqual(
      records.map(({ state }) => state),
      ["ok", "ok", "error"],
    );
  });
  test("jupyter nbconvert --execute writes the executed notebook", async () => {
    const path = makeNotebook("nbconvert", {
      kernelspec: { name: "assay", display_name: "TypeScript (Assay)", language: "typescript" },
    });
    const python = await ensureJupyterClients();
    await promisify(execFile)(
      python,
      ["-m", "nbconvert", "--to", "notebook", "--execute", "--allow-errors", "--output", "done.ipynb", path],
      { env: { ...process.env, ...jupyter.env } },
    );
    const done = readJson(join(folder, "nbconvert", "done.ipynb"));
    assert.deepEqual(outputsOf(done), expected(join(folder, "nbconvert")));
  });
  test("jupyter console takes lines, knows when one is not the last, and shows results", async () => {
    const seen = await first<Record<string, unknown>>(
      runScript("console.py", { kernel: "assay", folder }, { ...jupyter.env, TERM: "xterm" }),
    );
    assert.equal(seen.failed, undefined);
    assert.equal(seen.ended, true);
  });
  test("a server names the notebook: its mode, seed and cell ids are in the records", async () => {
    const path = makeNotebook("server", {
      assay: { id: "7a3f1f0e-0000-4000-8000-000000000001", mode: "research_safe", seed: 5 },
    });
    const sources = [
      { id: "alpha", source: "Math.random()" },
      { id: "beta", source: "Math.random()" },
      { id: "alpha", source: "Math.random()" },
    ];
    const results: unknown[] = [];
    for await (const seen of runScript("notebook_session.py", { kernel: "assay", path, cells: sources }, jupyter.env))
      results.push((seen as { result: unknown }).result);
    // The same cell starts its random numbers anew, another one has its own.
    assert.equal(results[0], results[2]);
    assert.notEqual(results[0], results[1]);
    const { stdout } = await assay(["records", "list", "--json"], { cwd: join(folder, "server") });
    const [record] = JSON.parse(stdout) as Record<string, unknown>[];
    const shown = await assay(["records", "show", String(record?.executionId), "--json"], {
      cwd: join(folder, "server"),
    });
    const text = shown.stdout;
    assert.match(text, /"research_safe"/);
    assert.match(text, /"seed": 5/);
    assert.match(text, /"alpha"/);
    assert.match(text, /7a3f1f0e-0000-4000-8000-000000000001/);
  });
  test("a kernel whose client was killed does not stay behind", { skip: process.platform === "win32" }, async () => {
    for await (const line of runScript("orphan.py", { kernel: "assay", folder }, jupyter.env)) {
      const pids = line as { kernel: number; self: number };
      process.kill(pids.self, "SIGKILL");
      for (let waited = 0; alive(pids.kernel); waited += 50) {
        assert.ok(waited < 30_000, "the kernel still runs");
        await pause(50);
      }
      return;
    }
    assert.fail("the client printed nothing");
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
