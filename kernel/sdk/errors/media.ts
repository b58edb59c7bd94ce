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
} as const;
