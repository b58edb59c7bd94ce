import { AssayError } from "../../protocol/problem.ts";

/** Problems with autodiff and training. */
export const trainingProblems = {
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
  networksNotJoined: (network: string, detail: string) =>
    new AssayError({
      code: "training.join",
      input: `network ${network.replace(/\/$/, "")}`,
      reason: `it cannot be trained together with the UNet: ${detail}`,
      remedy: "Leave textEncoder out, or export both networks with the same operator set",
    }),
} as const;
