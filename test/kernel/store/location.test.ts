import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { findStore, makeStore } from "../../../kernel/store/location.ts";
import { temporaryFolder } from "../../support/temporary.ts";

test("the store is the chosen folder, else the nearest .assay, else that of the git root, the workspace, the notebook", (t) => {
  const root = temporaryFolder(t);
  const from = join(root, "project", "notebooks", "deep");
  mkdirSync(from, { recursive: true });
  // A store that somebody left above the temporary folder is the nearest until there is a nearer one.
  const above = findStore({ from: dirname(root) });
  const stray = existsSync(above) ? above : undefined;
  assert.equal(findStore({ from }), stray ?? join(from, ".assay"));
  assert.equal(findStore({ from, workspace: root }), stray ?? join(root, ".assay"));
  mkdirSync(join(root, "project", ".git"));
  assert.equal(findStore({ from, workspace: root }), stray ?? join(root, "project", ".assay"));
  mkdirSync(join(root, ".assay"));
  assert.equal(findStore({ from, workspace: from }), join(root, ".assay"));
  mkdirSync(join(root, "project", "notebooks", ".assay"));
  assert.equal(findStore({ from }), join(root, "project", "notebooks", ".assay"));
  assert.equal(findStore({ from, chosen: join(root, "elsewhere") }), join(root, "elsewhere"));
});

test("a store keeps itself out of version control, and leaves a .gitignore that is there alone", (t) => {
  const folder = join(temporaryFolder(t), ".assay");
  makeStore(folder);
  assert.match(readFileSync(join(folder, ".gitignore"), "utf8"), /^\*$/m);
  writeFileSync(join(folder, ".gitignore"), "mine\n");
  makeStore(folder);
  assert.equal(readFileSync(join(folder, ".gitignore"), "utf8"), "mine\n");
});

test("a file where the store should be is named, with a remedy", (t) => {
  const path = join(temporaryFolder(t), "store");
  writeFileSync(path, "");
  assert.throws(() => makeStore(path), { code: "store.notFolder", input: path, remedy: /--store/ });
});
