import { AssayError } from "../../protocol/problem.ts";

/** Problems with media. */
export const mediaProblems = {
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
  mediaFormat: (file: string, kind: string, found: string, known: string) =>
    new AssayError({
      code: "media.format",
      input: file,
      reason: `this is ${found}, not ${kind}`,
      remedy: `Give one of ${known}`,
    }),
  corruptMedia: (file: string, kind: string, detail: string, cause?: unknown) =>
    new AssayError(
      {
        code: "media.corrupt",
        input: file,
        reason: `the ${kind} cannot be read (${detail})`,
        remedy: "Export or download the file again; a partial download is the usual cause",
      },
      { cause },
    ),
  remoteMedia: (url: string) =>
    new AssayError({
      code: "media.remote",
      input: url,
      reason: "it lies on another machine, and showing media downloads nothing",
      remedy: "Download it first, with fetch in the cell or by hand, and give its bytes or its path",
    }),
  mediaValue: (input: string, reason: string, remedy: string) =>
    new AssayError({ code: "media.value", input, reason, remedy }),
} as const;
