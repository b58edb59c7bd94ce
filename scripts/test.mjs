// npm test: build, lint, types, then the tests. `unit` leaves out what needs a browser or runs whole journeys; `long` and `bench`
// run the soak tests and the benchmarks alone.
import { spawnSync } from "node:child_process";
import { bootstrap } from "./bootstrap.mjs";
import { build } from "./build.mjs";
import { runTestFiles } from "./test-files.mjs";

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
const minute = 60_000;
/** Milliseconds for everything but the soak tests: what has not run by then fails, so that whoever waits hears of it. */
const wholeLimit = what === "long" ? Number.POSITIVE_INFINITY : 60 * minute;
await step("build", () => build());

if (what === "bench") {
  for (const file of globSync("test/bench/**/*.bench.ts").sort()) run(`benchmark ${file}`, [file]);
} else if (what === "long") {
  ended(await test("soak tests", suites.long, { concurrency: 1, minutes: 180 }));
} else {
  run("lint", ["node_modules/@biomejs/biome/bin/biome", "check", "."]);
  run("import directions", [
    "node_modules/dependency-cruiser/bin/dependency-cruise.mjs",
    "--config",
    ".dependency-cruiser.cjs",
    ...globSync("{kernel,extension,renderers,models/build}"),
  ]);
  run("types", ["scripts/types.mjs"]);
  await step("programs that the tests drive", async () => {
    const { prepareTests } = await import("../test/support/prepare.ts");
    await prepareTests(what === "all");
  });
  const units = await test("unit tests", suites.unit, { concurrency: 2, minutes: 8 });
  const journeys = what === "unit" || (await test("journeys", suites.journeys, { concurrency: 1, minutes: 10 }));
  ended(units && journeys);
}

function ended(passed) {
  const seconds = Math.round((Date.now() - started) / 1000);
  console.error(
    passed ? `Assay: all passed in ${seconds} s` : `Assay: tests failed (${seconds} s); they are named above`,
  );
  process.exit(passed ? 0 : 1);
}

async function test(name, patterns, { concurrency, minutes }) {
  console.error(`Assay: ${name}`);
  const files = patterns.flatMap((pattern) => globSync(pattern)).sort();
  const passed = await runTestFiles(files, { concurrency, limit: minutes * minute, deadline: started + wholeLimit });
  if (!passed) console.error(`Assay: ${name} failed`);
  return passed;
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
