import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, normalize } from "node:path";
import type { Locator, Page } from "playwright-core";
import { startBrowser, type TestBrowser } from "./browser.ts";
import { type ThemeName, themes } from "./themes.ts";

const root = join(import.meta.dirname, "../../..");
const origin = "https://renderers.invalid";

/** A page that stands for VS Code's output frame: it holds the built renderers and the variables of a theme, and reaches nothing else. */
export class RendererPage implements AsyncDisposable {
  readonly page: Page;
  /** Requests that left the page, and errors of its scripts: a sound renderer causes neither. */
  readonly faults: string[] = [];
  readonly #browser: TestBrowser;

  private constructor(browser: TestBrowser, page: Page) {
    this.#browser = browser;
    this.page = page;
  }

  static async open(options: { readonly scrollBars?: boolean } = {}): Promise<RendererPage> {
    const browser = await startBrowser({ width: 1000, height: 760 }, options);
    const page = browser.context.pages()[0] ?? (await browser.context.newPage());
    const self = new RendererPage(browser, page);
    page.on("pageerror", (error) => self.faults.push(String(error)));
    await page.route("**/*", async (route) => {
      const url = new URL(route.request().url());
      if (url.origin !== origin) {
        self.faults.push(`request to ${url.href.slice(0, 120)}`);
        await route.abort();
      } else if (url.pathname === "/") {
        await route.fulfill({
          contentType: "text/html",
          body: "<!doctype html><html lang='en'><title>Output</title><body></body></html>",
        });
      } else if (url.pathname === "/favicon.ico") await route.fulfill({ status: 204 });
      else {
        const file = join(root, "dist/renderers", normalize(url.pathname));
        await route.fulfill({ contentType: "text/javascript", body: await readFile(file) });
      }
    });
    await page.goto(`${origin}/`);
    await self.setTheme("dark");
    return self;
  }

  /** Puts the variables and the class of a theme on the page, as VS Code does. */
  async setTheme(name: ThemeName): Promise<void> {
    await this.page.evaluate(
      ([theme, variables]) => {
        document.body.className = `vscode-${theme}`;
        const style = document.documentElement.style;
        for (const [key, value] of Object.entries(variables)) style.setProperty(key, value);
        document.body.style.cssText = `margin: 16px; background: ${variables["--vscode-editor-background"]}; color: ${variables["--vscode-editor-foreground"]}`;
      },
      [name, themes[name]] as const,
    );
  }

  /**
   * Shows one output in a fresh place, as VS Code would: the module is loaded, activated once and given the item. `text` is the raw JSON text.
   * `artifacts` answers requests for referenced bytes with base64; what is not in it is refused.
   */
  async show(kind: string, text: string, artifacts: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.page.evaluate(
      async ({ kind, text, artifacts, origin }) => {
        const host = globalThis as unknown as {
          renderers: Record<
            string,
            {
              renderOutputItem: (item: unknown, element: HTMLElement) => void;
              disposeOutputItem: (id?: string) => void;
            }
          >;
          artifacts: Record<string, string>;
          saved: unknown[];
        };
        host.renderers ??= {};
        host.artifacts = artifacts;
        host.saved ??= [];
        if (!host.renderers[kind]) {
          const module = await import(`${origin}/${kind}.js`);
          const listeners: ((message: unknown) => void)[] = [];
          host.renderers[kind] = module.activate({
            setState() {},
            getState() {},
            workspace: { isTrusted: true },
            onDidReceiveMessage: (listener: (message: unknown) => void) => listeners.push(listener),
            postMessage: (message: { type: string; sha256: string }) => {
              if (message.type !== "artifact") {
                host.saved.push(message);
                return;
              }
              const { sha256 } = message;
              const base64 = host.artifacts[sha256];
              const reply = base64
                ? { type: "artifact", sha256, base64 }
                : { type: "refused", sha256, reason: "it is not in the store" };
              setTimeout(() => {
                for (const listener of listeners) listener(reply);
              }, 5);
            },
          });
        }
        let element = document.getElementById("output");
        if (!element) {
          element = document.createElement("main");
          element.id = "output";
          document.body.append(element);
        }
        if (element.dataset.kind && element.dataset.kind !== kind) {
          const next = document.createElement("main");
          next.id = "output";
          element.replaceWith(next);
          element = next;
        }
        element.dataset.kind = kind;
        host.renderers[kind]?.renderOutputItem(
          {
            id: "item",
            mime: `application/vnd.assay.${kind}.v1+json`,
            text: () => text,
            json: () => JSON.parse(text),
            data: () => new TextEncoder().encode(text),
            metadata: {},
          },
          element,
        );
      },
      { kind, text, artifacts, origin },
    );
  }

  /** Elements of the output. */
  locate(selector: string, options?: { readonly hasText: string | RegExp }): Locator {
    return this.page.locator(`#output ${selector}`, options);
  }

  /** Waits until something holds; half a minute, or more on a busy machine. */
  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    for (let attempt = 0; attempt < 600; attempt++) {
      if (await holds()) return;
      await this.page.waitForTimeout(50);
    }
    assert.fail(`never: ${what}`);
  }

  /** The accessible name of what has the focus inside the output. */
  async focusedLabel(): Promise<string> {
    return this.page.evaluate(
      () => document.getElementById("output")?.shadowRoot?.activeElement?.getAttribute("aria-label") ?? "",
    );
  }

  /** Removes the output, as VS Code does when a cell is cleared. */
  async clear(): Promise<void> {
    await this.page.evaluate(() => {
      const host = globalThis as unknown as { renderers: Record<string, { disposeOutputItem: (id?: string) => void }> };
      for (const renderer of Object.values(host.renderers ?? {})) renderer.disposeOutputItem(undefined);
      document.getElementById("output")?.remove();
    });
  }

  /** Serious and critical findings of axe-core, one line each. */
  async accessibilityFaults(): Promise<string[]> {
    const source = await readFile(join(root, "node_modules/axe-core/axe.min.js"), "utf8");
    return this.page.evaluate(async (code) => {
      const scope = globalThis as unknown as {
        axe?: { run: (context: unknown, options: unknown) => Promise<AxeResult> };
      };
      interface AxeResult {
        violations: { id: string; impact: string; nodes: { target: unknown; failureSummary: string }[] }[];
      }
      if (!scope.axe) new Function(code).call(globalThis);
      const result = await scope.axe!.run(document, {
        resultTypes: ["violations"],
        rules: { region: { enabled: false }, "page-has-heading-one": { enabled: false } },
      });
      return result.violations
        .filter((violation) => violation.impact === "serious" || violation.impact === "critical")
        .flatMap((violation) =>
          violation.nodes
            .slice(0, 3)
            .map((node) => `${violation.id} at ${JSON.stringify(node.target)}: ${node.failureSummary.slice(0, 300)}`),
        );
    }, source);
  }

  /** Keeps a picture of the output under `out/screenshots/renderers`. */
  async screenshot(name: string): Promise<void> {
    const folder = join(root, "out/screenshots/renderers");
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser[Symbol.asyncDispose]();
  }
}
