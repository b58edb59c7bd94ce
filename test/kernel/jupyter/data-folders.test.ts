import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, test } from "node:test";
import { jupyterDataFolder, searchedFolders } from "../../../kernel/jupyter/data-folders.ts";
import { AssayError } from "../../../kernel/protocol/problem.ts";
import { ensureJupyterClients } from "../../support/jupyter/python.ts";

describe("Jupyter's data folder", () => {
  const settings: Record<string, string>[] = [
    {},
    { XDG_DATA_HOME: "/data/own" },
    { JUPYTER_DATA_DIR: "/elsewhere", XDG_DATA_HOME: "/data/own" },
  ];
  for (const env of settings)
    test(`is the one that jupyter_core finds with ${JSON.stringify(env)}`, async () => {
      const script = "import jupyter_core.paths as p; print(p.jupyter_data_dir())";
      const around = { ...env, HOME: "/home/someone" };
      const found = execFileSync(await ensureJupyterClients(), ["-c", script], { env: around, encoding: "utf8" });
      assert.equal(
        jupyterDataFolder({}, { env: around, platform: process.platform, home: "/home/someone" }),
        found.trim(),
      );
    });
  test("on other systems", () => {
    const home = "/home/someone";
    assert.equal(jupyterDataFolder({}, { env: {}, platform: "darwin", home }), "/home/someone/Library/Jupyter");
    const windows = { env: { APPDATA: "/app" }, platform: "win32", home } as const;
    assert.equal(jupyterDataFolder({}, windows), join("/app", "jupyter"));
    assert.equal(jupyterDataFolder({}, { ...windows, env: {} }), join(home, ".jupyter", "data"));
  });
  test("a prefix, an environment, and choices that contradict each other", () => {
    const around = { env: { VIRTUAL_ENV: "/venv" }, platform: "linux", home: "/home/someone" } as const;
    assert.equal(jupyterDataFolder({ prefix: "/opt/x" }, around), "/opt/x/share/jupyter");
    assert.equal(jupyterDataFolder({ sysPrefix: true }, around), "/venv/share/jupyter");
    assert.ok(searchedFolders(around).includes("/venv/share/jupyter"));
    const refused = (choice: Parameters<typeof jupyterDataFolder>[0], env: Record<string, string>) =>
      assert.throws(() => jupyterDataFolder(choice, { ...around, env }), AssayError);
    refused({ sysPrefix: true }, {});
    refused({ sysPrefix: true, user: true }, { VIRTUAL_ENV: "/venv" });
  });
});
