import { problem } from "../errors.ts";
import {
  cloneModel,
  type Engine,
  foldConstants,
  type Graph,
  type Model,
  type Node,
  outerReads,
  sharedEngine,
  subgraphs,
} from "../onnx/index.ts";
import { elementCount, full } from "../tensor/index.ts";
import { Emitter, type Facts, type Ref } from "./emitter.ts";
import { inlineBranches } from "./inline-branches.ts";
import { lower } from "./lower.ts";
import { carriesGradient, fixShapes, probe } from "./probe.ts";
import { raiseOpset } from "./raise-opset.ts";
import { type RuleCall, ruleKey } from "./rule.ts";
import { gradientRules, stops } from "./rules/index.ts";

export interface DifferentiateOptions {
  /** The output that holds the loss, of one element; several are added up. */
  loss: string | readonly string[];
  /** Initializers, or inputs, to differentiate with respect to. */
  parameters: readonly string[];
  /** Shapes of inputs that the model leaves open. */
  shapes?: Readonly<Record<string, readonly number[]>>;
  /** Outputs of the model to keep beside the loss. Default: all. */
  outputs?: readonly string[];
  /** How messages name the model. */
  name?: string;
  /** Where the model is run once to learn its shapes. Default: the shared engine. */
  engine?: Engine;
}

/** The output of a training model that holds the gradient of a parameter. */
export function gradientName(parameter: string): string {
  return `grad.${parameter}`;
}

/**
 * Makes the training form of a model: its parameters are inputs, and beside the loss it gives `grad.<parameter>` for each, zeros where
 * a parameter has no influence. Shapes are fixed in it.
 *
 * @throws AssayError `autodiff.no-rule` for an operator without a gradient, `autodiff.loss`, `autodiff.parameter`, `autodiff.shape`.
 */
export async function differentiate(model: Model, options: DifferentiateOptions): Promise<Model> {
  const name = options.name ?? model.graph.name;
  const training = cloneModel(model);
  const { graph } = training;
  const parameters = [...new Set(options.parameters)];
  exposeParameters(graph, parameters, name);
  foldConstants(graph);
  raiseOpset(training, name);
  fixShapes(training, name, options.shapes ?? {});
  const losses = typeof options.loss === "string" ? [options.loss] : options.loss;
  const kept = (options.outputs ?? graph.outputs.map((output) => output.name)).filter(
    (output) => !losses.includes(output),
  );
  pruneTo(graph, [...losses, ...kept]);
  const engine = options.engine ?? sharedEngine();
  let facts = await probe(training, name, engine);
  while (inlineBranches(graph, facts)) facts = await probe(training, name, engine);
  for (const loss of losses) checkLoss(facts, loss, name);
  useKnownValues(graph, facts, new Set([...losses, ...kept]));
  lower(graph, facts, dependents(graph, facts, parameters));
  const gradients = backward(graph, facts, losses, parameters, name);
  const outputs = [...losses, ...kept, ...gradients];
  graph.valueInfo.clear();
  graph.outputs = outputs.map((output) => ({
    name: output,
    dtype: facts.dtypes.get(output) ?? "float32",
    dims: facts.dims.has(output) ? [...facts.dims.get(output)!] : undefined,
  }));
  pruneTo(graph, outputs);
  return training;
}

/** Turns parameters from initializers into inputs of the same name. */
function exposeParameters(graph: Graph, parameters: readonly string[], name: string): void {
  for (const parameter of parameters) {
    const tensor = graph.initializers.get(parameter);
    if (!tensor && !graph.inputs.some((input) => input.name === parameter))
      throw problem.unknownParameter(name, parameter);
    if (!tensor) continue;
    graph.initializers.delete(parameter);
    graph.inputs = graph.inputs.filter((input) => input.name !== parameter);
    graph.inputs.push({ name: parameter, dtype: tensor.dtype, dims: [...tensor.dims] });
  }
}

function checkLoss(facts: Facts, loss: Ref, name: string): void {
  const dims = facts.dims.get(loss);
  if (!dims) throw problem.badLoss(name, loss, "the model computes no value of this name");
  if (elementCount(dims) !== 1)
    throw problem.badLoss(name, loss, `it has the shape [${dims}], and a loss is one number`);
}

/** Replaces what is computed from shapes and constants by its value. */
function useKnownValues(graph: Graph, facts: Facts, kept: ReadonlySet<Ref>): void {
  graph.nodes = graph.nodes.filter((node) => {
    if (!node.outputs.every((output) => output === "" || (facts.known.has(output) && !kept.has(output)))) return true;
    for (const output of node.outputs) if (output !== "") graph.initializers.set(output, facts.known.get(output)!);
    return false;
  });
}

/** Values through which a parameter influences others differentiably. */
function dependents(graph: Graph, facts: Facts, parameters: readonly string[]): Set<Ref> {
  const tracked = new Set<Ref>(parameters);
  for (const node of graph.nodes) {
    const reads = [...node.inputs, ...subgraphs(node).flatMap((inner) => [...outerReads(inner)])];
    if (stops.has(node.opType) || !reads.some((input) => tracked.has(input))) continue;
    for (const output of node.outputs) if (output !== "" && carriesGradient(facts, output)) tracked.add(output);
  }
  return tracked;
}

/** Walks the graph from the losses to the parameters, and appends the gradient nodes. Returns the names of the gradients. */
function backward(
  graph: Graph,
  facts: Facts,
  losses: readonly Ref[],
  parameters: readonly string[],
  name: string,
): Ref[] {
  const emit = new Emitter(graph, facts, "gradient");
  const tracked = dependents(graph, facts, parameters);
  const pending = new Map<Ref, Ref[]>();
  const give = (ref: Ref, gradient: Ref) => pending.set(ref, [...(pending.get(ref) ?? []), gradient]);
  const take = (ref: Ref): Ref | undefined => {
    const terms = pending.get(ref);
    pending.delete(ref);
    return terms && (terms.length === 1 ? terms[0] : emit.op("Sum", terms));
  };
  for (const loss of losses) give(loss, emit.constant(full(facts.dims.get(loss)!, 1, facts.dtypes.get(loss)!)));
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((output) => tracked.has(output) && pending.has(output))) continue;
    const g = node.outputs.map((output) => (tracked.has(output) ? take(output) : undefined));
    const gradients = ruleFor(node, name)(ruleCall(node, g, emit, tracked, name));
    for (const [i, gradient] of gradients.entries()) {
      if (gradient !== undefined && tracked.has(node.inputs[i]!)) give(node.inputs[i]!, gradient);
    }
  }
  const named = parameters.map((parameter) => {
    const gradient = take(parameter) ?? emit.zeros(facts.dims.get(parameter)!, facts.dtypes.get(parameter)!);
    emit.nodes.push({
      name: gradientName(parameter),
      opType: "Identity",
      domain: "",
      inputs: [gradient],
      outputs: [gradientName(parameter)],
      attributes: {},
    });
    return emit.know(gradientName(parameter), facts.dtypes.get(parameter)!, facts.dims.get(parameter)!);
  });
  graph.nodes.push(...emit.nodes);
  return named;
}

function ruleFor(node: Node, name: string) {
  const rule = gradientRules[ruleKey(node)];
  if (!rule) throw problem.noGradientRule(name, ruleKey(node), node.name || node.outputs[0]!);
  return rule;
}

function ruleCall(
  node: Node,
  g: readonly (Ref | undefined)[],
  emit: Emitter,
  tracked: ReadonlySet<Ref>,
  name: string,
): RuleCall {
  const { facts } = emit;
  const refuse = (reason: string): never => {
    throw problem.noGradientHere(name, ruleKey(node), node.name || node.outputs[0]!, reason);
  };
  return {
    node,
    x: node.inputs,
    y: node.outputs,
    g,
    emit,
    dtype: facts.dtypes.get(node.outputs[0]!) ?? "float32",
    needs: (i) => tracked.has(node.inputs[i] ?? ""),
    dims: (ref) => facts.dims.get(ref) ?? refuse(`the shape of ${ref} is not known`),
    known: (ref) => facts.known.get(ref),
    numbers: (ref) => facts.known.get(ref)?.toNumbers() ?? refuse(`${ref} is only known when the model runs`),
    refuse,
  };
}

/** Removes, in place, nodes and initializers that none of the wanted values needs. Inputs stay. */
function pruneTo(graph: Graph, wanted: readonly Ref[]): void {
  const needed = new Set<Ref>(wanted);
  const nodes: Node[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    nodes.push(node);
    for (const input of node.inputs) needed.add(input);
    for (const inner of subgraphs(node)) for (const read of outerReads(inner)) needed.add(read);
  }
  graph.nodes = nodes.reverse();
  for (const initializer of graph.initializers.keys())
    if (!needed.has(initializer)) graph.initializers.delete(initializer);
}
