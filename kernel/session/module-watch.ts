import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";

/** Milliseconds between two looks at the files. */
const pause = 1000;

interface Watched {
  sha256: string;
  /** Time of change and size when it was read; `undefined` before the first look. */
  stamp: string | undefined;
}

/** Knows the content of local modules as they are now. Looks at their times now and then, and reads those that changed. */
export class ModuleWatch implements Disposable {
  readonly #modules = new Map<string, Watched>();
  readonly #changed: () => void;
  #timer: NodeJS.Timeout | undefined;
  #looking = false;

  /** `changed` is called after a look that found other content. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** A cell imported a module with this content just now. */
  saw(path: string, sha256: string): void {
    this.#modules.set(path, { sha256, stamp: undefined });
    this.#timer ??= setInterval(() => void this.look(), pause).unref();
  }

  /** SHA-256 of a module that was seen. */
  now(path: string): string | undefined {
    return this.#modules.get(path)?.sha256;
  }

  /** Looks at all modules now. */
  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    let changed = false;
    try {
      for (const [path, one] of this.#modules) changed = (await refresh(path, one)) || changed;
    } finally {
      this.#looking = false;
    }
    if (changed) this.#changed();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#modules.clear();
  }
}

/** True when the content is another one. A file that is gone or cannot be read stays what it was: an editor may be writing it. */
async function refresh(path: string, one: Watched): Promise<boolean> {
  try {
    const { mtimeMs, size } = await stat(path);
    const stamp = `${mtimeMs} ${size}`;
    if (stamp === one.stamp) return false;
    const before = one.sha256;
    const sha256 = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
    // A cell may have imported it anew meanwhile.
    if (one.sha256 !== before) return false;
    Object.assign(one, { stamp, sha256 });
    return sha256 !== before;
  } catch {
    return false;
  }
}
