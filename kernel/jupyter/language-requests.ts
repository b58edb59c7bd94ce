import type { CellDiagnostic, Completion, LanguageCell, LanguageService } from "../protocol/language.ts";
import { toCodePoints, toOffset } from "./text-places.ts";
import type { Json } from "./wire.ts";

/** Executed cells that completion knows of. */
const remembered = 500;
/** Id of the text that is being written. */
const current = "current";

/** Answers `complete_request` and `inspect_request` from the language service, over all cells that were executed. */
export class LanguageRequests {
  readonly #folder: string;
  readonly #executed = new Map<string, string>();
  #service: Promise<LanguageService> | undefined;
  /** One question after the other: each is about its own text. */
  #last: Promise<unknown> = Promise.resolve();

  /** `folder` is the notebook's: its imports start there. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Notes a cell that runs; a later one with the same id replaces it. */
  executed(id: string, source: string): void {
    // What ran last is what the others see.
    this.#executed.delete(id);
    this.#executed.set(id, source);
    if (this.#executed.size <= remembered) return;
    const [oldest] = this.#executed.keys();
    if (oldest !== undefined) this.#executed.delete(oldest);
  }

  /** Content of `complete_reply`. */
  async complete({ code, cursor_pos: cursor }: Json): Promise<Json> {
    const text = String(code ?? "");
    const offset = toOffset(text, typeof cursor === "number" ? cursor : text.length);
    const { items } = await this.#ask(text, (service) => service.completions(current, offset));
    const word = /[\p{ID_Continue}$]*$/u.exec(text.slice(0, offset))?.[0] ?? "";
    const found = items
      .filter(({ name }) => name.toLowerCase().startsWith(word.toLowerCase()) || word === "")
      .sort((a, b) => (a.sortText === b.sortText ? (a.name < b.name ? -1 : 1) : a.sortText < b.sortText ? -1 : 1));
    const from = (item: Completion) => item.replace?.start.offset ?? offset - word.length;
    const start = Math.min(offset - word.length, ...found.map(from));
    const matches = found.map((item) => text.slice(start, from(item)) + (item.insertText ?? item.name));
    const [cursor_start, cursor_end] = [toCodePoints(text, start), toCodePoints(text, offset)];
    const types = found.map(({ kind, detail = "" }, at) => ({
      start: cursor_start,
      end: cursor_end,
      text: matches[at],
      type: kind,
      signature: detail,
    }));
    return { status: "ok", matches, cursor_start, cursor_end, metadata: { _jupyter_types_experimental: types } };
  }

  /** Content of `inspect_reply`: what the name at the cursor is, or the call that the cursor is in. */
  async inspect({ code, cursor_pos: cursor }: Json): Promise<Json> {
    const text = String(code ?? "");
    const offset = toOffset(text, typeof cursor === "number" ? cursor : text.length);
    const told = await this.#ask(text, async (service) => {
      const hover = (await service.hover(current, offset)) ?? (await service.hover(current, Math.max(offset - 1, 0)));
      if (hover) return hover;
      const help = await service.signatureHelp(current, offset);
      const signature = help?.signatures[help.activeSignature];
      return signature && { declaration: signature.label, documentation: signature.documentation };
    });
    if (!told) return { status: "ok", found: false, data: {}, metadata: {} };
    const { declaration, documentation } = told;
    const data = {
      "text/plain": joined(declaration, documentation),
      "text/markdown": joined(`\`\`\`typescript\n${declaration}\n\`\`\``, documentation),
    };
    return { status: "ok", found: true, data, metadata: {} };
  }

  /** What the compiler says of an executed cell, a line for each type error. */
  async typeErrors(id: string, index: number): Promise<readonly string[]> {
    const found = await this.#ask("", (service) => service.diagnostics(id)).catch(() => []);
    const source = this.#executed.get(id) ?? "";
    return found
      .filter((one) => one.severity === "error" && !one.syntax && !isLaterName(source, one))
      .map(({ range: { start }, code, message }) => {
        return `cell #${index}:${start.line + 1}:${start.column + 1} TS${code}: ${message}`;
      });
  }

  async dispose(): Promise<void> {
    await (await this.#service)?.dispose();
  }

  /** The service loads the TypeScript compiler, so it starts with the first question. */
  #ask<T>(text: string, question: (service: LanguageService) => Promise<T>): Promise<T> {
    const answer = this.#last.then(async () => {
      this.#service ??= import("../language/client.ts").then(({ createLanguageService }) =>
        createLanguageService({ folder: this.#folder }),
      );
      const service = await this.#service;
      const cells: LanguageCell[] = [...this.#executed].map(([id, source]) => ({ id, source }));
      await service.updateCells([...cells, { id: current, source: text }]);
      return question(service);
    });
    this.#last = answer.catch(() => {});
    return answer;
  }
}

/** Numbers of the compiler for a name that it does not find. */
const unknownNames: ReadonlySet<number> = new Set([2304, 2552, 2503, 18004]);
const typePlace = /[:<|&]\s*$|\b(?:as|extends|implements|satisfies|keyof|is)\s+$|\btype\s[^;\n]*=\s*$/;

/** Whether an error is about a value that no cell has declared yet. One that is needed at once fails by itself; others may still come. */
function isLaterName(source: string, { code, range }: CellDiagnostic): boolean {
  return unknownNames.has(code) && !typePlace.test(source.slice(0, range.start.offset));
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n\n");
}
