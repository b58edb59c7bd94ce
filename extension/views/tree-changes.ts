import * as vscode from "vscode";

/** The changes of a tree in the side bar: told at once, or after a moment of rest, so that a notebook that runs through does not make it flicker. */
export class TreeChanges<T = undefined> implements vscode.Disposable {
  readonly #emitter = new vscode.EventEmitter<T | undefined>();
  readonly event = this.#emitter.event;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Says that an entry has changed; without one, the whole tree. */
  fire(entry?: T): void {
    this.#emitter.fire(entry);
  }

  /** Does something when nobody has asked for it again for `rest` milliseconds. */
  afterRest(rest: number, act: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, rest);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#emitter.dispose();
  }
}
