import { cpSync } from "node:fs";
import { join } from "node:path";
import type { Corpus } from "../corpus/corpus.ts";
import type { Weights } from "../nets/net.ts";
import { under, type Workshop } from "../train/run-stage.ts";
import { writeCards } from "./cards.ts";
import { writeClipPair, writeJudge, writePipeline } from "./folders.ts";
import { measure } from "./measure.ts";
import { placeUnseenWords } from "./unseen-words.ts";

/** All that was trained, and what it is measured on. */
export interface Trained {
  readonly root: string;
  readonly vae: Weights;
  readonly judge: Weights;
  readonly clip: Weights;
  readonly unet: Weights;
  readonly scalingFactor: number;
  readonly unetSteps: number;
  readonly test: Corpus;
}

/** Writes both model folders, measures what was written, and puts figures and contact sheet beside it. */
export async function publish(trained: Trained, workshop: Workshop): Promise<void> {
  const scenes = join(trained.root, "models/tiny-scenes");
  const clip = join(trained.root, "models/tiny-clip");
  writePipeline(scenes, {
    vae: trained.vae,
    unet: under(trained.unet, "unet"),
    text: placeUnseenWords(under(trained.unet, "text_encoder")),
    scalingFactor: trained.scalingFactor,
  });
  writeJudge(scenes, trained.judge);
  writeClipPair(clip, trained.clip);
  const figures = await measure({ scenes, clip, test: trained.test, scalingFactor: trained.scalingFactor }, workshop);
  cpSync(join(workshop.folder, "contact-sheet.png"), join(scenes, "contact-sheet.png"));
  writeCards({ scenes, clip, figures, unetSteps: trained.unetSteps });
}
