import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { readConnectionFile } from "../../../kernel/jupyter/connection-file.ts";
import { jupyterNotebook } from "../../../kernel/jupyter/notebook.ts";
import { toCodePoints, toOffset } from "../../../kernel/jupyter/text-places.ts";

const folder = mkdtempSync(join(tmpdir(), "assay-connection-"));
after(() => rmSync(folder, { recursive: true }));

const good = { shell_port: 1, control_port: 2, iopub_port: 3, stdin_port: 4, hb_port: 5, ip: "127.0.0.1", key: "k" };

function written(content: unknown): string {
  const path = join(folder, "connection.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

describe("the connection file", () => {
  test("names the addresses, over TCP and IPC", () => {
    assert.equal(readConnectionFile(written(good)).addresses.iopub, "tcp://127.0.0.1:3");
    const ipc = readConnectionFile(
      written({ ...good, transport: "ipc", ip: "/tmp/k", signature_scheme: "hmac-sha512" }),
    );
    assert.deepEqual([ipc.addresses.shell, ipc.hash], ["ipc:///tmp/k-1", "sha512"]);
  });
  for (const [what, content, said] of [
    ["no JSON", "{", /it is not JSON/],
    ["a missing port", { ...good, hb_port: undefined }, /hb_port is missing/],
    ["another transport", { ...good, transport: "udp" }, /its transport is "udp"/],
    ["another scheme", { ...good, signature_scheme: "rot13" }, /signature_scheme is "rot13"/],
  ] as const)
    test(`${what} is named`, () => assert.throws(() => readConnectionFile(written(content)), said));
  test("a missing file is named", () => assert.throws(() => readConnectionFile(join(folder, "none")), /ENOENT/));
});

describe("the notebook of a Jupyter session", () => {
  const notebook = join(folder, "own.ipynb");
  writeFileSync(notebook, JSON.stringify({ metadata: { assay: { id: "own-id", mode: "full_dataset", seed: 9 } } }));

  test("is the one that the server or the user names", () => {
    for (const env of [
      { JPY_SESSION_NAME: notebook },
      { JPY_SESSION_NAME: "sub/own.ipynb" },
      { ASSAY_NOTEBOOK: "own.ipynb" },
    ]) {
      const { path, id, mode, seed } = jupyterNotebook(env, folder);
      assert.deepEqual([path, id, mode, seed], [notebook, "own-id", "full_dataset", 9]);
    }
  });
  test("has the defaults where the file says nothing that can be used", () => {
    writeFileSync(join(folder, "odd.ipynb"), '{ "metadata": { "assay": { "mode": "all", "seed": "x" } } }');
    for (const env of [
      {},
      { JPY_SESSION_NAME: "9f1c" },
      { ASSAY_NOTEBOOK: "odd.ipynb" },
      { ASSAY_NOTEBOOK: "none.ipynb" },
    ]) {
      const { mode, seed } = jupyterNotebook(env, folder);
      assert.deepEqual([mode, seed], ["open_source_only", 0]);
    }
  });
});

test("places count code points in Jupyter and UTF-16 units here", () => {
  const text = "a😀b𝒳c";
  const places = [0, 1, 3, 4, 6, 7];
  assert.deepEqual(
    places.map((offset) => toCodePoints(text, offset)),
    [0, 1, 2, 3, 4, 5],
  );
  for (const [codePoints, offset] of places.entries()) assert.equal(toOffset(text, codePoints), offset);
  assert.equal(toOffset(text, 99), text.length);
});
