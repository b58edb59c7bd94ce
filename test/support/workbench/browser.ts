import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium } from "playwright-core";
import { ensureChromium } from "./install.ts";

/** A headless browser with a profile of its own, which goes when it is closed. */
export interface TestBrowser extends AsyncDisposable {
  readonly context: BrowserContext;
}

/** Starts a headless Chromium. `scrollBars` shows the bars that Playwright hides, so that one can be dragged. */
export async function startBrowser(
  viewport = { width: 1280, height: 900 },
  { scrollBars = false }: { readonly scrollBars?: boolean } = {},
): Promise<TestBrowser> {
  const profile = await mkdtemp(join(tmpdir(), "assay-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await ensureChromium(),
    headless: true,
    ...(scrollBars && { ignoreDefaultArgs: ["--hide-scrollbars"] }),
    colorScheme: "dark",
    viewport,
    permissions: ["clipboard-read", "clipboard-write"],
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return {
    context,
    async [Symbol.asyncDispose]() {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
