export {
  allocate,
  byteLength,
  type DataOf,
  type DataType,
  elementCount,
  isFloat,
  type NumericArray,
  viewBytes,
} from "./dtype.ts";
export { bfloatsToFloats, floatsToHalves, fromHalf, halvesToFloats, toHalf } from "./float16.ts";
export { Random, type RandomState } from "./random.ts";
export { bool, float32, full, int32, int64, scalar, Tensor, zeros } from "./tensor.ts";
export {
  type AdamWConstants,
  type LionConstants,
  momentCount,
  moveAverage,
  type SgdConstants,
  squareSum,
  type UpdateConstants,
  type UpdateStep,
  update,
} from "./updates.ts";
