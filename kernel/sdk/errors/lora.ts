import { AssayError } from "../../protocol/problem.ts";

/** Problems with LoRAs. */
export const loraProblems = {
  safetensorsCorrupt: (file: string, detail: string, cause?: unknown) =>
    new AssayError(
      {
        code: "safetensors.corrupt",
        input: file,
        reason: `this is not a whole safetensors file (${detail})`,
        remedy: "Download or export the file again; a partial download is the usual cause",
      },
      { cause },
    ),
  loraEmpty: (file: string) =>
    new AssayError({
      code: "lora.empty",
      input: file,
      reason: "it holds no LoRA weights under diffusers, PEFT or kohya keys",
      remedy: "Check that the file is a LoRA and not a whole model",
    }),
  loraKind: (file: string, kind: string, key: string) =>
    new AssayError({
      code: "lora.kind",
      input: file,
      reason: `it is a ${kind} (key ${key}), and only plain low-rank adapters are supported`,
      remedy: "Convert it to a LoRA with the tool that made it",
    }),
  loraIncomplete: (file: string, key: string, missing: string) =>
    new AssayError({
      code: "lora.incomplete",
      input: file,
      reason: `${key} has no ${missing} weight beside it`,
      remedy: "Download or export the file again",
    }),
  loraShape: (file: string, key: string, actual: string, expected: string, model: string) =>
    new AssayError({
      code: "lora.shape",
      input: file,
      reason: `the shapes of ${key} are ${actual}, but the weight in ${model} needs ${expected}`,
      remedy: "Use the LoRA with the model that it was trained on; the file's metadata may name it",
    }),
  loraMatchesNothing: (file: string, model: string, examples: string) =>
    new AssayError({
      code: "lora.no-match",
      input: file,
      reason: `none of its keys belongs to a weight of ${model} (the keys are like ${examples})`,
      remedy: "Use the LoRA with the model that it was trained on; the file's metadata may name it",
    }),
  loraRank: (rank: number) =>
    new AssayError({
      code: "lora.rank",
      input: `rank ${rank}`,
      reason: "the rank of a LoRA is a whole number from 1",
      remedy: "Use 4 to 32; 8 suits most styles",
    }),
  loraAlpha: (alpha: number) =>
    new AssayError({
      code: "lora.alpha",
      input: `alpha ${alpha}`,
      reason: "alpha is a positive number",
      remedy: "Leave it out to use the rank, for a scale of 1",
    }),
  loraTargets: (model: string, targets: string, available: string) =>
    new AssayError({
      code: "lora.targets",
      input: `targets ${targets}`,
      reason: `no layer of ${model} ends so`,
      remedy: `Choose among its layers: ${available}`,
    }),
  unreadableLora: (file: string, detail: string, cause?: unknown) =>
    new AssayError(
      {
        code: "lora.unreadable",
        input: file,
        reason: `the file cannot be read (${detail})`,
        remedy: "Check the path; a relative one starts at the notebook's folder",
      },
      { cause },
    ),
  loraNotWritten: (file: string, detail: string, cause?: unknown) =>
    new AssayError(
      {
        code: "lora.not-written",
        input: file,
        reason: `the LoRA cannot be written there (${detail})`,
        remedy: "Choose another path as output; the LoRA is kept in the store all the same",
      },
      { cause },
    ),
} as const;
