import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { differentiate, gradientName } from "../../../../kernel/sdk/autodiff/index.ts";
import { Engine, graphBuilder, type Model, type Operand, type TensorMap } from "../../../../kernel/sdk/onnx/index.ts";
import { bool, float32, int64, Random, type Tensor } from "../../../../kernel/sdk/tensor/index.ts";

interface Packed {
  dtype: "float32" | "int64" | "bool";
  dims: number[];
  data: number[];
}

/** One operator with what PyTorch made of it; see make_vectors.py. */
interface Case {
  name: string;
  op: string;
  opset: number;
  attributes: Record<string, number | string | number[]>;
  inputs: (Packed | null)[];
  train: number[];
  feed: number[];
  outputs: number;
  /** Further outputs that the loss does not read. */
  unused: number;
  values: Packed[];
  weights: Packed[];
  gradients: Packed[];
}

const cases = JSON.parse(
  readFileSync(new URL("../../../fixtures/autodiff/operators.json", import.meta.url), "utf8"),
) as Case[];
const engine = new Engine({ threads: 1 });
after(() => engine[Symbol.asyncDispose]());

function unpack({ dtype, dims, data }: Packed): Tensor {
  if (dtype === "int64") return int64(data.map(BigInt), dims);
  return dtype === "bool" ? bool(data, dims) : float32(data, dims);
}

/** The node, and Σ output · weight as its loss. */
function build(one: Case): Model {
  const g = graphBuilder({ opset: one.opset, opsets: { "com.microsoft": 1 } });
  const operands = one.inputs.map((input, i): Operand => {
    if (!input) return null;
    if (one.train.includes(i)) return g.parameter(`p${i}`, unpack(input));
    return one.feed.includes(i) ? g.input(`x${i}`, input.dtype, input.dims) : g.constant(unpack(input));
  });
  const values = g.ops(one.op, operands, one.attributes, one.outputs + one.unused).slice(0, one.outputs);
  const sums = values.map((value, i) => {
    const product = g.op("Mul", [value, unpack(one.weights[i]!)]);
    return g.op("Reshape", [g.op("ReduceSum", [product], { keepdims: 0 }), g.ints()]);
  });
  for (const [i, value] of values.entries()) g.output(`y${i}`, value);
  g.output(
    "loss",
    sums.reduce((sum, next) => g.op("Add", [sum, next])),
  );
  return g.build();
}

function assertClose(actual: Tensor, expected: Packed, what: string): void {
  assert.deepEqual([...actual.dims], expected.dims, `${what}: shape`);
  const scale = Math.max(1, ...expected.data.map(Math.abs));
  actual.toNumbers().forEach((value, i) => {
    assert.ok(
      Math.abs(value - expected.data[i]!) <= 2e-5 * scale,
      `${what}[${i}]: ${value} instead of ${expected.data[i]}`,
    );
  });
}

/** Compares ⟨gradient, direction⟩ with (loss(p + εd) − loss(p − εd)) / 2ε along random directions. */
async function checkDirections(
  one: Case,
  feeds: TensorMap,
  loss: (feeds: TensorMap) => Promise<number>,
  gradients: Tensor[],
): Promise<void> {
  const random = new Random(one.name);
  for (const [at, index] of one.train.entries()) {
    const start = feeds[`p${index}`]!.data as Float32Array;
    const size = 2 ** -8;
    const direction = Float32Array.from(start, () => (random.uniform() < 0.5 ? -1 : 1));
    const moved = (sign: number) =>
      float32(
        start.map((value, i) => value + sign * size * direction[i]!),
        feeds[`p${index}`]!.dims,
      );
    const [up, down] = [
      await loss({ ...feeds, [`p${index}`]: moved(1) }),
      await loss({ ...feeds, [`p${index}`]: moved(-1) }),
    ];
    const expected = gradients[at]!.toNumbers().reduce((sum, value, i) => sum + value * direction[i]!, 0);
    const tolerance =
      0.02 *
      Math.max(
        1,
        Math.abs(expected),
        Math.abs(up),
        gradients[at]!.toNumbers().reduce((s, v) => s + Math.abs(v), 0) * 0.2,
      );
    assert.ok(
      Math.abs((up - down) / (2 * size) - expected) <= tolerance,
      `${one.name} p${index}: ${(up - down) / (2 * size)} by differences, ${expected} by rule`,
    );
  }
}

/** Where the function jumps or has a kink at the inputs, a central difference says nothing. */
const kinked = /tied|ReduceProd|Clip|Relu|MaxPool|ReduceMax|ReduceMin|ReduceL1|Abs|Max|Min|Hard|Mod|TopK|Shrink|Selu/;

for (const one of cases) {
  test(`${one.name} (operator set ${one.opset}) agrees with PyTorch${kinked.test(one.name) ? "" : " and with central differences"}`, async () => {
    const model = build(one);
    const parameters = one.train.map((i) => `p${i}`);
    const training = await differentiate(model, { loss: "loss", parameters, engine, name: one.name });
    await using session = await engine.load(training, { name: one.name });
    const feeds = Object.fromEntries(
      [...one.train.map((i) => [`p${i}`, i] as const), ...one.feed.map((i) => [`x${i}`, i] as const)].map(
        ([name, i]) => [name, unpack(one.inputs[i]!)],
      ),
    );
    const results = await session.run(feeds);
    for (const [i, value] of one.values.entries()) assertClose(results[`y${i}`]!, value, `y${i}`);
    for (const [at, name] of parameters.entries())
      assertClose(results[gradientName(name)]!, one.gradients[at]!, gradientName(name));
    if (kinked.test(one.name)) return;
    const loss = async (changed: TensorMap) =>
      (await session.run(changed, { outputs: ["loss"] })).loss!.toNumbers()[0]!;
    await checkDirections(
      one,
      feeds,
      loss,
      parameters.map((name) => results[gradientName(name)]!),
    );
  });
}
