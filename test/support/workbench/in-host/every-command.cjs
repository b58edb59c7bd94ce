// Runs inside the extension host: runs every command that Assay contributes, without arguments and without an open editor, and writes what came of
// each to commands.json in the workspace folder.
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");
const vscode = require("vscode");

/** Milliseconds for a command. One that asks the person something ends when its box is closed. */
const patience = 20_000;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

exports.run = async () => {
  const extension = vscode.extensions.all.find(({ packageJSON }) => packageJSON.name === "assay");
  await extension.activate();
  const known = new Set(await vscode.commands.getCommands(true));
  const results = {};
  for (const { command } of extension.packageJSON.contributes.commands) {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    results[command] = known.has(command) ? await runOne(command) : "not registered";
  }
  writeFileSync(join(vscode.workspace.workspaceFolders[0].uri.fsPath, "commands.json"), JSON.stringify(results));
};

async function runOne(command) {
  let ended;
  const run = Promise.resolve(vscode.commands.executeCommand(command)).then(
    () => "ok",
    (error) => String(error?.stack ?? error),
  );
  void run.then((result) => {
    ended = result;
  });
  for (let waited = 0; ended === undefined && waited < patience; waited += 200) {
    await pause(200);
    await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
  }
  return ended ?? "did not end";
}
