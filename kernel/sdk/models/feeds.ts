import { problem } from "../errors.ts";
import type { EngineSession } from "../onnx/index.ts";
import { type DataType, float32, int32, int64, Tensor } from "../tensor/index.ts";

/** Numbers for an input, in the element type that the network declares for it. */
export function feed(session: EngineSession, name: string, values: ArrayLike<number>, dims: readonly number[]): Tensor {
  const input = session.inputs.find((candidate) => candidate.name === name);
  if (!input) {
    throw problem.modelConfig(
      session.name,
      `the network has no input ${name}, but ${session.inputs.map((i) => i.name).join(", ")}`,
    );
  }
  return castTo(input.dtype ?? "float32", values, dims);
}

/** Numbers as a tensor of any numeric element type. */
export function castTo(dtype: DataType, values: ArrayLike<number>, dims: readonly number[]): Tensor {
  switch (dtype) {
    case "int64":
      return int64(values, dims);
    case "int32":
      return int32(values, dims);
    case "float16":
      return float32(values, dims).toFloat16();
    case "float64":
      return new Tensor("float64", dims, Float64Array.from(values));
    default:
      return float32(values, dims);
  }
}
