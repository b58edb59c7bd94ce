// Bundles the kernel (ES modules with shared chunks), the extension (CommonJS, as VS Code loads it) and the renderers.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bootstrap, root } from "./bootstrap.mjs";

/** Loaded from node_modules at run time: native modules, and what is large and rarely needed. */
const external = [
  "onnxruntime-node",
  "better-sqlite3",
  "sharp",
  "typescript",
  "esbuild",
  "zeromq",
  "apache-arrow",
  "vscode",
];

/** CommonJS packages inside an ES module bundle ask for `require`. */
const requireBanner =
  'import { createRequire as assayCreateRequire } from "node:module"; const require = assayCreateRequire(import.meta.url);';

/** zod's messages in fifty languages would be half of every renderer, and of what a cell loads with the SDK. */
const englishOnly = {
  name: "english-only",
  setup: (plugin) =>
    plugin.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
    })),
};

/** esbuild's `keepNames` names every closure anew each time it is made; most have their name already, and every cell is compiled by closures. */
const namesOnlyWhereLost = {
  name: "names-only-where-lost",
  setup: (plugin) =>
    plugin.onEnd(async ({ metafile }) => {
      const { withoutNeedlessNames } = await import("./needless-names.mjs");
      const helper = /(__name ?= ?\(target, ?value\) ?=> ?)(__defProp\()/;
      for (const output of Object.keys(metafile?.outputs ?? {}).filter((one) => one.endsWith(".js"))) {
        const file = join(root, output);
        const text = readFileSync(file, "utf8");
        if (!helper.test(text) && !text.includes("__name(")) continue;
        writeFileSync(file, withoutNeedlessNames(text).replace(helper, "$1target.name === value ? target : $2"));
      }
    }),
};

/**
 * Builds into `folder`, with source maps unless minified. What a running kernel may still load stays there unless `clean` is asked for. Returns the names of the packages
 * whose code is in the bundles.
 */
export async function build({ minify = false, clean = false, folder = join(root, "dist") } = {}) {
  const { build: bundle } = await import("esbuild");
  if (clean) rmSync(folder, { recursive: true, force: true });
  const common = {
    absWorkingDir: root,
    bundle: true,
    minify,
    sourcemap: minify ? false : "linked",
    // The licences of what is bundled lie beside the package, in ThirdPartyNotices.txt.
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
    external,
  };
  const jobs = [
    bundle({
      ...common,
      // Shown values and errors tell the names of classes.
      minify: false,
      minifyWhitespace: minify,
      minifySyntax: minify,
      entryPoints: entries({
        main: "kernel/main.ts",
        cli: "kernel/cli/main.ts",
        jupyter: "kernel/jupyter/main.ts",
        cell: "kernel/cells/entry.ts",
        "interrupt-worker": "kernel/cells/interrupt-worker.ts",
        "engine-worker": "kernel/sdk/onnx/engine-worker.ts",
        "media-worker": "kernel/sdk/media/media-worker.ts",
        "language-worker": "kernel/language/worker.ts",
        sdk: "kernel/sdk/index.ts",
        rich: "kernel/sdk/media/rich.ts",
      }),
      outdir: join(folder, "kernel"),
      platform: "node",
      target: "node22",
      format: "esm",
      splitting: true,
      banner: { js: requireBanner },
      plugins: [englishOnly, namesOnlyWhereLost],
      // Names of classes are seen: in errors, in the variables view, in what cells print.
      keepNames: true,
    }),
    bundle({
      ...common,
      entryPoints: entries({ main: "extension/main.ts" }),
      outdir: join(folder, "extension"),
      outExtension: { ".js": ".cjs" },
      platform: "node",
      target: "node20",
      format: "cjs",
      plugins: [englishOnly],
    }),
    bundle({
      ...common,
      entryPoints: entries(
        Object.fromEntries(
          readdirSync(join(root, "renderers"), { withFileTypes: true })
            .filter((entry) => entry.isDirectory())
            .map((entry) => [entry.name, `renderers/${entry.name}/main.ts`]),
        ),
      ),
      outdir: join(folder, "renderers"),
      chunkNames: "shared/[name]-[hash]",
      platform: "browser",
      target: "es2022",
      format: "esm",
      // What renderers share, and what one of them loads only when needed (plots, Arrow), lies in chunks of its own.
      splitting: true,
      external: [],
      loader: { ".css": "text" },
      plugins: [englishOnly],
    }),
  ];
  const { declarations } = await import("./declarations.mjs");
  const [results] = await Promise.all([Promise.all(jobs), typescriptPlugin(bundle, common), declarations(folder)]);
  return bundledPackages(results);
}

/** VS Code's TypeScript server loads plugins by package name from the extension's `node_modules` only. */
async function typescriptPlugin(bundle, common) {
  const source = "extension/typescript-plugin/main.ts";
  if (!existsSync(join(root, source))) return;
  const folder = join(root, "node_modules/assay-typescript-plugin");
  mkdirSync(folder, { recursive: true });
  const manifest = { name: "assay-typescript-plugin", version: "0.0.0", main: "index.js" };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  await bundle({
    ...common,
    entryPoints: { index: source },
    outdir: folder,
    sourcemap: false,
    platform: "node",
    target: "node20",
    format: "cjs",
    // The server calls the module itself.
    footer: { js: "module.exports = module.exports.default;" },
  });
}

/** Names of the packages that gave at least one file to a bundle. */
function bundledPackages(results) {
  const files = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const names = files.flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []);
  return [...new Set(names)].sort();
}

/** Only what exists: a bundle whose source is absent is left out. */
function entries(all) {
  return Object.fromEntries(Object.entries(all).filter(([, file]) => existsSync(join(root, file))));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  bootstrap();
  await build({ minify: process.argv.includes("--minify"), clean: process.argv.includes("--clean") });
}
