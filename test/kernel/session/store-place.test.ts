import assert from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { jupyterNotebook } from "../../../kernel/jupyter/notebook.ts";
import { Session } from "../../../kernel/session/session.ts";
import { recordMethods } from "../../../kernel/store/record-methods.ts";
import { startKernel } from "../../support/kernel.ts";
import { assay, readJson, writeNotebook } from "../../support/notebook.ts";
import { temporaryFolder } from "../../support/temporary.ts";

test("every door comes to the same store for a notebook, wherever it is opened from", async (t) => {
  const root = temporaryFolder(t);
  const project = join(root, "project");
  const folder = join(project, "notebooks");
  const elsewhere = join(root, "elsewhere");
  for (const one of [folder, join(elsewhere, ".git"), join(elsewhere, ".assay")]) mkdirSync(one, { recursive: true });
  const path = writeNotebook(folder, ["1"], { assay: { id: "n" } });

  const doors = {
    "assay run from elsewhere": async () => {
      const { code, stderr } = await assay(["run", path, "-o", join(root, "out.ipynb")], { cwd: elsewhere });
      assert.equal(code, 0, stderr);
      assert.ok(readJson(join(root, "out.ipynb")).cells[0]);
      return join(project, ".assay");
    },
    "assay run with a relative path": async () => {
      const from = join(root, "elsewhere");
      const { code } = await assay(["run", relative(from, path), "-o", join(root, "out.ipynb")], { cwd: from });
      assert.equal(code, 0);
      return join(project, ".assay");
    },
    "the session of an editor": async () => {
      await using kernel = await startKernel({ path, id: "n", workspace: root });
      const { executionId } = await kernel.execute({ id: "cell-1", index: 1, source: "1" });
      const list = await kernel.request<{ folder: string; items: { executionId: string }[] }>("records/list", {
        from: folder,
        workspace: root,
        limit: 1,
      });
      assert.equal(list.items[0]?.executionId, executionId);
      return list.folder;
    },
    "a Jupyter server that tells the path from its own root": async () => {
      const notebook = jupyterNotebook({ JPY_SESSION_NAME: "project/notebooks/notebook.ipynb" }, folder);
      return new Session({ notebook }).storeFolder;
    },
    "a Jupyter client that tells nothing": async () =>
      new Session({ notebook: jupyterNotebook({}, folder) }).storeFolder,
    "a Jupyter client that is told by the user": async () =>
      new Session({ notebook: jupyterNotebook({ ASSAY_NOTEBOOK: path }, elsewhere) }).storeFolder,
    "the views of records": async () => {
      const list = recordMethods["records/list"]!({ from: folder, workspace: root, limit: 1 } as never);
      return ((await list) as { folder: string }).folder;
    },
  };

  mkdirSync(join(project, ".git"));
  mkdirSync(join(project, ".assay"));
  for (const [name, door] of Object.entries(doors)) assert.equal(await door(), join(project, ".assay"), name);
  assert.ok(existsSync(join(project, ".assay", "records.sqlite")));
  for (const wrong of [join(elsewhere, ".assay", "records.sqlite"), join(folder, ".assay"), join(root, ".assay")])
    assert.ok(!existsSync(wrong), wrong);
});

test("outside of git and without a store, the root of the workspace gets it", async (t) => {
  const root = temporaryFolder(t);
  const folder = join(root, "a", "b");
  mkdirSync(folder, { recursive: true });
  const notebook = { path: join(folder, "n.ipynb"), id: "n", mode: "open_source_only", seed: 0 } as const;
  const own = new Session({ notebook }).storeFolder;
  // Somebody's store above the folder for temporary files comes first.
  if (own !== join(folder, ".assay")) return t.skip(`${own} is the nearest`);
  assert.equal(new Session({ notebook: { ...notebook, workspace: root } }).storeFolder, join(root, ".assay"));
});
