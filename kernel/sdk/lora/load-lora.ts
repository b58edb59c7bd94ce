import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { type LicenceClass, licenceClass, licenceClasses } from "../../protocol/compliance.ts";
import { hashOf } from "../../store/canonical.ts";
import { problem } from "../errors.ts";
import { cellContext } from "../host.ts";
import { loraFromTensors } from "./keys.ts";
import type { Lora } from "./lora.ts";
import { readSafetensors } from "./safetensors.ts";

/** Metadata entry for the class of the data that a LoRA was trained on. */
export const licenceClassEntry = "assay.licence_class";

export interface LoadLoraOptions {
  /** How messages and facts name it. Default: the file's name. */
  name?: string;
  /** The class of what it was trained on, as you know it, where the file does not say. Default `unknown`. */
  licenceClass?: LicenceClass;
}

/**
 * Reads a LoRA from a safetensors file with the keys of diffusers, PEFT or kohya. A relative path starts at the notebook's folder.
 *
 * @throws AssayError `lora.unreadable`, `safetensors.corrupt`, and those of {@link loraFromTensors}
 */
export function loadLora(file: string, options: LoadLoraOptions = {}): Lora {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(resolve(cellContext().baseFolder, file));
  } catch (cause) {
    throw problem.unreadableLora(file, cause instanceof Error ? cause.message : String(cause), cause);
  }
  return loraFromBytes(bytes, file, options);
}

/** As {@link loadLora}, for the bytes of a file. */
export function loraFromBytes(bytes: Uint8Array, file: string, options: LoadLoraOptions = {}): Lora {
  if (options.licenceClass !== undefined && !licenceClasses.includes(options.licenceClass)) {
    throw problem.modelLicenceClass(String(options.licenceClass), licenceClasses.join(", "));
  }
  const content = readSafetensors(bytes, file);
  const stated = licenceClass.safeParse(content.metadata[licenceClassEntry]);
  return {
    ...loraFromTensors(content, file),
    name: options.name ?? basename(file).replace(/\.safetensors$/, ""),
    metadata: content.metadata,
    sha256: hashOf(bytes),
    bytes: bytes.length,
    licenceClass: stated.success ? stated.data : (options.licenceClass ?? "unknown"),
  };
}
