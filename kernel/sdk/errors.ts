import { AssayError, type Problem } from "../protocol/problem.ts";

export { AssayError, type Problem };

/**
 * The wording of every problem that the SDK reports, in one place. A room throws `problem.corruptImage(file, detail)`; it never
 * writes a message of its own.
 */
export const problem = {
  badTrainingState: (file: string, detail: string, cause?: unknown) =>
    new AssayError(
      {
        code: "training.state",
        input: file,
        reason: `training cannot go on from this file (${detail})`,
        remedy: "Give the state of a run of the same model, or start anew",
      },
      { cause },
    ),
  noGradientRule: (model: string, op: string, node: string) =>
    new AssayError({
      code: "autodiff.no-rule",
      input: `${model}, node ${node}`,
      reason: `the operator ${op} lies between a trained weight and the loss, and Assay knows no gradient for it`,
      remedy: "Train weights behind it only, or export the model with this operation in simpler operators",
    }),
  noGradientHere: (model: string, op: string, node: string, detail: string) =>
    new AssayError({
      code: "autodiff.no-gradient",
      input: `${model}, node ${node}`,
      reason: `the operator ${op} cannot be differentiated here: ${detail}`,
      remedy: "Train weights behind it only, or export the model with this operation in another form",
    }),
  unknownParameter: (model: string, parameter: string) =>
    new AssayError({
      code: "autodiff.parameter",
      input: `${model}, parameter ${parameter}`,
      reason: "the model has no weight and no input of this name",
      remedy: "Give the name of an initializer; readModel(path).graph.initializers lists them",
    }),
  badLoss: (model: string, loss: string, detail: string) =>
    new AssayError({
      code: "autodiff.loss",
      input: `${model}, loss ${loss}`,
      reason: detail,
      remedy: "Name an output of the model that is a single number",
    }),
  unknownShape: (model: string, input: string, dims: string) =>
    new AssayError({
      code: "autodiff.shape",
      input: `${model}, input ${input}`,
      reason: `its shape ${dims} is not fixed, and training needs fixed shapes`,
      remedy: `Give it, for example shapes: { ${JSON.stringify(input)}: [1, 4, 64, 64] }`,
    }),
  opsetTooOld: (model: string, version: number) =>
    new AssayError({
      code: "autodiff.opset",
      input: model,
      reason: `it uses operator set ${version} in a form that training does not support`,
      remedy: "Export the model again with operator set 14 or later",
    }),
  trainingDiverged: (model: string, step: number, loss: number) =>
    new AssayError({
      code: "training.diverged",
      input: model,
      reason: `at step ${step} the loss was ${loss} and its gradient was not finite`,
      remedy: "Lower the learning rate, or clip the gradients to a smaller norm",
    }),
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
  unreadableFile: (file: string, detail: string, cause?: unknown) =>
    new AssayError(
      {
        code: "file.unreadable",
        input: file,
        reason: `the file cannot be read (${detail})`,
        remedy: "Check the path, and that the file may be read",
      },
      { cause },
    ),
  collectionMissing: (path: string) =>
    new AssayError({
      code: "data.missing",
      input: path,
      reason: "there is no such folder or manifest",
      remedy: "Give a folder of images, or a JSON manifest; a relative path starts at the notebook's folder",
    }),
  collectionEmpty: (path: string) =>
    new AssayError({
      code: "data.empty",
      input: path,
      reason: "there is no image in it",
      remedy: "Put PNG, JPEG, WebP, AVIF, GIF or TIFF files there, or check the path",
    }),
  manifestUnreadable: (file: string, detail: string, cause?: unknown) =>
    new AssayError(
      {
        code: "data.manifest",
        input: file,
        reason: `the manifest cannot be read (${detail})`,
        remedy:
          'Give a JSON object with a list "results" whose members have a "path" and licence fields, as Openverse has them',
      },
      { cause },
    ),
  sidecarMissing: (file: string, expected: string) =>
    new AssayError({
      code: "sidecar.missing",
      input: file,
      reason: "there is no sidecar file, so its licence is unknown",
      remedy: `Add ${expected} with at least license and license_url`,
    }),
  sidecarUnreadable: (file: string, detail: string) =>
    new AssayError({
      code: "sidecar.unreadable",
      input: file,
      reason: `the sidecar cannot be read (${detail}), so the licence is unknown`,
      remedy: "Correct the file: it must hold one JSON object",
    }),
  licenceUnknown: (file: string, detail: string) =>
    new AssayError({
      code: "licence.unknown",
      input: file,
      reason: detail,
      remedy: "Name the licence by its address or SPDX id in the sidecar; until then only full_dataset admits it",
    }),
  fileOutside: (file: string) =>
    new AssayError({
      code: "data.outside",
      input: file,
      reason: "it leads out of the collection's folder, by a link or by its path",
      remedy: "Copy the file into the folder",
    }),
  remoteItem: (url: string) =>
    new AssayError({
      code: "data.remote",
      input: url,
      reason: "it lies on another machine, and collecting downloads nothing",
      remedy: 'Download it first and give its "path" beside the manifest',
    }),
  fileTooLarge: (file: string, bytes: number, limit: number) =>
    new AssayError({
      code: "file.too-large",
      input: file,
      reason: `it has ${bytes} bytes, more than the limit of ${limit}`,
      remedy: "Leave it out, or raise the option maxBytes",
    }),
  fileChanged: (file: string) =>
    new AssayError({
      code: "data.changed",
      input: file,
      reason: "its bytes are no longer those that were collected",
      remedy: "Collect again, so that licence and hash are read anew",
    }),
  datasetEmpty: (name: string, mode: string, total: number) =>
    new AssayError({
      code: "dataset.empty",
      input: `data set ${name}`,
      reason: `mode ${mode} admits none of its ${total} items`,
      remedy: "Look at the reasons in display.compliance(collection.compliance(mode)), or choose a wider mode",
    }),
  wrongOption: (option: string, value: string, expected: string) =>
    new AssayError({
      code: "option.wrong",
      input: `option ${option}`,
      reason: `it is ${value}, and it must be ${expected}`,
      remedy: `Give ${option} as ${expected}`,
    }),
  corruptImage: (file: string, detail: string, cause?: unknown) =>
    new AssayError(
      {
        code: "image.corrupt",
        input: file,
        reason: `the image cannot be decoded (${detail})`,
        remedy: "Replace the file, or remove it from the collection",
      },
      { cause },
    ),
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
  invalidOption: (call: string, option: string, value: string, reason: string, remedy: string) =>
    new AssayError({
      code: "option.invalid",
      input: option === "" ? call : `${call}, option ${option} (${value})`,
      reason,
      remedy,
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
  networksNotJoined: (network: string, detail: string) =>
    new AssayError({
      code: "training.join",
      input: `network ${network.replace(/\/$/, "")}`,
      reason: `it cannot be trained together with the UNet: ${detail}`,
      remedy: "Leave textEncoder out, or export both networks with the same operator set",
    }),
} as const;
