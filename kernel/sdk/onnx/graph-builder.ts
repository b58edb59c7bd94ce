import { type DataType, float32, int64, scalar, Tensor } from "../tensor/index.ts";
import { type AttributeSpec, attribute } from "./attribute.ts";
import type { Dim, Graph, Model, Node, ValueInfo } from "./graph.ts";

/** A value in a graph under construction: an input, a parameter, a constant, or what a node makes. */
export interface Value {
  readonly name: string;
}

/** What a node can take: a value, a tensor or float32 number (which become constants), or null for an optional input left out. */
export type Operand = Value | Tensor | number | null;

export interface GraphBuilderOptions {
  /** Version of the standard operator set. Default 18. */
  opset?: number;
  /** Name of the graph. Default `"main_graph"`. */
  name?: string;
  /** Further operator sets by domain, for example `{ "com.microsoft": 1 }`. */
  opsets?: Record<string, number>;
  metadata?: Record<string, string>;
}

/** Starts an empty graph. Nodes are named like those that PyTorch's exporter writes: `/module/path/Op`, `/module/path/Op_1`, … */
export function graphBuilder(options: GraphBuilderOptions = {}): GraphBuilder {
  return new GraphBuilder(options);
}

/** Builds a {@link Model} node by node. See {@link graphBuilder}. */
export class GraphBuilder {
  readonly opset: number;
  readonly #options: GraphBuilderOptions;
  readonly #graph: Graph;
  readonly #taken = new Set<string>();
  readonly #counts = new Map<string, number>();
  readonly #parameters: string[] = [];
  #scope: string[] = [];

  constructor(options: GraphBuilderOptions) {
    this.#options = options;
    this.opset = options.opset ?? 18;
    this.#graph = {
      name: options.name ?? "main_graph",
      nodes: [],
      initializers: new Map(),
      inputs: [],
      outputs: [],
      valueInfo: new Map(),
    };
  }

  /** Names of the parameters so far, in order. */
  get parameters(): readonly string[] {
    return this.#parameters;
  }

  /** Adds an input of the graph. A string in `dims` is a symbolic length. */
  input(name: string, dtype: DataType, dims: readonly Dim[]): Value {
    this.#graph.inputs.push({ name: this.#take(name), dtype, dims: [...dims] });
    return { name };
  }

  /**
   * Adds a trainable weight under the current module path: `parameter("weight", t)` inside `scope("down_blocks.0/conv")` is named
   * `down_blocks.0.conv.weight`.
   */
  parameter(name: string, tensor: Tensor): Value {
    const full = [...this.#scope, name].join(".");
    this.#graph.initializers.set(this.#take(full), tensor);
    this.#parameters.push(full);
    return { name: full };
  }

  /** Adds a constant: a tensor, or a number as a float32 scalar. */
  constant(value: Tensor | number, name?: string): Value {
    const unique = name === undefined ? this.#unique("onnx::Constant") : this.#take(name);
    this.#graph.initializers.set(unique, typeof value === "number" ? scalar(value) : value);
    return { name: unique };
  }

  /** A constant vector of int64, as shapes and axes are given. */
  ints(...values: number[]): Value {
    return this.constant(int64(values));
  }

  /** A constant vector of float32. */
  floats(...values: number[]): Value {
    return this.constant(float32(values));
  }

  /** Adds a node with one output. @param opType `Conv`, or `com.microsoft:Gelu` for another domain. */
  op(opType: string, inputs: readonly Operand[], attributes: Record<string, AttributeSpec> = {}): Value {
    return this.ops(opType, inputs, attributes, 1)[0]!;
  }

  /** Adds a node with several outputs, for example Split. */
  ops(opType: string, inputs: readonly Operand[], attributes: Record<string, AttributeSpec>, outputs: number): Value[] {
    const [domain, type] = opType.includes(":") ? (opType.split(":") as [string, string]) : ["", opType];
    const names = inputs.map((input) => this.#operand(input));
    while (names.at(-1) === "") names.pop();
    const name = this.#unique(["", ...this.#scope.flatMap((part) => part.split("/")), type].join("/"));
    const node: Node = { name, opType: type, domain, inputs: names, outputs: [], attributes: {} };
    for (const [key, spec] of Object.entries(attributes)) node.attributes[key] = attribute(key, spec);
    for (let i = 0; i < outputs; i++) node.outputs.push(this.#take(`${name}_output_${i}`));
    this.#graph.nodes.push(node);
    return node.outputs.map((output) => ({ name: output }));
  }

  /**
   * Runs `build` with `path` added to the module path: `scope("down_blocks.0", () => scope("attentions.0", …))` names nodes
   * `/down_blocks.0/attentions.0/MatMul` and parameters `down_blocks.0.attentions.0.weight`.
   */
  scope<T>(path: string, build: () => T): T {
    const outer = this.#scope;
    this.#scope = [...outer, ...path.split("/")];
    try {
      return build();
    } finally {
      this.#scope = outer;
    }
  }

  /** Makes a value an output of the graph under `name`. Without `dims` its shape is left open. */
  output(name: string, value: Value, dtype: DataType = "float32", dims?: readonly Dim[]): void {
    if (name !== value.name) this.#rename(value, this.#take(name));
    const info: ValueInfo = { name, dtype };
    if (dims) info.dims = [...dims];
    this.#graph.outputs.push(info);
  }

  /** The finished model; the builder must not be used after. */
  build(): Model {
    return {
      irVersion: this.opset >= 21 ? 10 : 8,
      opsets: new Map([["", this.opset], ...Object.entries(this.#options.opsets ?? {})]),
      graph: this.#graph,
      metadata: { ...this.#options.metadata },
      producerName: "assay",
    };
  }

  #operand(operand: Operand): string {
    if (operand === null) return "";
    if (typeof operand === "number" || operand instanceof Tensor) return this.constant(operand).name;
    return operand.name;
  }

  /** Gives the output of a node another name; a value that is an input or was made an output already gets an Identity. */
  #rename(value: Value, to: string): void {
    const from = value.name;
    const producer = this.#graph.nodes.find((node) => node.outputs.includes(from));
    if (!producer || this.#graph.outputs.some((output) => output.name === from)) {
      this.#graph.nodes.push({
        name: `/${to}/Identity`,
        opType: "Identity",
        domain: "",
        inputs: [from],
        outputs: [to],
        attributes: {},
      });
      return;
    }
    producer.outputs = producer.outputs.map((output) => (output === from ? to : output));
    for (const node of this.#graph.nodes) node.inputs = node.inputs.map((input) => (input === from ? to : input));
    (value as { name: string }).name = to;
  }

  #take(name: string): string {
    if (this.#taken.has(name)) throw new RangeError(`the graph has a value named ${name} already`);
    this.#taken.add(name);
    return name;
  }

  #unique(name: string): string {
    let count = this.#counts.get(name) ?? 0;
    let unique = count === 0 ? name : `${name}_${count}`;
    while (this.#taken.has(unique)) unique = `${name}_${++count}`;
    this.#counts.set(name, count + 1);
    this.#taken.add(unique);
    return unique;
  }
}
