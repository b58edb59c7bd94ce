import * as vscode from "vscode";
import { NotebookSession, type SessionSurroundings } from "./notebook-session.ts";

/** The sessions of all open notebooks, one each, ended when their notebook is closed. */
export class Sessions implements vscode.Disposable {
  readonly #surroundings: SessionSurroundings;
  readonly #sessions = new Map<vscode.NotebookDocument, NotebookSession>();
  readonly #changed = new vscode.EventEmitter<vscode.NotebookDocument>();
  readonly #variablesChanged = new vscode.EventEmitter<vscode.NotebookDocument>();
  readonly #staleChanged = new vscode.EventEmitter<vscode.NotebookDocument>();
  readonly #closing: vscode.Disposable;
  readonly #editing: vscode.Disposable;
  /** Fires with the notebook whose kernel changed its state. */
  readonly onDidChange = this.#changed.event;
  /** Fires with the notebook of which other cells are stale than before. */
  readonly onDidChangeStale = this.#staleChanged.event;
  /** Fires with the notebook whose variables may have changed. */
  readonly onDidChangeVariables = this.#variablesChanged.event;

  constructor(surroundings: SessionSurroundings) {
    this.#surroundings = surroundings;
    this.#editing = vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges, cellChanges }) => {
      if (contentChanges.length > 0 || cellChanges.some((change) => change.document))
        this.#sessions.get(notebook)?.cellsChanged();
    });
    this.#closing = vscode.workspace.onDidCloseNotebookDocument((notebook) => {
      this.#sessions.get(notebook)?.dispose();
      this.#sessions.delete(notebook);
    });
  }

  /** The session of a notebook, made when there is none. Its kernel starts with the first cell. */
  of(notebook: vscode.NotebookDocument): NotebookSession {
    const existing = this.#sessions.get(notebook);
    if (existing) return existing;
    const session = new NotebookSession(notebook, this.#surroundings);
    session.onDidChange(() => this.#changed.fire(notebook));
    session.onDidChangeStale(() => this.#staleChanged.fire(notebook));
    session.onDidChangeVariables(() => this.#variablesChanged.fire(notebook));
    this.#sessions.set(notebook, session);
    return session;
  }

  /** The session of a notebook, if it has one. */
  find(notebook: vscode.NotebookDocument): NotebookSession | undefined {
    return this.#sessions.get(notebook);
  }

  /** All sessions. */
  get all(): readonly NotebookSession[] {
    return [...this.#sessions.values()];
  }

  dispose(): void {
    this.#closing.dispose();
    this.#editing.dispose();
    for (const session of this.#sessions.values()) session.dispose();
    this.#sessions.clear();
    this.#changed.dispose();
    this.#staleChanged.dispose();
    this.#variablesChanged.dispose();
  }
}
