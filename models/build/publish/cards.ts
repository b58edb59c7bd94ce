import { join } from "node:path";
import type { Score } from "../evaluate/judge.ts";
import { BASE_STYLES, HELD_OUT_PAIRS, HELD_OUT_STYLES } from "../scenes/index.ts";
import { checksums, json, text } from "./folders.ts";
import type { Figures } from "./measure.ts";

export interface CardInput {
  readonly scenes: string;
  readonly clip: string;
  readonly figures: Figures;
  readonly unetSteps: number;
}

export const SOURCE = "models/build of this repository; trained from scratch with Assay's own training engine";
export const LICENCE = {
  licence: "CC0-1.0",
  licenceUrl: "https://creativecommons.org/publicdomain/zero/1.0/",
  licenceClass: "public_domain",
};
const DATA = {
  synthetic: true,
  description:
    "Scenes of one or two solids on a ground under a sky in several drawing styles, rendered by models/build/scenes from fixed seeds, with captions made from the scenes.",
  licence: "CC0-1.0",
  licenceClass: "public_domain",
};

/** Writes model.json and the card of both models. */
export function writeCards({ scenes, clip, figures, unetSteps }: CardInput): void {
  const round = (value: number) => Number(value.toFixed(4));
  const rounded = (value: unknown): unknown => {
    if (typeof value === "number") return round(value);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, rounded(inner)]));
  };
  text(join(scenes, "README.md"), scenesCard(figures, unetSteps));
  text(join(clip, "README.md"), clipCard(figures));
  const { retrieval, ...ofScenes } = figures;
  json(join(scenes, "model.json"), {
    id: "tiny-scenes",
    name: "Tiny scenes",
    layout: "diffusers-onnx",
    description: "Text to 64×64 pictures of simple solids; small enough for a laptop's processor.",
    source: SOURCE,
    ...LICENCE,
    trainingData: {
      ...DATA,
      images: { unet: 20_000, vae: 29_000 },
      unetStyles: BASE_STYLES,
      vaeOnlyStyles: HELD_OUT_STYLES,
      heldOutPairs: HELD_OUT_PAIRS.map(([shape, colour]) => `${colour} ${shape}`),
    },
    evaluation: rounded(ofScenes),
    rebuild: "npm run models:build",
    files: checksums(scenes),
  });
  json(join(clip, "model.json"), {
    id: "tiny-clip",
    name: "Tiny CLIP",
    layout: "transformers-onnx",
    description:
      "Compares 64×64 pictures of simple solids with captions; its picture vectors serve distances such as KID.",
    source: SOURCE,
    ...LICENCE,
    trainingData: { ...DATA, images: 29_000 },
    evaluation: { retrievalAmong50: round(retrieval), chance: 0.02 },
    rebuild: "npm run models:build",
    files: checksums(clip),
  });
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function scenesCard(figures: Figures, unetSteps: number): string {
  const { generated, psnr, judgeOnRenderings, judgeOnReconstructions } = figures;
  const row = (name: string, value: Score, chance: string) =>
    `| ${name} | ${value.count} | ${percent(value.allRight)} | ${percent(value.shape)} | ${percent(value.colour)} | ${chance} |`;
  return `# Tiny scenes

A text-to-image model of 64×64 pixels in the diffusers ONNX layout, made for samples and tests. It draws one or two of five solids in six
colours, on four grounds, under three skies, in four styles: "a blue cone left of a red torus on sand ground under a night sky, flat style".
It knows nothing else. All pictures that it learned from are synthetic, rendered by \`models/build/scenes\`.

![Generated pictures](contact-sheet.png)

Rows: ${BASE_STYLES.join(", ")}. The first four columns show shape–colour pairs that training never saw together
(${HELD_OUT_PAIRS.map(([shape, colour]) => `${colour} ${shape}`).join(", ")}).

## Does a picture say what its prompt says?

200 prompts, half of them with a never-seen pair; ${figures.steps} DDIM steps, guidance ${figures.guidance}. A picture is right when every object is there with its shape and
its colour, as a classifier sees it.

| Prompts | Number | All right | Shapes | Colours | Chance of all right |
|---|---|---|---|---|---|
${row("one object", generated["one object"], "1.7 %")}
${row("two objects", generated["two objects"], "0.06 %")}
${row("seen pairs", generated["seen pairs"], "")}
${row("held-out pairs", generated["held-out pairs"], "")}
${row("all", generated.all, "")}

Style right ${percent(generated.all.style)} (chance 14 %), ground ${percent(generated.all.ground)} (25 %), sky ${percent(generated.all.sky)} (33 %).

The classifier (\`judge/\`) is itself right on ${percent(judgeOnRenderings.allRight)} of ${judgeOnRenderings.count} fresh renderings, and on ${percent(judgeOnReconstructions.allRight)} of what the VAE gives back of them. Chance
counts the number of objects (1 of 2), a shape (1 of 5) and a colour (1 of 6) for each.

VAE on held-out renderings, PSNR in dB: ${Object.entries(psnr)
    .map(([name, value]) => `${name} ${value.toFixed(1)}`)
    .join(", ")}.

One picture of a batch of 16 took ${figures.secondsPerImage.toFixed(2)} s on the two cores that built it.

## Parts

VAE with latents of 16×16×4; UNet with 48, 64 and 96 channels and cross-attention at 8×8 and 4×4, v-prediction on the cosine schedule, trained
for ${unetSteps} steps of 32 together with a two-layer text encoder of CLIP's kind with a vocabulary of its own. Weights are stored as float16.
The UNet never saw the styles ${HELD_OUT_STYLES.join(", ")}; VAE, judge and Tiny CLIP did. They are what a LoRA can teach it.

Licence: CC0-1.0. Rebuild: \`npm run models:build\`.
`;
}

function clipCard(figures: Figures): string {
  return `# Tiny CLIP

A text and a picture encoder in the transformers ONNX layout, trained as CLIP is on synthetic 64×64 renderings of all styles. The picture half is a small
convolutional net that was also asked for shapes, colours, style, ground and sky. Its vectors separate styles; scores in its space compare only with
scores in its space, never with published CLIP or Inception figures.

A held-out picture's own caption is the nearest of 50 in ${percent(figures.retrieval)} of cases (chance 2 %).

Licence: CC0-1.0. Rebuild: \`npm run models:build\`.
`;
}
