import { type AttributeSpec, attribute, dataTypeCode, type Graph, type Node } from "../onnx/index.ts";
import { type DataType, elementCount, full, int64, type Tensor } from "../tensor/index.ts";

/** The name of a value in the graph. */
export type Ref = string;

/** Types, shapes and known contents of the values of a graph. */
export interface Facts {
  readonly dims: Map<Ref, readonly number[]>;
  readonly dtypes: Map<Ref, DataType>;
  /** Values that depend on constants and shapes only. */
  readonly known: Map<Ref, Tensor>;
}

/** Adds nodes to a list, and records the shapes that its caller knows. Forms are those of operator sets 18 and later. */
export class Emitter {
  readonly nodes: Node[] = [];
  readonly facts: Facts;
  readonly #graph: Graph;
  readonly #prefix: string;
  readonly #scalars = new Map<string, Ref>();
  #count = 0;

  constructor(graph: Graph, facts: Facts, prefix: string) {
    this.#graph = graph;
    this.facts = facts;
    this.#prefix = prefix;
  }

  /** A node with one output. */
  op(opType: string, inputs: readonly (Ref | null)[], attributes: Record<string, AttributeSpec> = {}): Ref {
    return this.ops(opType, inputs, attributes, 1)[0]!;
  }

  /** A node with several outputs. */
  ops(
    opType: string,
    inputs: readonly (Ref | null)[],
    attributes: Record<string, AttributeSpec>,
    outputs: number,
  ): Ref[] {
    const name = this.#name(opType);
    const node: Node = {
      name,
      opType,
      domain: "",
      inputs: inputs.map((input) => input ?? ""),
      outputs: [],
      attributes: {},
    };
    while (node.inputs.at(-1) === "") node.inputs.pop();
    for (const [key, spec] of Object.entries(attributes)) node.attributes[key] = attribute(key, spec);
    for (let i = 0; i < outputs; i++) node.outputs.push(i === 0 ? name : `${name}:${i}`);
    this.nodes.push(node);
    return node.outputs;
  }

  /** Records type and shape of a value, and returns it. */
  know(ref: Ref, dtype: DataType, dims: readonly number[]): Ref {
    this.facts.dtypes.set(ref, dtype);
    this.facts.dims.set(ref, dims);
    return ref;
  }

  /** A constant of its own. */
  constant(tensor: Tensor): Ref {
    const name = this.#name("constant");
    this.#graph.initializers.set(name, tensor);
    this.facts.known.set(name, tensor);
    return this.know(name, tensor.dtype, tensor.dims);
  }

  /** A scalar constant, shared by all that ask for the same. */
  scalar(value: number, dtype: DataType): Ref {
    return this.#shared(`${dtype} ${value}`, () => full([], value, dtype));
  }

  /** A constant vector of int64, shared. */
  ints(values: readonly number[]): Ref {
    return this.#shared(`ints ${values}`, () => int64(values));
  }

  /** Zeros, shared. Beyond a few elements they are made at run time. */
  zeros(dims: readonly number[], dtype: DataType): Ref {
    if (elementCount(dims) <= 64) return this.#shared(`zeros ${dtype} ${dims}`, () => full(dims, 0, dtype));
    return this.op("ConstantOfShape", [this.ints(dims)], { value: full([1], 0, dtype) });
  }

  reshape(x: Ref, dims: readonly number[]): Ref {
    return this.op("Reshape", [x, this.ints(dims)], dims.includes(0) ? { allowzero: 1 } : {});
  }

  transpose(x: Ref, perm: readonly number[]): Ref {
    return perm.every((axis, index) => axis === index) ? x : this.op("Transpose", [x], { perm });
  }

  reduceSum(x: Ref, axes: readonly number[], keepdims: boolean): Ref {
    return axes.length === 0 ? x : this.op("ReduceSum", [x, this.ints(axes)], { keepdims });
  }

  reduceMean(x: Ref, axes: readonly number[]): Ref {
    return axes.length === 0 ? x : this.op("ReduceMean", [x, this.ints(axes)], { keepdims: 1 });
  }

  expand(x: Ref, dims: readonly number[]): Ref {
    return this.op("Expand", [x, this.ints(dims)]);
  }

  slice(
    x: Ref,
    starts: readonly number[],
    ends: readonly number[],
    axes: readonly number[],
    steps?: readonly number[],
  ): Ref {
    return this.op("Slice", [x, this.ints(starts), this.ints(ends), this.ints(axes), steps ? this.ints(steps) : null]);
  }

  /** Zero padding: `before` and `after` for every axis. Negative amounts cut. */
  pad(x: Ref, before: readonly number[], after: readonly number[], dtype: DataType): Ref {
    if ([...before, ...after].every((amount) => amount === 0)) return x;
    return this.op("Pad", [x, this.ints([...before, ...after]), this.scalar(0, dtype)]);
  }

  cast(x: Ref, to: DataType): Ref {
    return this.op("Cast", [x], { to: dataTypeCode(to) });
  }

  /** Sums a gradient over the axes that broadcasting added or stretched, from shape `from` back to shape `to`. */
  unbroadcast(gradient: Ref, from: readonly number[], to: readonly number[]): Ref {
    const extra = from.length - to.length;
    const axes = from.flatMap((dim, axis) => (axis < extra || (to[axis - extra] === 1 && dim !== 1) ? [axis] : []));
    if (axes.length === 0 && extra === 0) return gradient;
    const onlyLeading = axes.length === extra;
    const reduced = this.reduceSum(gradient, axes, !onlyLeading);
    return onlyLeading || extra === 0 ? reduced : this.reshape(reduced, to);
  }

  #shared(key: string, make: () => Tensor): Ref {
    let ref = this.#scalars.get(key);
    if (ref === undefined) {
      ref = this.constant(make());
      this.#scalars.set(key, ref);
    }
    return ref;
  }

  #name(part: string): string {
    return `${this.#prefix}/${part}_${this.#count++}`;
  }
}
