import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FrameLocator, Locator, Page } from "playwright-core";
import { startBrowser, type TestBrowser } from "./browser.ts";
import { type ServerOptions, startServer, type WorkbenchServer } from "./server.ts";

const root = join(import.meta.dirname, "../../..");

export interface WorkbenchOptions extends ServerOptions {
  /** The folder that the window opens. */
  readonly folder: string;
  /** A file to open, absolute. */
  readonly file?: string;
  /** The unpacked extension under test; `null` for none. Default: the folder that ASSAY_TEST_EXTENSION names, else this clone. */
  readonly extension?: string | null;
  /** A module that the extension host loads and whose `run` it calls, absolute. */
  readonly inHost?: string;
}

/** A real VS Code window with Assay in it, driven by mouse and keyboard. */
export class Workbench implements AsyncDisposable {
  readonly page: Page;
  readonly server: WorkbenchServer;
  readonly #browser: TestBrowser;
  readonly #options: WorkbenchOptions;

  private constructor(server: WorkbenchServer, browser: TestBrowser, page: Page, options: WorkbenchOptions) {
    this.server = server;
    this.#browser = browser;
    this.page = page;
    this.#options = options;
  }

  /** Starts server and browser and opens the window. */
  static async open(options: WorkbenchOptions): Promise<Workbench> {
    const [server, browser] = await Promise.all([startServer(options), startBrowser({ width: 1400, height: 1000 })]);
    const page = browser.context.pages()[0] ?? (await browser.context.newPage());
    // Long enough for a machine that has other things to do.
    page.setDefaultTimeout(60_000);
    const workbench = new Workbench(server, browser, page, options);
    try {
      await workbench.reload();
    } catch (error) {
      await workbench[Symbol.asyncDispose]();
      throw error;
    }
    return workbench;
  }

  /** Opens the window anew, as after closing it, with a file in it. */
  async reload(file = this.#options.file): Promise<void> {
    const { folder, inHost, extension = process.env.ASSAY_TEST_EXTENSION ?? root } = this.#options;
    const remote = (path: string) => `vscode-remote://127.0.0.1:${this.server.port}${path}`;
    const payload: [string, string][] = [];
    if (file) payload.push(["openFile", remote(file)]);
    if (extension) payload.push(["extensionDevelopmentPath", remote(extension)]);
    if (inHost) payload.push(["extensionTestsPath", remote(inHost)]);
    const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
    await this.page.goto(`http://127.0.0.1:${this.server.port}/?${query}`, { waitUntil: "commit" });
    await this.page.locator(".monaco-workbench").waitFor();
  }

  /** Waits until the notebook is drawn and its kernel is chosen. */
  async notebookReady(): Promise<void> {
    // A Markdown cell is drawn in the frame of the outputs; its row stays hidden. A window that is opened again shows the part it showed before.
    const rows = this.page.locator(".notebookOverlay:visible .cell-list-container .monaco-list-row");
    await rows.first().waitFor({ state: "attached" });
    await this.page.locator(".kernel-label:visible", { hasText: "Assay" }).first().waitFor();
  }

  /** A cell by its place, from 0. */
  cell(index: number): Locator {
    return this.page.locator(`.notebookOverlay:visible .cell-list-container .monaco-list-row[data-index="${index}"]`);
  }

  /** Runs a cell with Shift+Enter. */
  async run(index: number): Promise<void> {
    await this.#reveal(index);
    await this.cell(index).locator(".monaco-editor").first().click();
    await this.page.keyboard.press("Shift+Enter");
  }

  /** Puts the cursor at the end of a cell's text. */
  async putCursorAtEnd(index: number): Promise<void> {
    await this.#reveal(index);
    await this.cell(index).locator(".monaco-editor").first().click();
    await this.page.keyboard.press("Control+End");
  }

  /** Runs a command by the title it has in the palette. */
  async command(title: string): Promise<void> {
    // The list still shows other commands for a moment after the text has changed.
    await this.#pick("F1", `>${title}`, (list) => list.locator(`.monaco-list-row[aria-label^="${title}"]`));
  }

  /** Opens the quick list, types, and clicks a row. A window that is still settling closes the list again: then it is asked once more. */
  async #pick(key: string, text: string, row: (list: Locator) => Locator): Promise<void> {
    const input = this.page.locator(".quick-input-widget input").first();
    for (let left = 5; ; left--) {
      try {
        await this.page.keyboard.press(key);
        await input.waitFor({ timeout: 5000 });
        await input.fill(text, { timeout: 5000 });
        await row(this.page.locator(".quick-input-list")).first().click({ timeout: 10_000 });
        return;
      } catch (error) {
        if (left === 0) throw error;
        await this.page.keyboard.press("Escape");
      }
    }
  }

  /** Waits until a cell that ran before, and is in view, waits or runs again: its earlier end is gone. */
  async started(index: number): Promise<void> {
    await this.cell(index)
      .locator(".codicon-notebook-state-success, .codicon-notebook-state-error")
      .first()
      .waitFor({ state: "detached" });
  }

  /** Brings a cell into the drawn part of the notebook. */
  async show(index: number): Promise<void> {
    await this.#reveal(index);
  }

  /** Scrolls from a cell downwards until something in its output is in view. Outputs are drawn, and their media loaded, when they come near. */
  async showOutput(index: number, output: Locator): Promise<void> {
    await this.#reveal(index);
    const list = await this.page.locator(".notebookOverlay:visible .cell-list-container").first().boundingBox();
    if (!list) throw new Error("No notebook is open.");
    let reason: unknown = "it was never in view";
    for (let attempt = 0; attempt < 150; attempt++) {
      const box = await output
        .first()
        .boundingBox({ timeout: 500 })
        .catch((error: unknown) => {
          reason = error;
          return null;
        });
      if (box && box.y >= list.y && box.y < list.y + list.height - 60) return;
      await this.page.waitForTimeout(100);
      if (box || attempt % 10 === 9) await this.#wheel(box && box.y < list.y ? -200 : 200);
    }
    throw new Error(`No such output of cell ${index} came into view: ${output}: ${reason}`);
  }

  /** Takes the last cell away. */
  async deleteLastCell(): Promise<void> {
    await this.command("Notebook: Focus Last Cell");
    await this.command("Notebook: Delete Cell");
  }

  /** Waits until a cell ended well. */
  async succeeded(index: number): Promise<void> {
    await this.#ended(index, "success");
  }

  /** Waits until a cell ended with an error. */
  async failed(index: number): Promise<void> {
    await this.#ended(index, "error");
  }

  async #ended(index: number, how: "success" | "error"): Promise<void> {
    const state = (name: string) => this.cell(index).locator(`.codicon-notebook-state-${name}`).count();
    const other = how === "success" ? "error" : "success";
    for (let attempt = 0; attempt < 600; attempt++) {
      // Outputs that grow push cells out of the part that is drawn.
      await this.#reveal(index);
      if ((await state(how)) > 0) return;
      if ((await state(other)) > 0) throw new Error(`Cell ${index} ended with ${other}, not ${how}.`);
      await this.page.waitForTimeout(150);
    }
    throw new Error(`Cell ${index} did not end.`);
  }

  /** Brings a cell into the drawn part of the notebook. */
  async #reveal(index: number): Promise<void> {
    for (let attempt = 0; attempt < 40; attempt++) {
      if ((await this.cell(index).count()) > 0) break;
      await this.#wheel(await this.#direction(index));
    }
    await this.cell(index)
      .scrollIntoViewIfNeeded({ timeout: 10_000 })
      .catch(() => {});
  }

  async #direction(index: number): Promise<number> {
    const drawn = await this.page
      .locator(".notebookOverlay:visible .cell-list-container .monaco-list-row")
      .evaluateAll((rows) => rows.map((row) => Number(row.getAttribute("data-index"))));
    return drawn.length > 0 && Math.min(...drawn) > index ? -400 : 400;
  }

  async #wheel(by: number): Promise<void> {
    const box = await this.page.locator(".notebookOverlay:visible .cell-list-container").first().boundingBox();
    if (!box) return;
    await this.page.mouse.move(box.x + 12, box.y + box.height / 2);
    await this.page.mouse.wheel(0, by);
    await this.page.waitForTimeout(80);
  }

  /** All text of the outputs that are drawn. */
  async outputText(): Promise<string> {
    return this.outputs.locator("#container").innerText();
  }

  /** Opens a file of the folder. */
  async openFile(path: string): Promise<void> {
    const name = path.split("/").at(-1)!;
    await this.#pick("Control+P", path, (list) => list.locator(".monaco-list-row", { hasText: name }));
    await this.page.locator(".tab.active", { hasText: name }).waitFor({ timeout: 30_000 });
  }

  /** Saves the active editor, and waits until it is clean. */
  async save(): Promise<void> {
    await this.page.locator(".tab.active.dirty").waitFor();
    await this.command("File: Save");
    await this.page.locator(".tab.active:not(.dirty)").waitFor();
  }

  /** Saves and closes everything: with one notebook open there is one frame of outputs. */
  async closeEditors(): Promise<void> {
    if ((await this.page.locator(".tab.dirty").count()) > 0) await this.command("File: Save All");
    await this.page.locator(".tab.dirty").first().waitFor({ state: "detached" });
    await this.command("View: Close All Editors");
    await this.page.locator(".notebookOverlay:visible").waitFor({ state: "detached" });
  }

  /** Places of the code cells of a notebook file. */
  async codeCells(path: string): Promise<number[]> {
    const { cells } = JSON.parse(await readFile(path, "utf8")) as { cells: { cell_type: string }[] };
    return cells.flatMap((cell, index) => (cell.cell_type === "code" ? [index] : []));
  }

  /** Changes between dark and light, and waits until the window has followed. */
  async setTheme(colorScheme: "dark" | "light"): Promise<void> {
    await this.page.emulateMedia({ colorScheme });
    await this.page.locator(`.monaco-workbench.${colorScheme === "dark" ? "vs-dark" : "vs"}`).waitFor();
    await this.page.waitForTimeout(800);
  }

  /** The frame in which outputs are drawn. */
  get outputs(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready:visible").frameLocator("#active-frame");
  }

  /** The frame that was opened last: a panel in front of the notebook. */
  get frontFrame(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready:visible").last().frameLocator("#active-frame");
  }

  /** The entries of one of Assay's views in the side bar. */
  rows(view: string): Locator {
    return this.page.locator(`[role="tree"][aria-label*="${view}"] .monaco-list-row`);
  }

  /** The text of an item of the status bar. */
  status(id: string): Locator {
    return this.page.locator(`.statusbar-item[id$="${id}"]`);
  }

  /** Keeps pictures under `out/screenshots/workbench`: one in dark, one in light. The window is dark before and after. */
  async screenshot(name: string): Promise<void> {
    const folder = join(root, "out/screenshots/workbench");
    mkdirSync(folder, { recursive: true });
    for (const theme of ["light", "dark"] as const) {
      await this.setTheme(theme);
      await this.page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
  }
}
