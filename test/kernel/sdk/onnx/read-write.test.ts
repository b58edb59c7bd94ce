import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { fromBinary } from "@bufbuild/protobuf";
import { AssayError } from "../../../../kernel/sdk/errors.ts";
import { ModelProtoSchema } from "../../../../kernel/sdk/onnx/generated/onnx_pb.js";
import { encodeModel, graphBuilder, readModel, writeModel } from "../../../../kernel/sdk/onnx/index.ts";
import { float32, fromHalf, Random, zeros } from "../../../../kernel/sdk/tensor/index.ts";

const fixture = (name: string) => fileURLToPath(new URL(`../../../fixtures/onnx/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "assay-onnx-"));
after(() => rmSync(folder, { recursive: true }));

const problem = (code: string, input: string) => (error: unknown) => {
  assert.ok(error instanceof AssayError, String(error));
  assert.equal(error.code, code);
  assert.ok(error.input.includes(input), error.message);
  assert.ok(error.remedy.length > 10);
  return true;
};

test("what onnx's own library writes is read: every element type, raw and typed, every kind of attribute", () => {
  const { graph, ...model } = readModel(fixture("everything.onnx"), { fold: false });
  const numbers = (name: string) => graph.initializers.get(name)!.toNumbers();
  for (const kind of ["raw_float32", "raw_float64", "typed_float", "typed_double"])
    assert.deepEqual(numbers(kind), [1.5, -2]);
  for (const kind of ["raw_int8", "typed_int8"]) assert.deepEqual(numbers(kind), [-3, 4]);
  for (const kind of ["raw_int16", "typed_int16"]) assert.deepEqual(numbers(kind), [-300, 4]);
  for (const kind of ["raw_int32", "typed_int32"]) assert.deepEqual(numbers(kind), [-70000, 4]);
  for (const kind of ["raw_int64", "typed_int64"]) assert.deepEqual(numbers(kind), [-(2 ** 40), 4]);
  for (const kind of ["raw_uint8", "typed_uint8"]) assert.deepEqual(numbers(kind), [3, 250]);
  for (const kind of ["raw_uint16", "typed_uint16"]) assert.deepEqual(numbers(kind), [3, 60000]);
  for (const kind of ["raw_uint32", "typed_uint32"]) assert.deepEqual(numbers(kind), [3, 4000000000]);
  for (const kind of ["raw_uint64", "typed_uint64"])
    assert.deepEqual(graph.initializers.get(kind)!.data, BigUint64Array.of(3n, 2n ** 63n));
  for (const kind of ["raw_bool", "typed_bool"]) assert.deepEqual(numbers(kind), [1, 0]);
  assert.deepEqual(numbers("raw_float16"), [0.5, 65504, fromHalf(1)]);
  assert.deepEqual(numbers("typed_float16"), [0.5, -1]);
  assert.deepEqual(graph.initializers.get("raw_complex64")!.data, Float32Array.of(1, 2, 3, -4));
  assert.deepEqual(graph.initializers.get("typed_string")!.data, ["a", "ü"]);
  assert.deepEqual(graph.initializers.get("empty")!.dims, [0]);

  const any = graph.nodes.find((node) => node.name === "any")!;
  assert.deepEqual(any.inputs, ["x", "", "c"]);
  assert.equal(any.domain, "test.domain");
  assert.deepEqual(any.attributes.i, { type: "int", value: -3 });
  assert.deepEqual(any.attributes.f, { type: "float", value: 0.5 });
  assert.deepEqual(any.attributes.s, { type: "string", value: "text" });
  assert.deepEqual(any.attributes.ints, { type: "ints", value: [1, -(2 ** 62)] });
  assert.deepEqual(any.attributes.strings, { type: "strings", value: ["a", "b"] });
  assert.equal(any.attributes.g?.type === "graph" && any.attributes.g.value.nodes[0]!.opType, "Abs");

  assert.deepEqual(graph.inputs, [{ name: "x", dtype: "float32", dims: ["batch", 4, null] }]);
  assert.deepEqual(
    [...model.opsets],
    [
      ["", 15],
      ["test.domain", 1],
    ],
  );
  assert.deepEqual(model.metadata, { licence: "CC0-1.0", note: "ünïcode" });
  assert.deepEqual([model.irVersion, model.producerName, model.modelVersion, model.doc], [8, "test", 7, "a model"]);
});

test("a model that is read and written is the same message", () => {
  const path = fixture("everything.onnx");
  const model = readModel(path, { fold: false });
  const again = readModel(encodeModel(model), { fold: false });
  assert.deepEqual(encodeModel(again), encodeModel(model));
  // Typed fields become raw bytes and tensors in attributes lose their names; all else is equal field by field.
  const [before, after] = [new Uint8Array(readFileSync(path)), encodeModel(model)].map((bytes) =>
    fromBinary(ModelProtoSchema, bytes),
  );
  const nodes = (proto: typeof before) =>
    proto!.graph!.node.map(({ attribute, ...node }) => ({
      ...node,
      attribute: attribute.map(({ t, tensors, ...rest }) => rest),
    }));
  const tensors = (proto: typeof before) =>
    proto!.graph!.initializer.map(({ name, dims, dataType }) => ({ name, dims, dataType }));
  assert.deepEqual(nodes(after), nodes(before));
  assert.deepEqual(tensors(after), tensors(before));
  assert.deepEqual(after!.graph!.input, before!.graph!.input);
  assert.deepEqual(after!.graph!.valueInfo, before!.graph!.valueInfo);
  assert.deepEqual(after!.metadataProps, before!.metadataProps);
});

test("folding leaves plain initializers: no Constant, no Identity, each use of a shared weight its own", () => {
  const { graph } = readModel(fixture("everything.onnx"));
  assert.deepEqual(graph.nodes.map((node) => node.opType).sort(), ["Anything", "If", "Slice", "Squeeze"]);
  assert.deepEqual(graph.initializers.get("c")!.toNumbers(), [1, 2]);
  assert.deepEqual(graph.initializers.get("copy")!.toNumbers(), [1, 0]);
  assert.ok(graph.initializers.has("raw_bool"));
});

function small() {
  const g = graphBuilder({ name: "small", metadata: { licence: "CC0-1.0" } });
  const x = g.input("x", "float32", ["batch", 4]);
  const w = g.parameter("w", new Random("w").normalTensor([4, 300]));
  g.output("y", g.op("Gemm", [x, w, g.parameter("b", zeros([300]))]), "float32", ["batch", 300]);
  return g.build();
}

test("half-precision storage halves the file and comes back as plain float32 weights, rounded once", () => {
  const [full, half] = [join(folder, "full.onnx"), join(folder, "half.onnx")];
  writeModel(small(), full);
  writeModel(small(), half, { halfWeights: true });
  assert.ok(readFileSync(half).length < 0.6 * readFileSync(full).length);
  const { graph } = readModel(half);
  assert.deepEqual(
    graph.nodes.map((node) => node.opType),
    ["Gemm"],
  );
  const [expected, actual] = [small(), { graph }].map((model) => model.graph.initializers.get("w")!);
  assert.equal(actual!.dtype, "float32");
  assert.deepEqual(actual!.toNumbers(), expected!.toFloat16().toNumbers());
  writeModel(readModel(half), join(folder, "again.onnx"), { halfWeights: true });
  assert.deepEqual(readFileSync(join(folder, "again.onnx")).length, readFileSync(half).length);
});

test("equal models give equal bytes", () => {
  assert.deepEqual(encodeModel(small()), encodeModel(small()));
});

test("weights beside the model are read, and written under a name of its own", () => {
  const model = readModel(fixture("external.onnx"));
  assert.deepEqual(
    model.graph.initializers.get("w")!.toNumbers().slice(0, 3),
    Array.from(Float32Array.of(0, 0.1, 0.2)),
  );
  const path = join(folder, "beside.onnx");
  writeModel(small(), path, { externalData: true });
  assert.ok(readdirSync(folder).includes("beside.onnx_data"));
  assert.ok(readFileSync(path).length < 1000);
  assert.deepEqual(readModel(path).graph.initializers.get("w")!.data, small().graph.initializers.get("w")!.data);
  writeModel(readModel(path), path, { externalData: true });
  assert.deepEqual(readModel(path).graph.initializers.get("w")!.data, small().graph.initializers.get("w")!.data);
});

test("data outside the model's folder, missing data and data that ends early are refused", () => {
  assert.throws(() => readModel(fixture("escape-parent.onnx")), problem("model.data-escapes", "escape-parent.onnx"));
  assert.throws(
    () => readModel(fixture("escape-absolute.onnx")),
    problem("model.data-escapes", "escape-absolute.onnx"),
  );
  assert.throws(() => readModel(fixture("missing.onnx")), problem("model.data-missing", "missing.onnx"));
  writeFileSync(join(folder, "external.onnx"), readFileSync(fixture("external.onnx")));
  writeFileSync(join(folder, "external.onnx_data"), readFileSync(fixture("external.onnx_data")).subarray(0, 60));
  assert.throws(() => readModel(join(folder, "external.onnx")), problem("model.corrupt", "external.onnx"));
  assert.throws(
    () => readModel(readFileSync(fixture("external.onnx")), { name: "bytes" }),
    problem("model.data-missing", "bytes"),
  );
});

test("a truncated model, one that is none, and one that is not there are named with what to do", () => {
  const whole = readFileSync(fixture("everything.onnx"));
  for (const length of [0, 1, 10, 100, 500, 1000, whole.length - 200, whole.length - 1]) {
    const path = join(folder, `cut-${length}.onnx`);
    writeFileSync(path, whole.subarray(0, length));
    assert.throws(() => readModel(path), problem("model.corrupt", `cut-${length}.onnx`));
  }
  writeFileSync(join(folder, "text.onnx"), "version https://git-lfs.github.com/spec/v1\n");
  assert.throws(() => readModel(join(folder, "text.onnx")), problem("model.corrupt", "text.onnx"));
  assert.throws(() => readModel(join(folder, "nowhere.onnx")), problem("model.unreadable", "nowhere.onnx"));
});

test("a write that fails leaves nothing behind", () => {
  const before = readdirSync(folder);
  assert.throws(() => writeModel(small(), join(folder, "no/such/folder/model.onnx")));
  const broken = small();
  broken.graph.initializers.set("w", float32([1]).reshape([1]));
  Object.defineProperty(broken.graph.initializers.get("w")!, "data", { get: () => assert.fail("unreadable weight") });
  assert.throws(() => writeModel(broken, join(folder, "broken.onnx")));
  assert.deepEqual(readdirSync(folder), before);
});
