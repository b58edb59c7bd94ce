import { dirname, resolve } from "node:path";
import { makeFolder } from "../../store/make-folder.ts";
import { type Clearance, defaultPolicy, gateDataset, gateTraining } from "../compliance/index.ts";
import { type DiffusionModel, diffusionModel } from "../diffusion/index.ts";
import { problem } from "../errors.ts";
import { cellContext } from "../host.ts";
import { loraFromBytes, loraToTensors, writeSafetensors } from "../lora/index.ts";
import { keepArtifact, progress } from "../media/index.ts";
import { writeAtomically } from "../onnx/index.ts";
import { adaptNetworks } from "./adapted-networks.ts";
import { loraMetadata } from "./lora-metadata.ts";
import { type LoraRequest, loraRequest, type TrainLoraOptions } from "./lora-options.ts";
import { runTraining } from "./lora-run.ts";
import { TrainedLora } from "./trained-lora.ts";

/** MIME type of a LoRA file. */
const safetensorsMime = "application/vnd.safetensors";

/**
 * Trains a LoRA (Hu et al. 2021) of a latent diffusion model on a data set, on this machine, without Python: branches are put beside
 * the chosen weights of the UNet's ONNX graph, the graph is differentiated, and ONNX Runtime runs it. Shows progress with loss and
 * time left. Interrupting the cell leaves nothing half-written. The same options and seed give a bit-identical file on the same kind
 * of processor and number of threads.
 *
 * @example
 * const lora = await train.lora({ dataset, steps: 240, rank: 8, learningRate: 1e-3 });
 *
 * @throws AssayError `option.invalid`, `lora.targets`, `training.diverged`, and those of loading the model
 * @throws ComplianceError where the data set's mode or class, or the base model's class, breaks the mode
 */
export async function trainLora(options: TrainLoraOptions): Promise<TrainedLora> {
  const context = cellContext();
  const request = loraRequest(options);
  const { dataset } = request;
  const name = request.name ?? dataset.name;
  const seed = request.seed ?? context.seed;
  const policy = request.policy ?? defaultPolicy;
  gateDataset(dataset, context.mode);
  const diffusion = diffusionModel(request.model);
  const { model } = diffusion;
  const clearance = gateTraining({ dataset, base: model }, request.mode ?? context.mode, policy);
  const size = trainingSize(request, diffusion);
  const networks = adaptNetworks(diffusion, request, seed);
  const bar = progress({ label: `train ${name}`, total: Math.max(1, request.steps) });
  try {
    const { values, losses } = await runTraining(networks, diffusion, request, { seed, size, bar });
    const layers = networks.layers(values);
    const { alpha } = networks;
    const metadata = loraMetadata(layers, { name, model, request, alpha, seed, policyVersion: policy.version });
    const bytes = writeSafetensors(loraToTensors(layers, request.keys), metadata);
    context.signal.throwIfAborted();
    const { ref: artifact } = keepArtifact(bytes, safetensorsMime);
    const file = request.output === undefined ? undefined : resolve(context.baseFolder, request.output);
    if (file !== undefined) writeFile(file, bytes);
    bar.finish();
    const trained = new TrainedLora({
      ...loraFromBytes(bytes, `${name}.safetensors`, { name }),
      artifact,
      file,
      losses,
      rank: request.rank,
      alpha,
      steps: request.steps,
      seed,
      base: model.id,
      dataset: { name: dataset.name, sha256: dataset.sha256, size: dataset.captions.length },
      mode: dataset.mode,
      combinedClass: clearance.licenceClass,
    });
    recordTraining(trained, model.sha256, request, clearance);
    return trained;
  } catch (error) {
    bar.fail();
    throw error;
  }
}

function trainingSize({ resolution }: LoraRequest, { size, granularity, model }: DiffusionModel): number {
  const edge = resolution ?? size;
  if (edge % granularity === 0) return edge;
  const remedy = `Use ${Math.max(1, Math.round(edge / granularity)) * granularity}`;
  const reason = `${model.id} takes pictures whose edges are multiples of ${granularity}`;
  throw problem.invalidOption("train.lora", "resolution", String(edge), reason, remedy);
}

function writeFile(file: string, bytes: Uint8Array): void {
  try {
    makeFolder(dirname(file));
    writeAtomically(file, [bytes]);
  } catch (cause) {
    throw problem.loraNotWritten(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function recordTraining(lora: TrainedLora, base: string, request: LoraRequest, { disclosure }: Clearance): void {
  const { record } = cellContext();
  const { name, sha256, bytes, losses, steps, seed, rank, alpha, mode, combinedClass } = lora;
  const { learningRate, upRateRatio, weightDecay, clipNorm, batch, captionDropout, minSnrGamma, keys } = request;
  const facts = {
    ...{ rank, alpha, seed, learningRate, upRateRatio, weightDecay, clipNorm, batch, captionDropout, minSnrGamma },
    ...{ keys, mode },
    schedule: request.schedule,
    targets: request.targets.map(String),
    ...(request.textEncoder && { textTargets: request.textTargets.map(String) }),
    base: lora.base,
    dataset: lora.dataset.name,
    ...(disclosure !== null && { disclosure }),
  };
  record({
    type: "training",
    name,
    base,
    dataset: lora.dataset.sha256,
    steps,
    result: sha256,
    losses,
    licenceClass: combinedClass,
    facts,
  });
  record({
    type: "produced",
    what: { role: "lora", name, sha256, bytes, mime: safetensorsMime, licenceClass: combinedClass },
    from: [base, lora.dataset.sha256],
    facts: { ...facts, steps },
  });
}
