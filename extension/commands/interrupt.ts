import type { Sessions } from "../notebook/sessions.ts";
import { activeNotebook } from "./active-notebook.ts";

/** Stops the running cell; what it computed stays. */
export async function interrupt(sessions: Sessions): Promise<void> {
  const notebook = activeNotebook();
  if (notebook) await sessions.find(notebook)?.interrupt();
}
