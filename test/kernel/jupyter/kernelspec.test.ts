import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import sharp from "sharp";
import { installedKernels, installKernel, uninstallKernel } from "../../../kernel/jupyter/kernelspec.ts";
import { AssayError } from "../../../kernel/protocol/problem.ts";

describe("the kernelspec", () => {
  const dataFolder = mkdtempSync(join(tmpdir(), "assay-kernelspec-"));
  after(() => rmSync(dataFolder, { recursive: true }));

  test("is written whole, over an older one, with logos of the right size", async () => {
    installKernel({ dataFolder, name: "assay", displayName: "Old" });
    const folder = installKernel({ dataFolder, name: "assay", displayName: "New" });
    assert.deepEqual(readdirSync(folder).sort(), ["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"]);
    assert.deepEqual(readdirSync(dataFolder), ["kernels"]);
    const spec = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8")) as Record<string, unknown>;
    assert.deepEqual([spec.display_name, spec.language, spec.interrupt_mode], ["New", "typescript", "message"]);
    for (const size of [32, 64])
      assert.equal((await sharp(join(folder, `logo-${size}x${size}.png`)).metadata()).width, size);
    assert.equal((await sharp(join(folder, "logo-svg.svg")).metadata()).format, "svg");
  });
  test("is listed, and said to be broken when its files are gone", () => {
    const [kernel] = installedKernels([dataFolder]);
    assert.deepEqual([kernel?.name, kernel?.displayName, kernel?.broken], ["assay", "New", null]);
    const file = join(dataFolder, "kernels/assay/kernel.json");
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("main.ts", "gone.ts"));
    assert.match(String(installedKernels([dataFolder])[0]?.broken), /gone\.ts is not there/);
  });
  test("of somebody else is left alone", () => {
    const theirs = join(dataFolder, "kernels/deno");
    mkdirSync(theirs);
    writeFileSync(
      join(theirs, "kernel.json"),
      '{ "argv": ["deno"], "display_name": "Deno", "language": "typescript" }',
    );
    const foreign = /was not written by Assay/;
    assert.throws(() => installKernel({ dataFolder, name: "deno", displayName: "x" }), foreign);
    assert.throws(() => uninstallKernel({ dataFolder, name: "deno" }), foreign);
    assert.deepEqual(
      installedKernels([dataFolder]).map(({ name }) => name),
      ["assay"],
    );
  });
  test("is removed, and a name that is none is named", () => {
    uninstallKernel({ dataFolder, name: "assay" });
    assert.throws(() => uninstallKernel({ dataFolder, name: "assay" }), /--name assay: there is no/);
    assert.throws(
      () => installKernel({ dataFolder, name: "a b", displayName: "x" }),
      /--name a b: Jupyter takes letters/,
    );
  });
  test("says where it cannot be, and leaves nothing there", () => {
    const file = join(dataFolder, "file");
    writeFileSync(file, "");
    const locked = join(dataFolder, "locked");
    mkdirSync(locked, { mode: 0o555 });
    // Root may write there all the same.
    const places = [file, join(file, "below"), "/proc/assay", ...(process.getuid?.() === 0 ? [] : [locked])];
    for (const place of places) {
      const install = () => installKernel({ dataFolder: place, name: "assay", displayName: "x" });
      assert.throws(install, (error) => error instanceof AssayError && /cannot be written/.test(error.message), place);
      assert.throws(() => uninstallKernel({ dataFolder: place, name: "assay" }), /--name assay: there is no/);
      assert.deepEqual(installedKernels([place]), []);
    }
    assert.deepEqual(readdirSync(locked), []);
  });
});
