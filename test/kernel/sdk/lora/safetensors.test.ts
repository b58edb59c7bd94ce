import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readSafetensors, writeSafetensors } from "../../../../kernel/sdk/lora/safetensors.ts";
import { float32, full, Random, type Tensor, zeros } from "../../../../kernel/sdk/tensor/index.ts";

const folder = new URL("../../../fixtures/lora/", import.meta.url);
const reference = readFileSync(new URL("reference.safetensors", folder));
interface Fact {
  dtype: string;
  shape: number[];
  values: number[];
}
const facts: Record<string, Fact> = JSON.parse(readFileSync(new URL("reference.json", folder), "utf8"));

/** A file with any header, followed by `data` bytes. */
function file(header: unknown, data = 0): Uint8Array {
  const json = Buffer.from(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

test("a file of the safetensors library is read, half floats included", () => {
  const { tensors, metadata } = readSafetensors(reference, "reference.safetensors");
  assert.deepEqual(metadata, { ss_network_dim: "4", note: "grüß" });
  assert.deepEqual([...tensors.keys()].sort(), Object.keys(facts).sort());
  for (const [key, { dtype, shape, values }] of Object.entries(facts)) {
    const tensor = tensors.get(key)!;
    assert.equal(tensor.dtype, dtype);
    assert.deepEqual(tensor.dims, shape);
    assert.deepEqual(tensor.toNumbers(), values);
  }
});

test("what is written is byte for byte what the library writes", () => {
  const { tensors, metadata } = readSafetensors(reference, "reference.safetensors");
  const ours = writeSafetensors(new Map([...tensors].reverse()), metadata);
  assert.equal(ours.length, reference.length);
  const again = readSafetensors(ours, "ours");
  assert.deepEqual(Object.fromEntries(again.tensors), Object.fromEntries(tensors));
  // The library orders metadata by hash, so only the tensors' bytes are compared.
  const headerLength = Number(new DataView(ours.buffer).getBigUint64(0, true));
  assert.deepEqual(Buffer.from(ours.subarray(8 + headerLength)), reference.subarray(8 + headerLength));
});

test("equal contents give equal bytes, whatever the order", () => {
  const random = new Random(1);
  const [x, y] = [random.normalTensor([3, 4]), random.normalTensor([2]).toFloat16()];
  const one = writeSafetensors(
    new Map<string, Tensor>([
      ["x", x],
      ["y", y],
    ]),
    { b: "2", a: "1" },
  );
  const other = writeSafetensors(
    new Map<string, Tensor>([
      ["y", y],
      ["x", x],
    ]),
    { a: "1", b: "2" },
  );
  assert.deepEqual(one, other);
});

test("bfloat16 survives the round trip", () => {
  const weights = full([2, 2], 0, "bfloat16");
  weights.data.set([0x3f80, 0xbf80, 0x4049, 0]);
  const { tensors } = readSafetensors(writeSafetensors(new Map([["w", weights]])), "w");
  assert.deepEqual(tensors.get("w")!.toNumbers(), [1, -1, 3.140625, 0]);
});

test("a truncated file says how much of it is there", () => {
  const whole = writeSafetensors(new Map([["w", zeros([10, 10])]]));
  for (const length of [0, 7, 20, whole.length - 1]) {
    assert.throws(() => readSafetensors(whole.subarray(0, length), "cut.safetensors"), {
      name: "AssayError",
      code: "safetensors.corrupt",
      input: "cut.safetensors",
    });
  }
  assert.throws(() => readSafetensors(whole.subarray(0, whole.length - 4), "cut"), /396 of 400 bytes/);
});

test("hostile headers are refused", () => {
  const entry = (shape: unknown, offsets: unknown, dtype = "F32") => ({ dtype, shape, data_offsets: offsets });
  const hostile: [string, Uint8Array][] = [
    ["no JSON", file("{")],
    ["a list", file([])],
    ["null", file("null")],
    ["overlap", file({ a: entry([1], [0, 4]), b: entry([1], [0, 4]) }, 8)],
    ["gap", file({ a: entry([1], [0, 4]), b: entry([1], [8, 12]) }, 12)],
    ["backwards", file({ a: entry([0], [4, 0]) }, 4)],
    ["negative", file({ a: entry([1], [-4, 0]) }, 4)],
    ["too long for its shape", file({ a: entry([1], [0, 8]) }, 8)],
    ["overflowing shape", file({ a: entry([2 ** 40, 2 ** 40], [0, 4]) }, 4)],
    ["negative length", file({ a: entry([-1, -1], [0, 4]) }, 4)],
    ["unknown type", file({ a: entry([1], [0, 4], "F99") }, 4)],
    ["trailing bytes", file({ a: entry([1], [0, 4]) }, 5)],
    ["metadata numbers", file({ __metadata__: { a: 1 } })],
    [
      "huge header",
      (() => {
        const bytes = new Uint8Array(16);
        new DataView(bytes.buffer).setBigUint64(0, 2n ** 63n, true);
        return bytes;
      })(),
    ],
  ];
  for (const [what, bytes] of hostile) {
    assert.throws(() => readSafetensors(bytes, "hostile"), { code: "safetensors.corrupt" }, what);
  }
});

test("a key named like a property of objects is only a key", () => {
  const { tensors } = readSafetensors(file('{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4), "odd");
  assert.deepEqual([...tensors.keys()], ["__proto__"]);
  assert.deepEqual(readSafetensors(writeSafetensors(new Map([["constructor", float32([1])]])), "odd").tensors.size, 1);
});
