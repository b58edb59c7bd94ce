import type { DataType, UpdateConstants } from "../tensor/index.ts";

/** A tensor as it crosses to the engine worker. */
export interface WireTensor {
  readonly dtype: DataType;
  readonly dims: readonly number[];
  readonly data: ArrayBufferView | readonly string[];
}

export type WireTensors = Record<string, WireTensor>;

/** An input or output of a loaded model. A string is a symbolic length. */
export interface WireValue {
  readonly name: string;
  readonly dtype: DataType | undefined;
  readonly dims: readonly (number | string)[];
}

export interface LoadedModel {
  readonly inputs: readonly WireValue[];
  readonly outputs: readonly WireValue[];
}

/** How ONNX Runtime opens a model. */
export interface EngineSessionOptions {
  /** Threads of one operator. Default: the engine's. */
  threads?: number;
  /** Graph optimisation. `all` (default) is fastest to run, `disabled` fastest to open. */
  optimization?: "disabled" | "basic" | "extended" | "all";
}

/** How a training session treats one of its parameters. */
export interface WireParameter {
  readonly name: string;
  readonly dims: readonly number[];
  readonly constants: UpdateConstants;
  /** Factor on the step's learning rate. */
  readonly rateScale: number;
}

export interface TrainingSetup {
  readonly parameters: readonly WireParameter[];
  readonly values: Record<string, Float32Array>;
  /** Outputs of one element whose sum is the loss. */
  readonly losses: readonly string[];
  /** Largest global norm of the gradients; 0 turns clipping off. */
  readonly clipNorm: number;
  /** Decay of the moving average of the parameters; 0 keeps none. */
  readonly emaDecay: number;
}

export interface TrainingStep {
  readonly feeds: WireTensors;
  readonly outputs: readonly string[];
  readonly rate: number;
  /** Steps whose gradients are summed before the parameters change; the last of them has `apply`. */
  readonly apply: boolean;
  /** Factor on the summed gradients, 1 / (number of summed steps). */
  readonly scale: number;
}

export interface TrainingStepResult {
  readonly loss: number;
  /** Global norm of the (scaled) gradients before clipping; NaN for a step that only accumulates. */
  readonly gradientNorm: number;
  readonly outputs: WireTensors;
}

/** All that a training session keeps between steps. Arrays are by parameter name. */
export interface TrainingState {
  readonly step: number;
  readonly values: Record<string, Float32Array>;
  readonly moments: Record<string, Float32Array[]>;
  readonly averages: Record<string, Float32Array> | undefined;
}

/** What the client asks of the worker. Each gets one {@link EngineReply} with its `id`. */
export type EngineRequest =
  | {
      kind: "load";
      session: number;
      model: Uint8Array | string;
      externalData: readonly { readonly path: string; readonly data: Uint8Array }[];
      options: EngineSessionOptions;
    }
  | { kind: "run"; session: number; feeds: WireTensors; outputs: readonly string[] | undefined }
  | { kind: "release"; session: number }
  | { kind: "train-begin"; session: number; setup: TrainingSetup }
  | { kind: "train-step"; session: number; step: TrainingStep }
  | { kind: "train-evaluate"; session: number; feeds: WireTensors; outputs: readonly string[]; average: boolean }
  | { kind: "train-save"; session: number }
  | { kind: "train-restore"; session: number; state: TrainingState };

/** What each kind of request is answered with. */
export interface EngineAnswers {
  load: LoadedModel;
  run: WireTensors;
  release: undefined;
  "train-begin": undefined;
  "train-step": TrainingStepResult;
  "train-evaluate": WireTensors;
  "train-save": TrainingState;
  "train-restore": undefined;
}

export type EngineReply =
  | { readonly id: number; readonly ok: true; readonly answer: EngineAnswers[keyof EngineAnswers] }
  | { readonly id: number; readonly ok: false; readonly message: string };
