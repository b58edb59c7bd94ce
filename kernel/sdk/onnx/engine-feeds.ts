import { problem } from "../errors.ts";
import { cellContext } from "../host.ts";
import { type DataOf, type DataType, Tensor } from "../tensor/index.ts";
import type { WireTensor, WireTensors, WireValue } from "./engine-protocol.ts";

/** Tensors by the name of an input or output. */
export type TensorMap = Record<string, Tensor>;

/** The abort reason itself, or a problem that names the model and the shapes that it was given. */
export function runProblem(model: string, feeds: TensorMap, error: unknown, signal: AbortSignal | undefined): unknown {
  for (const one of [signal, cellContext().signal]) if (one?.aborted) return one.reason;
  const shapes = Object.entries(feeds).map(([name, { dtype, dims }]) => `${name} ${dtype}[${dims}]`);
  return problem.engineRun(model, shapes.join(", "), reason(error), error);
}

/** The text of whatever was thrown. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Compares feeds with the inputs of a model. @throws AssayError `engine.input`. */
export function checkFeeds(model: string, inputs: readonly WireValue[], feeds: TensorMap): void {
  for (const { name, dtype, dims } of inputs) {
    const feed = feeds[name];
    if (!feed) throw problem.engineInput(model, name, `the input is missing (it takes ${dtype}[${dims}])`);
    if (dtype && feed.dtype !== dtype) throw problem.engineInput(model, name, `it takes ${dtype}, not ${feed.dtype}`);
    const fits =
      feed.dims.length === dims.length && dims.every((dim, axis) => typeof dim === "string" || dim === feed.dims[axis]);
    if (dtype && !fits && dims.length > 0)
      throw problem.engineInput(model, name, `it takes the shape [${dims}], not [${feed.dims}]`);
  }
  const unknown = Object.keys(feeds).find((name) => !inputs.some((input) => input.name === name));
  if (unknown)
    throw problem.engineInput(
      model,
      unknown,
      `there is no such input; it has ${inputs.map(({ name }) => name).join(", ")}`,
    );
}

/** Tensors in the form that crosses threads. A view of a larger array is cut out first, or all of that array would cross. */
export function toWire(tensors: TensorMap): WireTensors {
  const wire = ({ dtype, dims, data }: Tensor): WireTensor => {
    const view = !Array.isArray(data) && data.byteLength < data.buffer.byteLength;
    return { dtype, dims, data: view ? data.slice() : data };
  };
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, wire(tensor)]));
}

/** Tensors from the form that crosses threads. */
export function fromWire(wire: WireTensors): TensorMap {
  return Object.fromEntries(
    Object.entries(wire).map(([name, { dtype, dims, data }]) => [
      name,
      new Tensor(dtype, dims, data as DataOf<DataType>),
    ]),
  );
}
