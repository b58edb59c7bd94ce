import { modePhrase, modeWithId } from "../../protocol/classes.ts";
import { hashOf } from "../../store/canonical.ts";
import { ComplianceError, gateGeneration, modeWithin } from "../compliance/index.ts";
import { cellContext } from "../host.ts";
import { type Lora, loadLora, type WeightedLora } from "../lora/index.ts";
import { Image, progress } from "../media/index.ts";
import { denoise } from "./denoise.ts";
import { type DiffusionModel, diffusionModel, withNetwork } from "./diffusion-model.ts";
import {
  type GenerateImageOptions,
  generateRequest,
  imageSize,
  type PlannedImage,
  planImages,
} from "./generate-options.ts";
import { decodeLatents } from "./latents.ts";
import { mergedNetworks } from "./merged-networks.ts";
import { schedulers } from "./schedulers/index.ts";
import { encodeTexts } from "./text-conditioning.ts";

/**
 * Makes pictures from texts with a latent diffusion model in the diffusers ONNX layout, with LoRAs if wanted. The same options give
 * bit-identical pictures on the same kind of processor. Interrupting the cell stops between steps.
 *
 * @example
 * const images = await generate.image({ prompt: "a red cube on sand ground, flat style", seeds: [1, 2, 3], steps: 20 });
 *
 * @returns one picture per prompt and seed, in order; `facts` tell prompt, seed, model, LoRAs, mode and licence class
 * @throws AssayError `option.invalid`, and those of loading models and LoRAs
 * @throws ComplianceError where the model's or a LoRA's class breaks the mode
 */
export async function generateImage(options: GenerateImageOptions): Promise<Image[]> {
  const context = cellContext();
  const request = generateRequest(options);
  const planned = planImages(request, context.seed);
  const mode = request.mode ?? context.mode;
  if (!modeWithin(mode, context.mode)) {
    throw new ComplianceError({
      item: `generate.image, ${modePhrase(mode)}`,
      rule: "mode.wider",
      reason: `the notebook's ${modePhrase(context.mode)} is narrower`,
      alternative: `Leave the option mode out, or set the notebook's mode to ${modeWithId(mode)}`,
    });
  }
  const diffusion = diffusionModel(request.model);
  const { model } = diffusion;
  const loras = request.loras.map(({ lora, weight }): WeightedLora => {
    return { lora: typeof lora === "string" ? loadLora(lora) : lora, weight };
  });
  const standings = [
    { id: model.id, kind: "base" as const, licenceClass: model.licenceClass },
    ...loras.map(({ lora }) => ({ id: lora.name, kind: "lora" as const, licenceClass: lora.licenceClass })),
  ];
  const { licenceClass, disclosure } = gateGeneration(standings, mode, request.policy);
  const size = imageSize(request, diffusion);
  for (const { lora } of loras) recordUse(lora);

  const run = () => schedulers[request.scheduler](diffusion.scheduler, request.steps);
  const batches = chunk(planned, request.batch ?? fittingBatch(diffusion, size));
  const bar = progress({ label: request.label, total: batches.length * request.steps });
  const merged = mergedNetworks(diffusion, loras);
  const { signal } = context;
  try {
    const texts = planned.flatMap((item) => [item.prompt, ...(request.guidance === 1 ? [] : [item.negativePrompt])]);
    const conditioning = await encodeTexts(diffusion, texts, signal, merged.textEncoder);
    const dims = [diffusion.latentChannels, size.height / diffusion.vaeScale, size.width / diffusion.vaeScale] as const;
    const images: Image[] = [];
    const from = [model.sha256, ...loras.map(({ lora }) => lora.sha256)];
    for (const [index, items] of batches.entries()) {
      const onStep = async (done: number) => {
        bar.update(index * request.steps + done, { images: `${images.length}/${planned.length}` });
        await request.onStep?.({ step: done, steps: request.steps, batch: index, batches: batches.length });
      };
      const { guidance } = request;
      const settings = { dims, guidance, conditioning, signal, onStep };
      const latents = await withNetwork(
        diffusion,
        "unet",
        (session) => denoise(session, run(), items, settings),
        merged.unet,
      );
      if (index === 0) merged.tellLeftOut();
      const planes = await decodeLatents(diffusion, latents, dims, signal);
      for (const [i, item] of items.entries()) {
        images.push(
          new Image(
            Image.fromPlanes(planes[i]!, size.width, size.height),
            {
              alt: item.prompt,
              prompt: item.prompt,
              ...(item.negativePrompt !== "" && { negativePrompt: item.negativePrompt }),
              seed: item.seed,
              model: model.id,
              loras: loras.map(({ lora, weight }) => ({ name: lora.name, weight })),
              mode,
              licenceClass,
              ...(disclosure !== null && { badges: { disclosure } }),
            },
            from,
          ),
        );
      }
    }
    bar.finish({ images: `${images.length}/${planned.length}` });
    for (const image of images) recordResult(image);
    return images;
  } catch (error) {
    bar.fail();
    throw error;
  }

  function recordResult(image: Image): void {
    const png = image.png();
    const { seed, prompt, negativePrompt } = image.facts;
    const { steps, guidance, scheduler } = request;
    context.record({
      type: "produced",
      what: {
        role: "output",
        name: `${prompt} (seed ${seed})`,
        sha256: hashOf(png),
        bytes: png.length,
        mime: "image/png",
        licenceClass,
      },
      from: image.from,
      facts: {
        ...{ prompt, seed, steps, guidance, scheduler, mode, ...size, model: model.id },
        ...(negativePrompt !== undefined && { negativePrompt }),
        loras: loras.map(({ lora, weight }) => ({ name: lora.name, sha256: lora.sha256, weight })),
        ...(disclosure !== null && { disclosure }),
      },
    });
  }
}

function recordUse({ name, sha256, bytes, licenceClass, metadata }: Lora): void {
  // What the file says of itself tells where it comes from when no record does.
  const told = Object.entries(metadata).filter(([entry]) => entry.startsWith("assay."));
  const facts = Object.fromEntries(told.map(([entry, value]) => [entry.slice("assay.".length), value.slice(0, 300)]));
  const what = { role: "lora", name, sha256, bytes, licenceClass } as const;
  cellContext().record({ type: "used", what, ...(told.length > 0 && { facts }) });
}

/** As many pictures as keep the networks busy without much memory: 16 of 64×64 latents' area 16×16, one of 64×64 latents. */
function fittingBatch({ vaeScale }: DiffusionModel, { width, height }: { width: number; height: number }): number {
  const latents = (width / vaeScale) * (height / vaeScale);
  return Math.min(16, Math.max(1, Math.floor(4096 / latents)));
}

function chunk(items: readonly PlannedImage[], size: number): PlannedImage[][] {
  const parts: PlannedImage[][] = [];
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size));
  return parts;
}
