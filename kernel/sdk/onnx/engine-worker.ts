import { availableParallelism } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { DataType } from "../tensor/index.ts";
import type {
  EngineAnswers,
  EngineReply,
  EngineRequest,
  LoadedModel,
  WireTensor,
  WireTensors,
  WireValue,
} from "./engine-protocol.ts";
import { TrainingSession } from "./training-session.ts";

/** Owns every InferenceSession: `run` blocks the thread that calls it, so it gets one of its own. */
const sessions = new Map<number, InferenceSession>();
const trainings = new Map<number, TrainingSession>();
const port = parentPort!;
/** 1 while ONNX Runtime may be at work: the process must not end then (see `Engine`). */
const busy = workerData as Int32Array;

// ONNX Runtime's binding does not know this type of array; without it, half floats are passed as bits.
Reflect.deleteProperty(globalThis, "Float16Array");

port.on("message", async ({ id, request }: { id: number; request: EngineRequest }) => {
  Atomics.store(busy, 0, 1);
  try {
    const answer = await answers(request);
    reply({ id, ok: true, answer }, request.kind === "train-evaluate" || request.kind === "run" ? answer : undefined);
  } catch (error) {
    reply({ id, ok: false, message: error instanceof Error ? error.message : String(error) });
  } finally {
    Atomics.store(busy, 0, 0);
    Atomics.notify(busy, 0);
  }
});

async function answers(request: EngineRequest): Promise<EngineAnswers[keyof EngineAnswers]> {
  switch (request.kind) {
    case "load":
      return load(request);
    case "run":
      return run(session(request.session), request.feeds, request.outputs);
    case "release":
      trainings.delete(request.session);
      await sessions.get(request.session)?.release();
      sessions.delete(request.session);
      return undefined;
    case "train-begin": {
      const runner = session(request.session);
      trainings.set(
        request.session,
        new TrainingSession(request.setup, (feeds, outputs) => run(runner, feeds, outputs)),
      );
      return undefined;
    }
    case "train-step":
      return training(request.session).step(request.step);
    case "train-evaluate":
      return training(request.session).evaluate(request.feeds, request.outputs, request.average);
    case "train-save":
      return training(request.session).save();
    case "train-restore":
      training(request.session).restore(request.state);
      return undefined;
  }
}

function session(handle: number): InferenceSession {
  const found = sessions.get(handle);
  if (!found) throw new Error("the model was released");
  return found;
}

function training(handle: number): TrainingSession {
  const found = trainings.get(handle);
  if (!found) throw new Error("the training run was ended");
  return found;
}

async function load(request: Extract<EngineRequest, { kind: "load" }>): Promise<LoadedModel> {
  const { session: handle, model, externalData, options } = request;
  const settings: InferenceSession.SessionOptions = {
    executionProviders: ["cpu"],
    intraOpNumThreads: options.threads ?? availableParallelism(),
    interOpNumThreads: 1,
    graphOptimizationLevel: options.optimization ?? "all",
    logSeverityLevel: 4,
    ...(externalData.length > 0 && { externalData }),
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  };
  const opened = await (typeof model === "string"
    ? InferenceSession.create(model, settings)
    : InferenceSession.create(model, settings));
  sessions.set(handle, opened);
  return { inputs: opened.inputMetadata.map(wireValue), outputs: opened.outputMetadata.map(wireValue) };
}

function wireValue(value: InferenceSession.ValueMetadata): WireValue {
  if (!value.isTensor) return { name: value.name, dtype: undefined, dims: [] };
  return { name: value.name, dtype: value.type as DataType, dims: value.shape };
}

async function run(
  opened: InferenceSession,
  feeds: WireTensors,
  outputs: readonly string[] | undefined,
): Promise<WireTensors> {
  const inputs: Record<string, Tensor> = {};
  for (const [name, { dtype, data, dims }] of Object.entries(feeds))
    inputs[name] = new Tensor(dtype as "float32", data as Float32Array, dims);
  const results = await opened.run(inputs, outputs ?? opened.outputNames);
  return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, wireTensor(value as Tensor)]));
}

function wireTensor(value: Tensor): WireTensor {
  return { dtype: value.type as DataType, dims: value.dims, data: value.data as ArrayBufferView | string[] };
}

/** Sends an answer; the buffers of output tensors are handed over instead of copied. */
function reply(message: EngineReply, tensors?: EngineAnswers[keyof EngineAnswers]): void {
  const buffers = new Set<ArrayBuffer>();
  for (const { data } of Object.values((tensors ?? {}) as WireTensors)) {
    if (!Array.isArray(data) && (data as ArrayBufferView).buffer instanceof ArrayBuffer)
      buffers.add((data as ArrayBufferView).buffer as ArrayBuffer);
  }
  port.postMessage(message, [...buffers]);
}
