import * as vscode from "vscode";
import type { Sessions } from "../notebook/sessions.ts";
import { activeSession } from "./active-notebook.ts";

/** After a crash, runs the cells above the one that ran, which brings the variables back. */
export function recover(sessions: Sessions): void {
  const session = activeSession(sessions);
  if (!session) return;
  if (session.standing.crash === undefined) void vscode.window.showInformationMessage("The kernel has not crashed.");
  else session.recover();
}
