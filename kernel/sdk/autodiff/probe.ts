import { problem } from "../errors.ts";
import { type Engine, type Graph, type Model, type Node, subgraphs } from "../onnx/index.ts";
import { type DataType, isFloat, type Tensor, zeros } from "../tensor/index.ts";
import { inferDataTypes } from "./dtypes.ts";
import type { Facts, Ref } from "./emitter.ts";

/** Constants above this many elements do not make what is computed from them a known value: they are weights. */
const largestKnown = 4096;

const random = new Set([
  "RandomNormal",
  "RandomUniform",
  "RandomNormalLike",
  "RandomUniformLike",
  "Bernoulli",
  "Multinomial",
]);

/**
 * Learns the shape of every value, and the content of those that depend on shapes and constants only, from one run of the model on
 * zeros.
 *
 * @param model every input has a fixed shape.
 */
export async function probe(model: Model, name: string, engine: Engine): Promise<Facts> {
  const { graph } = model;
  const dtypes = inferDataTypes(graph);
  const computed = graph.nodes.flatMap((node) => node.outputs).filter((output) => output !== "");
  const steady = steadyValues(graph);
  const shapeOf = (ref: Ref) => `probe/${ref}`;
  const shapes: Node[] = computed.map((ref) => ({
    name: shapeOf(ref),
    opType: "Shape",
    domain: "",
    inputs: [ref],
    outputs: [shapeOf(ref)],
    attributes: {},
  }));
  const wanted: { name: Ref; dtype?: DataType }[] = [
    ...computed.map((ref) => ({ name: shapeOf(ref), dtype: "int64" as const })),
    ...computed.filter((ref) => steady.has(ref)).map((ref) => ({ name: ref })),
  ];
  const probing: Model = {
    ...model,
    graph: { ...graph, nodes: [...graph.nodes, ...shapes], outputs: wanted, valueInfo: new Map() },
  };
  const feeds = Object.fromEntries(
    graph.inputs.map((input) => [input.name, zeros(input.dims as number[], input.dtype ?? "float32")]),
  );
  const facts: Facts = { dims: new Map(), dtypes, known: new Map() };
  for (const [ref, tensor] of graph.initializers)
    learn(facts, ref, tensor.dims, tensor.size <= largestKnown ? tensor : undefined);
  for (const [ref, tensor] of Object.entries(feeds)) learn(facts, ref, tensor.dims);
  await using session = await engine.load(probing, { name, optimization: "disabled" });
  const results = await session.run(feeds);
  for (const ref of computed) {
    const value = steady.has(ref) ? results[ref] : undefined;
    learn(facts, ref, results[shapeOf(ref)]!.toNumbers(), value);
    if (value) dtypes.set(ref, value.dtype);
  }
  return facts;
}

function learn(facts: Facts, ref: Ref, dims: readonly number[], known?: Tensor): void {
  facts.dims.set(ref, dims);
  if (known) facts.known.set(ref, known);
}

/** Values that are the same in every run with these shapes, and that do not come from large weights. */
function steadyValues(graph: Graph): Set<Ref> {
  const steady = new Set<Ref>();
  const varying = new Set(graph.inputs.map((input) => input.name));
  for (const [name, tensor] of graph.initializers)
    if (!varying.has(name) && tensor.size <= largestKnown) steady.add(name);
  for (const node of graph.nodes) {
    if (random.has(node.opType) || subgraphs(node).length > 0) continue;
    const fromShape = node.opType === "Shape" || node.opType === "Size";
    if (fromShape || node.inputs.every((input) => input === "" || steady.has(input)))
      for (const output of node.outputs) steady.add(output);
  }
  for (const name of graph.initializers.keys()) steady.delete(name);
  steady.delete("");
  return steady;
}

/** Gives every input of a model a fixed shape. @throws AssayError `autodiff.shape` where a length stays unknown. */
export function fixShapes(model: Model, name: string, shapes: Readonly<Record<string, readonly number[]>>): void {
  for (const input of model.graph.inputs) {
    const given = shapes[input.name];
    if (given) input.dims = [...given];
    const unknown = !input.dims || input.dims.some((dim) => typeof dim !== "number");
    if (unknown) throw problem.unknownShape(name, input.name, `[${input.dims?.join(", ") ?? "?"}]`);
  }
}

/** Whether a value can carry a gradient. */
export function carriesGradient(facts: Facts, ref: Ref): boolean {
  return isFloat(facts.dtypes.get(ref) ?? "float32");
}
