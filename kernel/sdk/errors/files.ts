import { AssayError } from "../../protocol/problem.ts";

/** Problems with files. */
export const filesProblems = {
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
  fileTooLarge: (file: string, bytes: number, limit: number) =>
    new AssayError({
      code: "file.too-large",
      input: file,
      reason: `it has ${bytes} bytes, more than the limit of ${limit}`,
      remedy: "Leave it out, or raise the option maxBytes",
    }),
} as const;
