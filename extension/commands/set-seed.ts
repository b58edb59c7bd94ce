import * as vscode from "vscode";
import { readSettings, writeSettings } from "../notebook/metadata.ts";
import type { Sessions } from "../notebook/sessions.ts";
import { activeNotebook } from "./active-notebook.ts";
import { offerRestart } from "./switch-mode.ts";

/** Lets the person set the notebook's seed, from which all random numbers of its cells follow. */
export async function setSeed(sessions: Sessions): Promise<void> {
  const notebook = activeNotebook();
  if (!notebook) return;
  const { seed } = readSettings(notebook);
  const text = await vscode.window.showInputBox({
    title: "Seed of this notebook",
    prompt: "A whole number. The same seed gives the same results.",
    value: String(seed),
    validateInput: (value) =>
      Number.isSafeInteger(Number(value)) && value.trim() !== ""
        ? undefined
        : "A seed is a whole number, for example 42.",
  });
  if (text === undefined || Number(text) === seed) return;
  await writeSettings(notebook, { seed: Number(text) });
  await offerRestart(
    sessions,
    notebook,
    `The seed is now ${Number(text)}. What earlier cells computed used another one.`,
  );
}
