// Type-checks each folder with its own settings, so that the kernel sees neither `vscode` nor the DOM.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const projects = ["kernel", "extension", "renderers", "models/build", "test"].filter((p) =>
  existsSync(`${p}/tsconfig.json`),
);
let failed = false;
for (const project of projects) {
  const run = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", project, "--pretty", "false"], {
    encoding: "utf8",
  });
  const empty = /error TS18003/.test(run.stdout);
  if (run.status !== 0 && !empty) {
    failed = true;
    process.stdout.write(run.stdout);
  }
}
process.exit(failed ? 1 : 0);
