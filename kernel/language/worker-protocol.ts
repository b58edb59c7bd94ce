import type { LanguageService } from "../protocol/language.ts";

export type LanguageMethod = keyof LanguageService;

/** One question to the worker. */
export interface WorkerQuestion {
  readonly id: number;
  readonly method: LanguageMethod;
  readonly args: readonly unknown[];
}

export type WorkerAnswer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

/** What a worker starts with. */
export interface WorkerStart {
  readonly folder: string;
  readonly assayTypes?: string;
}
