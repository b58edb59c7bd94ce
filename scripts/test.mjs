// npm test: build, lint, types, then the tests. `unit` leaves out what needs a browser or runs whole journeys; `long` and `bench`
// run the soak tests and the benchmarks alone.
import { spawnSync } from "node:child_process";
import { bootstrap } from "./bootstrap.mjs";
import { build } from "./build.mjs";

bootstrap();
// Only the Node that bootstrap chooses is sure to have it.
const { globSync } = await import("node:fs");

const suites = {
  unit: ["test/{kernel,models,conformance,extension,scripts,jupyter}/**/*.test.ts"],
  journeys: ["test/{renderers,flows}/**/*.test.ts"],
  long: ["test/**/*.long.ts"],
};
const what = process.argv[2] ?? "all";
const started = Date.now();
await step("build", () => build());

if (what === "bench") {
  for (const file of globSync("test/bench/**/*.bench.ts").sort()) run(`benchmark ${file}`, [file]);
} else if (what === "long") {
  test("soak tests", suites.long, 1);
} else {
  run("lint", ["node_modules/@biomejs/biome/bin/biome", "check", "."]);
  run("import directions", [
    "node_modules/dependency-cruiser/bin/dependency-cruise.mjs",
    "--config",
    ".dependency-cruiser.cjs",
    ...globSync("{kernel,extension,renderers,models/build}"),
  ]);
  run("types", ["scripts/types.mjs"]);
  test("unit tests", suites.unit, 2);
  if (what === "all") test("journeys", suites.journeys, 1);
}
console.error(`Assay: all passed in ${Math.round((Date.now() - started) / 1000)} s`);

function test(name, patterns, concurrency) {
  const files = patterns.flatMap((pattern) => globSync(pattern)).sort();
  if (files.length > 0) run(name, ["--test", `--test-concurrency=${concurrency}`, ...files]);
}

function run(name, args) {
  console.error(`Assay: ${name}`);
  const child = spawnSync(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
  if (child.status !== 0) {
    console.error(`Assay: ${name} failed`);
    process.exit(1);
  }
}

async function step(name, body) {
  console.error(`Assay: ${name}`);
  await body();
}
