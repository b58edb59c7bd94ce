import { AssayError, type Problem } from "../protocol/problem.ts";

export { AssayError, type Problem };

/**
 * The wording of every problem that the SDK reports, in one place. A room throws `problem.corruptImage(file, detail)`; it never
 * writes a message of its own.
 */
export const problem = {
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
