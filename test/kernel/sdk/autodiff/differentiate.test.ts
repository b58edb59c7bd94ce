import assert from "node:assert/strict";
import { after, test } from "node:test";
import { differentiate, gradientName } from "../../../../kernel/sdk/autodiff/index.ts";
import { AssayError } from "../../../../kernel/sdk/errors.ts";
import {
  Engine,
  encodeModel,
  type Graph,
  graphBuilder,
  type Model,
  type TensorMap,
} from "../../../../kernel/sdk/onnx/index.ts";
import { bool, float32, int64, scalar, Tensor } from "../../../../kernel/sdk/tensor/index.ts";

const engine = new Engine({ threads: 1 });
after(() => engine[Symbol.asyncDispose]());

async function gradients(
  model: Model,
  parameters: string[],
  feeds: TensorMap,
  loss: string | string[] = "loss",
): Promise<TensorMap> {
  const shapes = Object.fromEntries(Object.entries(feeds).map(([name, { dims }]) => [name, dims]));
  const training = await differentiate(model, { loss, parameters, shapes, engine });
  await using session = await engine.load(training);
  const weights = parameters.map((name) => [name, model.graph.initializers.get(name) ?? feeds[name]!] as const);
  return session.run({ ...feeds, ...Object.fromEntries(weights) });
}

const of = (results: TensorMap, name: string) => results[gradientName(name)]!.toNumbers();

function rejectsWith(code: string, pattern: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof AssayError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, pattern);
    return true;
  };
}

test("a value used several times, a shared weight and one behind an Identity gather all their gradients", async () => {
  const g = graphBuilder();
  const w = g.parameter("w", float32([2, 3]));
  const square = g.op("Mul", [w, w]);
  const copy = g.op("Identity", [w]);
  const sum = g.op("Add", [g.op("Mul", [square, copy]), g.op("Add", [square, w])]);
  g.output("loss", g.op("ReduceSum", [sum], { keepdims: 0 }));
  // w³ + w² + w → 3w² + 2w + 1
  assert.deepEqual(of(await gradients(g.build(), ["w"], {}), "w"), [17, 34]);
});

test("a parameter without influence, and one behind a comparison, get zeros", async () => {
  const g = graphBuilder();
  const [a, b] = [g.parameter("a", float32([1, -2])), g.parameter("b", float32([3, 4]))];
  g.parameter("unused", float32(new Float32Array(100), [10, 10]));
  const mask = g.op("Cast", [g.op("Greater", [b, 3.5])], { to: 1 });
  g.output("loss", g.op("ReduceSum", [g.op("Mul", [a, mask])], { keepdims: 0 }));
  const results = await gradients(g.build(), ["a", "b", "unused"], {});
  assert.deepEqual(of(results, "a"), [0, 1]);
  assert.deepEqual(of(results, "b"), [0, 0]);
  assert.deepEqual([results["grad.unused"]!.dims, new Set(of(results, "unused"))], [[10, 10], new Set([0])]);
});

test("several losses add up, further outputs stay, and an input can be differentiated too", async () => {
  const g = graphBuilder();
  const [x, w] = [g.input("x", "float32", ["n"]), g.parameter("w", scalar(3))];
  const y = g.op("Mul", [x, w]);
  g.output("y", y);
  g.output("first", g.op("ReduceSum", [y], { keepdims: 0 }));
  g.output("second", g.op("ReduceMean", [g.op("Mul", [y, y])], { keepdims: 1 }));
  const model = g.build();
  const feeds = { x: float32([1, 2]) };
  const results = await gradients(model, ["w", "x"], feeds, ["first", "second"]);
  assert.deepEqual(of(results, "w"), [3 + 15]);
  assert.deepEqual(of(results, "x"), [3 + 9, 3 + 18]);
  assert.deepEqual(results.y!.toNumbers(), [3, 6]);
  const lean = await differentiate(model, {
    loss: "first",
    parameters: ["w"],
    shapes: { x: [2] },
    outputs: [],
    engine,
  });
  assert.deepEqual(
    lean.graph.outputs.map(({ name }) => name),
    ["first", "grad.w"],
  );
});

test("integer and boolean inputs stop the gradient and keep their types", async () => {
  const g = graphBuilder();
  const table = g.parameter("table", float32([1, 2, 3, 4, 5, 6], [3, 2]));
  const rows = g.op("Gather", [table, g.input("ids", "int64", ["n"])]);
  const chosen = g.op("Where", [g.input("keep", "bool", ["n", 1]), rows, 0]);
  g.output("loss", g.op("ReduceSum", [chosen], { keepdims: 0 }));
  const feeds = { ids: int64([2, 0, 2]), keep: bool([1, 0, 1], [3, 1]) };
  assert.deepEqual(of(await gradients(g.build(), ["table"], feeds), "table"), [0, 0, 0, 0, 2, 2]);
});

test("a branch whose condition follows from shapes is inlined; another on the way is refused", async () => {
  const branch = (opType: string): Graph => {
    const node = { name: opType, opType, domain: "", inputs: ["doubled"], outputs: ["result"], attributes: {} };
    return {
      name: opType,
      nodes: [node],
      initializers: new Map(),
      inputs: [],
      outputs: [{ name: "result", dtype: "float32", dims: [3] }],
      valueInfo: new Map(),
    };
  };
  const build = (known: boolean) => {
    const g = graphBuilder();
    const w = g.parameter("w", float32([0.5, 1, 2]));
    const doubled = g.op("Mul", [w, 2]);
    const model = g.build();
    model.graph.nodes[0]!.outputs = ["doubled"];
    const h = graphBuilder();
    const condition = known
      ? h.op("Equal", [
          h.op("Gather", [h.op("Shape", [w]), h.constant(scalar(0, "int64"))]),
          h.constant(scalar(3, "int64")),
        ])
      : h.input("condition", "bool", []);
    const result = h.op("If", [condition], { then_branch: branch("Exp"), else_branch: branch("Neg") });
    h.output("loss", h.op("ReduceSum", [result], { keepdims: 0 }));
    const rest = h.build();
    model.graph.nodes.push(...rest.graph.nodes);
    for (const [name, tensor] of rest.graph.initializers) model.graph.initializers.set(`c/${name}`, tensor);
    for (const node of rest.graph.nodes)
      node.inputs = node.inputs.map((name) => (rest.graph.initializers.has(name) ? `c/${name}` : name));
    model.graph.inputs = rest.graph.inputs;
    model.graph.outputs = rest.graph.outputs;
    assert.ok(doubled);
    return model;
  };
  const actual = of(await gradients(build(true), ["w"], {}), "w");
  for (const [i, w] of [0.5, 1, 2].entries()) assert.ok(Math.abs(actual[i]! - 2 * Math.exp(2 * w)) < 1e-4);
  await assert.rejects(
    gradients(build(false), ["w"], { condition: bool([1], []) }),
    rejectsWith("autodiff.no-rule", /node \/If: the operator If lies between/),
  );
});

test("an operator without a rule is named, with its node and what to do; off the way to a weight it does not matter", async () => {
  const build = (trained: boolean) => {
    const g = graphBuilder({ name: "net" });
    const x = g.input("x", "float32", [1, 1, 4, 4]);
    const w = g.parameter("w", scalar(2));
    const grid = g.constant(float32(new Float32Array(8), [1, 2, 2, 2]));
    const sampled = g.scope("warp", () => g.op("GridSample", [trained ? g.op("Mul", [x, w]) : x, grid]));
    g.output("loss", g.op("ReduceMean", [g.op("Mul", [sampled, w])], { keepdims: 0 }));
    return g.build();
  };
  const feeds = { x: float32(new Float32Array(16).fill(3), [1, 1, 4, 4]) };
  await assert.rejects(
    gradients(build(true), ["w"], feeds),
    rejectsWith(
      "autodiff.no-rule",
      /net, node \/warp\/GridSample: the operator GridSample lies between .* Train weights behind it only/,
    ),
  );
  assert.ok(Math.abs(of(await gradients(build(false), ["w"], feeds), "w")[0]! - 3) < 1e-6);
});

test("what a rule cannot do here is refused with the reason", async () => {
  const g = graphBuilder({ name: "net" });
  const w = g.parameter("w", float32([1, 2, 3, 4]));
  const start = g.input("start", "int64", [1]);
  g.output("loss", g.op("ReduceSum", [g.op("Slice", [w, start, g.ints(4)])], { keepdims: 0 }));
  await assert.rejects(
    gradients(g.build(), ["w"], { start: int64([1]) }),
    rejectsWith("autodiff.no-gradient", /\/Slice: .*start is only known when the model runs/),
  );
});

test("a loss that is no number, is not there, an unknown weight and an open shape are refused", async () => {
  const g = graphBuilder({ name: "net" });
  const y = g.op("Mul", [g.input("x", "float32", ["batch", 2]), g.parameter("w", float32([1, 2]))]);
  g.output("y", y);
  g.output("loss", g.op("ReduceSum", [y], { keepdims: 0 }));
  const model = g.build();
  const attempt = (options: Partial<Parameters<typeof differentiate>[1]>) =>
    differentiate(model, { loss: "loss", parameters: ["w"], shapes: { x: [3, 2] }, engine, ...options });
  await assert.rejects(attempt({ loss: "y" }), rejectsWith("autodiff.loss", /loss y: it has the shape \[3,2\]/));
  await assert.rejects(
    attempt({ loss: "lost" }),
    rejectsWith("autodiff.loss", /loss lost: the model computes no value of this name/),
  );
  await assert.rejects(attempt({ parameters: ["v"] }), rejectsWith("autodiff.parameter", /parameter v/));
  await assert.rejects(
    attempt({ shapes: {} }),
    rejectsWith("autodiff.shape", /input x: its shape \[batch, 2\] is not fixed/),
  );
  await attempt({});
});

test("the given model stays as it was, and equal models differentiate to equal bytes", async () => {
  const build = () => {
    const g = graphBuilder({ opset: 14 });
    const x = g.input("x", "float32", ["batch", 4]);
    const w = g.parameter("w", float32([1, 2, 3, 4]));
    const scaled = g.op("Mul", [g.op("Dropout", [g.op("Identity", [x])]), w]);
    g.output("loss", g.op("ReduceMean", [scaled], { axes: [0, 1], keepdims: 0 }));
    return g.build();
  };
  const model = build();
  const before = encodeModel(model);
  const options = { loss: "loss", parameters: ["w"], shapes: { x: [3, 4] }, engine };
  const first = encodeModel(await differentiate(model, options));
  assert.deepEqual(encodeModel(model), before);
  assert.deepEqual(encodeModel(await differentiate(build(), options)), first);
});

test("what only shapes decide is computed once: no Shape node is left on the way", async () => {
  const g = graphBuilder();
  const x = g.input("x", "float32", ["batch", 6]);
  const w = g.parameter("w", float32([1, 2, 3, 4, 5, 6]));
  const half = g.op("Div", [g.op("Slice", [g.op("Shape", [x]), g.ints(1), g.ints(2)]), g.ints(2)]);
  const y = g.op("Slice", [g.op("Mul", [x, w]), g.ints(0), half, g.ints(1)]);
  g.output("loss", g.op("ReduceSum", [y], { keepdims: 0 }));
  const feeds = { x: float32([1, 2, 3, 4, 5, 6], [1, 6]) };
  const model = g.build();
  assert.deepEqual(of(await gradients(model, ["w"], feeds), "w"), [1, 2, 3, 0, 0, 0]);
  const training = await differentiate(model, { loss: "loss", parameters: ["w"], shapes: { x: [1, 6] }, engine });
  assert.deepEqual(
    training.graph.nodes.filter(({ opType }) => opType === "Shape" || opType === "Div"),
    [],
  );
});

test("float16 and float64 nets are differentiated in their own type", async () => {
  for (const dtype of ["float64", "float16"] as const) {
    const g = graphBuilder();
    const make = (values: number[]): Tensor =>
      dtype === "float16"
        ? float32(values).toFloat16()
        : new Tensor("float64", [values.length], Float64Array.from(values));
    const w = g.parameter("w", make([0.5, 2]));
    const y = g.op("Sigmoid", [g.op("Mul", [w, w])]);
    g.output("loss", g.op("ReduceSum", [y], { keepdims: 0 }), dtype);
    const actual = of(await gradients(g.build(), ["w"], {}), "w");
    for (const [i, value] of [0.5, 2].entries()) {
      const s = 1 / (1 + Math.exp(-value * value));
      assert.ok(
        Math.abs(actual[i]! - 2 * value * s * (1 - s)) < (dtype === "float64" ? 1e-12 : 2e-3),
        `${dtype}: ${actual[i]}`,
      );
    }
  }
});
