// npm run package: builds a .vsix that holds only what Assay needs at run time on one platform (--target, default: this one), and
// says how large it is. Everything is gathered in a staging folder first, so that nothing gets in by accident. A package for this
// platform is then installed in a real workbench, to say how fast it starts: where the tests have fetched a workbench already, or with
// --measure; --no-measure leaves it out.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { basename, join, relative, resolve, sep } from "node:path";
import { parseArgs } from "node:util";
import { bootstrap, root } from "./bootstrap.mjs";
import { build } from "./build.mjs";
import { extensionPage, withoutRelativeLinks } from "./extension-page.mjs";

/** VS Code's names of platforms, with the names that Node, onnxruntime-node and better-sqlite3 use. */
const targets = {
  "linux-x64": { onnx: "linux/x64", sqlite: "linux-x64", sharp: "linux-x64" },
  "linux-arm64": { onnx: "linux/arm64", sqlite: "linux-arm64", sharp: "linux-arm64" },
  "darwin-arm64": { onnx: "darwin/arm64", sqlite: "darwin-arm64", sharp: "darwin-arm64" },
  "win32-x64": { onnx: "win32/x64", sqlite: "win32-x64", sharp: "win32-x64" },
  "win32-arm64": { onnx: "win32/arm64", sqlite: "win32-arm64", sharp: "win32-arm64" },
};

/** What the bundles load from node_modules; their own dependencies follow. */
const loaded = [
  "onnxruntime-node",
  "better-sqlite3",
  "sharp",
  "apache-arrow",
  "typescript",
  "@types/node",
  "assay-typescript-plugin",
];

/** Files of the project that go into the package beside the bundles. */
const included = ["samples", "models", "extension/media", "LICENSE"];

bootstrap();
const { values } = parseArgs({
  options: { target: { type: "string" }, out: { type: "string" }, measure: { type: "boolean" } },
  allowNegative: true,
});
const own = `${process.platform}-${process.arch}`;
const target = values.target ?? own;
const platform = targets[target];
if (!platform) {
  console.error(`Assay: --target ${target} is not supported; choose one of ${Object.keys(targets).join(", ")}.`);
  process.exit(2);
}
const sharpBinary = `@img/sharp-${platform.sharp}`;
if (!existsSync(join(root, "node_modules", sharpBinary))) {
  console.error(
    `Assay: the image library for ${target} is not installed here. Build on that platform, or run\n  npm install --no-save --force --os=${target.split("-")[0]} --cpu=${target.split("-")[1]} ${sharpBinary}`,
  );
  process.exit(3);
}

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const staging = join(root, "out/package", target);
rmSync(staging, { recursive: true, force: true });
mkdirSync(staging, { recursive: true });
console.error("Assay: building…");
// Straight into the package, so that it holds this build only, not what earlier ones left in `dist`.
const bundled = await build({ minify: true, folder: join(staging, "dist") });

for (const name of included) {
  if (existsSync(join(root, name))) cpSync(join(root, name), join(staging, name), { recursive: true, filter: keepOwn });
}
const packages = closure([...loaded, sharpBinary]);
for (const name of packages) {
  const from = join(root, "node_modules", name);
  cpSync(from, join(staging, "node_modules", name), {
    recursive: true,
    filter: (file) => keepOthers(name, relative(from, file)),
  });
}
for (const name of packages) dropTypes(name);
const { devDependencies: _dev, optionalDependencies: _optional, scripts: _scripts, bin: _bin, ...shipped } = manifest;
shipped.dependencies = Object.fromEntries([...packages].map((name) => [name, versionOf(name)]));
shipped.private = undefined;
writeFileSync(join(staging, "README.md"), extensionPage(manifest.repository !== undefined));
writeFileSync(join(staging, "CHANGELOG.md"), withoutRelativeLinks(readFileSync(join(root, "CHANGELOG.md"), "utf8")));
writeFileSync(join(staging, "package.json"), `${JSON.stringify(shipped, null, 2)}\n`);
writeFileSync(join(staging, "ThirdPartyNotices.txt"), notices(new Set([...bundled, ...packages])));
// vsce leaves out what version control leaves out, unless it finds rules of its own.
writeFileSync(join(staging, ".vscodeignore"), "");

const { createVSIX } = await import("@vscode/vsce");
const file = resolve(values.out ?? join(root, "out", `${manifest.name}-${manifest.version}-${target}.vsix`));
await createVSIX({
  cwd: staging,
  packagePath: file,
  target,
  dependencies: true,
  allowMissingRepository: true,
  rewriteRelativeLinks: manifest.repository !== undefined,
  allowPackageAllSecrets: true,
});
console.log(`\n${relative(process.cwd(), file)}`);
console.log(`  files      ${filesIn(staging).toLocaleString("en")}`);
console.log(`  download   ${megabytes(statSync(file).size)}`);
console.log(`  installed  ${megabytes(sizeOf(staging))}`);
for (const [name, bytes] of parts()) console.log(`    ${megabytes(bytes).padStart(9)}  ${name}`);

await measure();

/** Installs the package in a real workbench and prints how fast it starts there. */
async function measure() {
  const { workbenchIsInstalled } = await import("../test/support/workbench/install.ts");
  if (!(values.measure ?? (target === own && workbenchIsInstalled()))) return;
  const { measureStart, middle } = await import("../test/support/workbench/measure.ts");
  console.error("Assay: measuring the start in a real workbench…");
  const times = await measureStart(file);
  const line = (name, all, most) =>
    console.log(`  ${name} ${Math.round(middle(all))} ms (at most ${most}; ${all.map(Math.round).join(", ")})`);
  const load = loadavg()[0].toFixed(1);
  console.log(`  start, the middle of ${times.length} fresh windows on ${availableParallelism()} cores, load ${load}:`);
  line(
    "  activation                         ",
    times.map(({ activation }) => activation),
    100,
  );
  line(
    "  Shift+Enter to the first result    ",
    times.map(({ firstResult }) => firstResult),
    2000,
  );
}

/** The project's own files without what only building and testing need. */
function keepOwn(file) {
  const name = basename(file);
  if (name === ".assay" || name === ".DS_Store") return false;
  return !(relative(root, file).split(sep)[0] === "models" && /[\\/]models[\\/]build(?:[\\/]|$)/.test(file));
}

/** Packages without what is for other platforms, for their authors, or for compiling them. */
function keepOthers(name, file) {
  const path = file.replaceAll("\\", "/");
  if (path === "") return true;
  if (
    /(^|\/)(node_modules\/@types|test|tests|docs?|examples?|\.github|coverage)(\/|$)/.test(path) &&
    name !== "@types/node"
  )
    return false;
  if (/\.(map|md|markdown|tsbuildinfo|cc|cpp|c|h|hpp|gyp|gypi)$/i.test(path) && !/licen[cs]e/i.test(path)) return false;
  switch (name) {
    case "onnxruntime-node":
      return !/^bin\/napi-v\d+\/./.test(path) || within(path.replace(/^bin\/napi-v\d+\//, ""), platform.onnx);
    case "better-sqlite3":
      return (
        !/^(deps|src|build)(\/|$)/.test(path) &&
        (!/^prebuilds\/./.test(path) || path === `prebuilds/${platform.sqlite}.node`)
      );
    case "typescript":
      return (
        !/^(bin|lib\/[a-z]{2}(-[a-z]{2})?)(\/|$)/i.test(path) &&
        !/^lib\/(_|tsc|tsserver|watchGuard|typingsInstaller)/.test(path)
      );
    case "apache-arrow":
      // One build of three, without its sources.
      return !/^(src|bin)(\/|$)/.test(path) && !/\.(mjs|d\.ts)$/.test(path) && !/\.es\d+\.min\.js$/.test(path);
    default:
      return true;
  }
}

/** Whether a path lies in a folder or on the way to it. */
function within(path, folder) {
  return path === folder || path.startsWith(`${folder}/`) || folder.startsWith(`${path}/`);
}

/** The packages and all that they depend on, as far as it is installed. */
function closure(names) {
  const found = new Set();
  const visit = (name) => {
    if (found.has(name) || !existsSync(join(root, "node_modules", name))) return;
    found.add(name);
    const { dependencies = {}, optionalDependencies = {} } = packageJson(name);
    for (const other of Object.keys(dependencies)) if (!isTypes(other)) visit(other);
    for (const other of Object.keys(optionalDependencies)) if (other.endsWith(`-${platform.sharp}`)) visit(other);
  };
  names.forEach(visit);
  return found;
}

/** Whose code is in the package, under which licence, with the text of the licence as its authors ship it. */
function notices(names) {
  const chapters = [...names].filter((name) => name !== "assay-typescript-plugin").sort();
  const parts = chapters.map((name) => {
    const { version, license, homepage, repository } = packageJson(name);
    const source = homepage ?? repository?.url ?? repository ?? "";
    const folder = join(root, "node_modules", name);
    const texts = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying|thirdpartynotice)/i.test(file));
    const files = texts.filter((file) => statSync(join(folder, file)).isFile()).sort();
    return [
      `${name} ${version}: ${license}`,
      source,
      ...files.map((file) => readFileSync(join(folder, file), "utf8").trim()),
    ]
      .filter((part) => part !== "")
      .join("\n\n");
  });
  const line = `\n\n${"-".repeat(80)}\n\n`;
  return `This package contains code of the following projects.${line}${parts.join(line)}\n`;
}

/** Some packages depend on types that only their authors need. */
function isTypes(name) {
  return name.startsWith("@types/");
}

/** Writes the manifest of a staged package without dependencies on types, which are not staged with it. */
function dropTypes(name) {
  const file = join(staging, "node_modules", name, "package.json");
  const own = JSON.parse(readFileSync(file, "utf8"));
  own.dependencies = Object.fromEntries(Object.entries(own.dependencies ?? {}).filter(([other]) => !isTypes(other)));
  writeFileSync(file, `${JSON.stringify(own, null, 2)}\n`);
}

function packageJson(name) {
  return JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8"));
}

function versionOf(name) {
  return packageJson(name).version;
}

function sizeOf(path) {
  const status = statSync(path);
  if (!status.isDirectory()) return status.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

function filesIn(path) {
  if (!statSync(path).isDirectory()) return 1;
  return readdirSync(path).reduce((sum, name) => sum + filesIn(join(path, name)), 0);
}

/** The largest parts of the installation. */
function parts() {
  const folders = ["dist", ...included, ...[...packages].map((name) => join("node_modules", name))];
  return folders
    .filter((name) => existsSync(join(staging, name)))
    .map((name) => [name, sizeOf(join(staging, name))])
    .sort((a, b) => b[1] - a[1])
    .slice(0, 10);
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
