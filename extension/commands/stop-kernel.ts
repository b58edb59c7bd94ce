import type { Sessions } from "../notebook/sessions.ts";
import { activeSession } from "./active-notebook.ts";

/** Ends the notebook's kernel and gives its memory back; the next cell starts another. */
export async function stopKernel(sessions: Sessions): Promise<void> {
  await activeSession(sessions)?.stop();
}
