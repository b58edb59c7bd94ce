import { AssayError, type Problem } from "../protocol/problem.ts";

export { AssayError, type Problem };

/**
 * The wording of every problem that the SDK reports, in one place. A room throws `problem.corruptImage(file, detail)`; it never
 * writes a message of its own.
 */
export const problem = {
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
} as const;
