import { AssayError, type Problem } from "../protocol/problem.ts";
import { dataProblems } from "./errors/data.ts";
import { filesProblems } from "./errors/files.ts";
import { loraProblems } from "./errors/lora.ts";
import { mediaProblems } from "./errors/media.ts";
import { modelsProblems } from "./errors/models.ts";
import { optionsProblems } from "./errors/options.ts";
import { parametersProblems } from "./errors/parameters.ts";
import { trainingProblems } from "./errors/training.ts";

export { AssayError, type Problem };

/**
 * The wording of every problem that the SDK reports, in one place: a table per subject under `errors/`. A room throws
 * `problem.corruptImage(file, detail)`; it never writes a message of its own.
 */
export const problem = {
  ...dataProblems,
  ...filesProblems,
  ...loraProblems,
  ...mediaProblems,
  ...modelsProblems,
  ...optionsProblems,
  ...parametersProblems,
  ...trainingProblems,
} as const;
