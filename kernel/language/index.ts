export type * from "../protocol/language.ts";
export { assayTypesFile } from "./assay-types.ts";
export { createLanguageService, type LanguageServiceOptions } from "./client.ts";
export { type LanguageHandlers, languageMethods } from "./methods.ts";
export { type ParameterCell, writtenParameters } from "./parameters.ts";
