import { mkdirSync } from "node:fs";
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
  /** The unpacked extension under test; `null` for none. Default: this clone. */
  readonly extension?: string | null;
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
    const workbench = new Workbench(server, browser, page, options);
    try {
      await workbench.reload();
    } catch (error) {
      await workbench[Symbol.asyncDispose]();
      throw error;
    }
    return workbench;
  }

  /** Opens the window anew, as after closing it. */
  async reload(): Promise<void> {
    const { folder, file, extension = root } = this.#options;
    const remote = (path: string) => `vscode-remote://127.0.0.1:${this.server.port}${path}`;
    const payload: [string, string][] = [];
    if (file) payload.push(["openFile", remote(file)]);
    if (extension) payload.push(["extensionDevelopmentPath", remote(extension)]);
    const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
    await this.page.goto(`http://127.0.0.1:${this.server.port}/?${query}`);
    await this.page.locator(".monaco-workbench").waitFor({ timeout: 60_000 });
  }

  /** Waits until the notebook is drawn and its kernel is chosen. */
  async notebookReady(): Promise<void> {
    // A Markdown cell is drawn in the frame of the outputs; its row stays hidden.
    await this.cell(0).waitFor({ state: "attached", timeout: 60_000 });
    await this.page.locator(".kernel-label", { hasText: "Assay" }).first().waitFor({ timeout: 60_000 });
  }

  /** A cell by its place, from 0. */
  cell(index: number): Locator {
    return this.page.locator(`.notebookOverlay .cell-list-container .monaco-list-row[data-index="${index}"]`);
  }

  /** Runs a cell with Shift+Enter. */
  async run(index: number): Promise<void> {
    await this.cell(index).locator(".monaco-editor").first().click();
    await this.page.keyboard.press("Shift+Enter");
  }

  /** Runs a command by the title it has in the palette. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press("F1");
    const input = this.page.locator(".quick-input-widget input").first();
    await input.waitFor();
    await input.fill(`>${title}`);
    await this.page.locator(".quick-input-list .monaco-list-row").first().waitFor();
    await this.page.keyboard.press("Enter");
  }

  /** The frame in which outputs are drawn. */
  get outputs(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
  }

  /** The text of an item of the status bar. */
  status(id: string): Locator {
    return this.page.locator(`.statusbar-item[id$="${id}"]`);
  }

  /** Keeps a picture under `out/screenshots/workbench`. */
  async screenshot(name: string): Promise<void> {
    const folder = join(root, "out/screenshots/workbench");
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
  }
}
