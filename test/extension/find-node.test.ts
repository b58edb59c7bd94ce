import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { candidates, findNode, isNewEnough, type NodeSearch, NoNodeError } from "../../extension/kernel/find-node.ts";

/** A folder with an executable that says it is Node of a version. */
async function nodeIn(version: string, folder?: string): Promise<string> {
  const target = folder ?? (await mkdtemp(join(tmpdir(), "assay-node-")));
  await mkdir(target, { recursive: true });
  const file = join(target, "node");
  await writeFile(file, `#!/bin/sh\necho ${version}\n`);
  await chmod(file, 0o755);
  return target;
}

const search = (more: Partial<NodeSearch>): NodeSearch => ({
  setting: "",
  path: "",
  extensionFolder: "/nowhere",
  host: { command: "/opt/editor", version: "20.18.0" },
  ...more,
});

test("versions are compared by number", () => {
  assert.ok(isNewEnough("v22.18.0") && isNewEnough("22.19.1") && isNewEnough("v24.0.0"));
  assert.ok(!isNewEnough("v22.9.0") && !isNewEnough("20.20.2") && !isNewEnough("v9.99.99") && !isNewEnough("nonsense"));
});

test("the first on PATH is taken when it is new enough", { skip: process.platform === "win32" }, async () => {
  const folder = await nodeIn("v22.18.0");
  const found = await findNode(search({ path: ["/nowhere", folder].join(delimiter) }));
  assert.equal(found.command, join(folder, "node"));
  assert.equal(found.version, "22.18.0");
  assert.deepEqual(found.env, {});
});

test("an old one on PATH gives way to a newer one later on PATH", { skip: process.platform === "win32" }, async () => {
  const [old, good] = [await nodeIn("v18.19.0"), await nodeIn("v24.21.0")];
  const found = await findNode(search({ path: [old, good].join(delimiter) }));
  assert.equal(found.command, join(good, "node"));
  const all = await candidates(search({ path: [old, good].join(delimiter) }));
  assert.deepEqual(
    all.map(({ version }) => version),
    ["18.19.0", "24.21.0", "20.18.0"],
  );
});

test("an old one on PATH gives way to the package beside Assay, and that to the editor's own", {
  skip: process.platform === "win32",
}, async () => {
  const old = await nodeIn("v18.19.0");
  const extensionFolder = await mkdtemp(join(tmpdir(), "assay-extension-"));
  const host = { command: "/opt/editor", version: "24.1.0" };
  const own = await findNode(search({ path: old, extensionFolder, host }));
  assert.deepEqual([own.command, own.env], ["/opt/editor", { ELECTRON_RUN_AS_NODE: "1" }]);
  const beside = join(extensionFolder, "node_modules", `node-${process.platform}-${process.arch}`, "bin");
  await nodeIn("v24.21.0", beside);
  const found = await findNode(search({ path: old, extensionFolder, host }));
  assert.equal(found.command, join(beside, "node"));
});

test("a chosen Node that does not fit is refused, not passed over", {
  skip: process.platform === "win32",
}, async () => {
  const good = await nodeIn("v24.21.0");
  const old = join(await nodeIn("v20.20.2"), "node");
  await assert.rejects(findNode(search({ setting: old, path: good })), (error: Error) => {
    assert.ok(error instanceof NoNodeError);
    assert.match(error.message, /assay\.node\.path/);
    assert.match(error.message, /Node 20\.20\.2/);
    assert.match(error.message, /22\.18\.0 or newer/);
    return true;
  });
  await assert.rejects(findNode(search({ setting: "/nowhere/node", path: good })), /is not a Node executable/);
});

test("when nothing fits, the message names what was found", { skip: process.platform === "win32" }, async () => {
  const old = await nodeIn("v18.19.0");
  await assert.rejects(findNode(search({ path: old })), (error: Error) => {
    assert.match(error.message, /Node 18\.19\.0/);
    assert.match(error.message, /VS Code's own runtime \(Node 20\.18\.0\)/);
    return true;
  });
});
