import type { Sessions } from "../notebook/sessions.ts";
import { activeSession } from "./active-notebook.ts";

/** Stops the running cell; what it computed stays. */
export async function interrupt(sessions: Sessions): Promise<void> {
  await activeSession(sessions)?.interrupt();
}
