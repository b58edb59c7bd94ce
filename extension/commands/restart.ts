import type { Sessions } from "../notebook/sessions.ts";
import { activeNotebook } from "./active-notebook.ts";

/** Gives the notebook a fresh kernel: variables are gone, outputs stay. */
export async function restart(sessions: Sessions): Promise<void> {
  const notebook = activeNotebook();
  if (notebook) await sessions.of(notebook).restart();
}
