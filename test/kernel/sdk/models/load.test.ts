import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { withContext } from "../../../../kernel/sdk/host.ts";
import { hardware, knownModels, loadModel } from "../../../../kernel/sdk/models/index.ts";
import { surroundings, type TestSurroundings, writeRandomPipeline } from "../../../support/random-pipeline.ts";

/** A model folder with a manifest of two of its files. */
function described(at: TestSurroundings, folder: string, changes: Record<string, unknown> = {}): string {
  const path = join(at.folder, folder);
  writeRandomPipeline(path);
  const files = Object.fromEntries(
    ["model_index.json", "unet/model.onnx"].map((name) => {
      const bytes = readFileSync(join(path, name));
      return [name, { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") }];
    }),
  );
  const manifest = {
    id: "small",
    name: "Small",
    layout: "diffusers-onnx",
    source: "this test",
    licence: "CC0-1.0",
    licenceClass: "public_domain",
    files,
    ...changes,
  };
  writeFileSync(join(path, "model.json"), JSON.stringify(manifest));
  return path;
}

test("a model with a manifest is checked, described, and noted in the record", () => {
  using at = surroundings();
  const path = described(at, "somewhere");
  const model = withContext(at.context(), () => loadModel("somewhere"));
  const { id, name, layout, licence, licenceClass, folder } = model;
  assert.deepEqual(
    { id, name, layout, licence, licenceClass, folder },
    {
      id: "small",
      name: "Small",
      layout: "diffusers-onnx",
      licence: "CC0-1.0",
      licenceClass: "public_domain",
      folder: path,
    },
  );
  const used = {
    role: "model",
    name: "small",
    sha256: model.sha256,
    bytes: model.bytes,
    licenceClass: "public_domain",
  };
  const facts = { title: "Small", licence: "CC0-1.0", source: "this test", layout: "diffusers-onnx" };
  assert.deepEqual(at.events, [{ type: "used", what: used, facts }]);
  assert.throws(() => model.file("unet/config.yaml"), { code: "model.file-missing" });
  assert.equal(model.file("unet/model.onnx"), join(path, "unet/model.onnx"));
});

test("models are found by id beside the notebook and in the store, and by path", () => {
  using at = surroundings();
  described(at, "models/beside");
  described(at, ".assay/models/stored");
  const path = described(at, "elsewhere");
  withContext(at.context(), () => {
    for (const name of ["beside", "stored", "./elsewhere", path]) assert.equal(loadModel(name).id, "small");
    assert.ok(["beside", "stored"].every((id) => knownModels().includes(id)));
    assert.throws(
      () => loadModel("nowhere"),
      (error: Error & { code: string }) => {
        assert.equal(error.code, "model.not-found");
        assert.match(error.message, /nowhere.*beside, stored/);
        return true;
      },
    );
  });
});

test("the hash names the content, not the place", () => {
  using at = surroundings();
  const path = described(at, "one");
  cpSync(path, join(at.folder, "two"), { recursive: true });
  withContext(at.context(), () => {
    assert.equal(loadModel("two").sha256, loadModel("one").sha256);
    writeRandomPipeline(join(at.folder, "three"), { scalingFactor: 0.9 });
    writeRandomPipeline(join(at.folder, "four"));
    assert.notEqual(loadModel("three").sha256, loadModel("four").sha256);
  });
});

test("truncated, changed and missing files are named with the remedy", () => {
  using at = surroundings();
  const path = described(at, "model");
  const file = join(path, "unet/model.onnx");
  const whole = readFileSync(file);
  const load = () => withContext(at.context(), () => loadModel("model"));
  load();
  writeFileSync(file, whole.subarray(0, 100));
  assert.throws(load, { code: "model.checksum", input: file, reason: `it has 100 of ${whole.length} bytes` });
  const changed = Buffer.from(whole);
  changed[200] = changed[200]! ^ 1;
  writeFileSync(file, changed);
  assert.throws(load, /SHA-256 is .* promises/);
  rmSync(file);
  assert.throws(load, { code: "model.file-missing", input: file });
  writeFileSync(file, whole);
  load();
});

test("a manifest that is no manifest is refused; one that points outside finds nothing", () => {
  using at = surroundings();
  const path = described(at, "model", { licenceClass: "free" });
  const load = () => withContext(at.context(), () => loadModel("model"));
  assert.throws(load, { code: "model.manifest", input: join(path, "model.json") });
  writeFileSync(join(path, "model.json"), "{");
  assert.throws(load, { code: "model.manifest" });
  const file = { bytes: 1, sha256: "0".repeat(64) };
  described(at, "model", { files: { "../secret": file } });
  assert.throws(load, { code: "model.file-missing" });
});

test("a folder without a manifest is of unknown class unless you declare one", () => {
  using at = surroundings();
  writeRandomPipeline(join(at.folder, "bare"));
  withContext(at.context(), () => {
    assert.equal(loadModel("bare").licenceClass, "unknown");
    assert.equal(loadModel("bare", { licenceClass: "creative_commons" }).licenceClass, "creative_commons");
    assert.equal(loadModel("bare").licenceClass, "unknown");
    assert.throws(() => loadModel("bare", { licenceClass: "free" as "unknown" }), { code: "model.licence-class" });
    described(at, "model");
    assert.equal(loadModel("model", { licenceClass: "unknown" }).licenceClass, "public_domain");
  });
});

test("hardware tells what there is", () => {
  const { threads, memory, cpu } = hardware();
  assert.ok(threads >= 1 && memory > 2 ** 27 && cpu.length > 0);
});
