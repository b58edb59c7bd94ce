import type { Sessions } from "../notebook/sessions.ts";
import { activeNotebook } from "./active-notebook.ts";

/** Ends the notebook's kernel and gives its memory back; the next cell starts another. */
export async function stopKernel(sessions: Sessions): Promise<void> {
  const notebook = activeNotebook();
  if (notebook) await sessions.find(notebook)?.stop();
}
