import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const folder = mkdtempSync(join(tmpdir(), "assay-compiled-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const cache = new URL("../../../kernel/protocol/compile-cache.ts", import.meta.url).href;
writeFileSync(join(folder, "part.mjs"), "export const answer = () => 42;\n");
writeFileSync(
  join(folder, "main.mjs"),
  `import { keepCompiled } from ${JSON.stringify(cache)};
keepCompiled();
const { answer } = await import("./part.mjs");
console.log(answer());
`,
);

/** Runs the program with a folder for caches; gives what it printed, Node's own remarks on the cache included. */
function run(caches: string): string {
  const { NODE_COMPILE_CACHE: _, ...env } = process.env;
  const here = { HOME: caches, USERPROFILE: caches, LOCALAPPDATA: caches, XDG_CACHE_HOME: caches };
  const { stdout, stderr } = spawnSync(process.execPath, [join(folder, "main.mjs")], {
    encoding: "utf8",
    env: { ...env, ...here, NODE_DEBUG_NATIVE: "COMPILE_CACHE" },
  });
  return `${stdout}${stderr}`;
}

test("what was compiled is kept in this person's folder for caches, and taken from there at the next start", () => {
  const first = run(folder);
  assert.match(first, /^42$/m);
  assert.doesNotMatch(first, /part\.mjs was accepted/);
  const files = globSync("**/assay/compiled/**", { cwd: folder, withFileTypes: true }).filter((one) => one.isFile());
  assert.ok(files.length > 0, "something was written");
  assert.match(run(folder), /part\.mjs was accepted/);
});

test("where nothing can be written the program runs as well", () => {
  assert.match(run(join(folder, "part.mjs", "no-folder")), /^42$/m);
});
