import { AssayError } from "../../protocol/problem.ts";

/** Problems with models, their engine and their tokenizers. */
export const modelsProblems = {
  engineLoad: (model: string, detail: string, cause?: unknown) =>
    new AssayError(
      {
        code: "engine.load",
        input: model,
        reason: `ONNX Runtime cannot open the model (${detail})`,
        remedy: "Check that the file is whole and that its operator set is one of 7 to 26",
      },
      { cause },
    ),
  engineInput: (model: string, input: string, detail: string) =>
    new AssayError({
      code: "engine.input",
      input: `${model}, input ${input}`,
      reason: detail,
      remedy: "Give every input of the model by its name, type and shape",
    }),
  engineRun: (model: string, shapes: string, detail: string, cause?: unknown) =>
    new AssayError(
      {
        code: "engine.run",
        input: model,
        reason: `ONNX Runtime could not run the model on ${shapes} (${detail})`,
        remedy: "Check the shapes of the inputs against what the model was exported for",
      },
      { cause },
    ),
  unreadableModel: (file: string, detail: string, cause?: unknown) =>
    new AssayError(
      {
        code: "model.unreadable",
        input: file,
        reason: `the model file cannot be read (${detail})`,
        remedy: "Check the path, and that the file may be read",
      },
      { cause },
    ),
  corruptModel: (file: string, detail: string, cause?: unknown) =>
    new AssayError(
      {
        code: "model.corrupt",
        input: file,
        reason: `this is not a whole ONNX model (${detail})`,
        remedy: "Download or export the file again; a partial download is the usual cause",
      },
      { cause },
    ),
  modelDataMissing: (file: string, location: string) =>
    new AssayError({
      code: "model.data-missing",
      input: file,
      reason: `its weights should lie in ${location} beside it, and that file is not there`,
      remedy: `Put ${location} into the folder of the model`,
    }),
  modelDataEscapes: (file: string, location: string) =>
    new AssayError({
      code: "model.data-escapes",
      input: file,
      reason: `it wants to read its weights from ${JSON.stringify(location)}, outside its own folder`,
      remedy: "Do not use this file; a well-made model names a file beside itself",
    }),
  modelNeedsFolder: (file: string, location: string) =>
    new AssayError({
      code: "model.data-missing",
      input: file,
      reason: `its weights lie in a separate file, ${location}, and the model was given as bytes`,
      remedy: "Give the path of the model, or the option folder",
    }),
  unreadableTokenizer: (file: string, detail: string, cause?: unknown) =>
    new AssayError(
      {
        code: "tokenizer.unreadable",
        input: file,
        reason: `the tokenizer cannot be read (${detail})`,
        remedy:
          "Put the tokenizer's files of the model's publisher into the folder: vocab.json, merges.txt, tokenizer_config.json",
      },
      { cause },
    ),
  modelNotFound: (model: string, known: string) =>
    new AssayError({
      code: "model.not-found",
      input: `model ${model}`,
      reason: "there is no model of this id and no folder of this path that holds one",
      remedy: `Use one of ${known}, or the path of a diffusers or transformers ONNX folder`,
    }),
  modelManifest: (file: string, detail: string, cause?: unknown) =>
    new AssayError(
      {
        code: "model.manifest",
        input: file,
        reason: `the description of the model cannot be read (${detail})`,
        remedy: "Correct the file, or remove it to use the folder as a model of unknown licence",
      },
      { cause },
    ),
  modelLicenceClass: (value: string, known: string) =>
    new AssayError({
      code: "model.licence-class",
      input: `licenceClass ${value}`,
      reason: "there is no such licence class",
      remedy: `Use one of ${known}`,
    }),
  modelFileMissing: (file: string, model: string) =>
    new AssayError({
      code: "model.file-missing",
      input: file,
      reason: `this file of the model ${model} is missing`,
      remedy: "Download or export the model again",
    }),
  modelFileSize: (file: string, bytes: number, expected: number) =>
    new AssayError({
      code: "model.checksum",
      input: file,
      reason: `it has ${bytes} of ${expected} bytes`,
      remedy: "Download the model again; a partial download is the usual cause",
    }),
  modelChecksum: (file: string, actual: string, expected: string) =>
    new AssayError({
      code: "model.checksum",
      input: file,
      reason: `its SHA-256 is ${actual.slice(0, 12)}…, but model.json promises ${expected.slice(0, 12)}…`,
      remedy: "Download the model again, or correct model.json if the change is yours",
    }),
  modelConfig: (file: string, detail: string, cause?: unknown) =>
    new AssayError(
      {
        code: "model.config",
        input: file,
        reason: `the configuration cannot be used (${detail})`,
        remedy: "Download or export the model again, or use a model whose settings are supported",
      },
      { cause },
    ),
  modelLayout: (model: string, layout: string, needed: string) =>
    new AssayError({
      code: "model.layout",
      input: `model ${model}`,
      reason: `it has the layout ${layout}, and ${needed} is needed here`,
      remedy: "Choose a model of the other kind, such as tiny-scenes for pictures or tiny-clip for features",
    }),
} as const;
