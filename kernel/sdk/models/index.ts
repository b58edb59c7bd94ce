export { type ClipTokenizer, readClipTokenizer } from "./clip-tokenizer.ts";
export { type FeatureEncoder, type FeatureEncoderOptions, featureEncoder, fixedLength } from "./feature-encoder.ts";
export { castTo, feed } from "./feeds.ts";
export { type FileSeal, sealFile } from "./file-seal.ts";
export { type Hardware, hardware } from "./hardware.ts";
export { type LoadedModel, type LoadModelOptions, loadModel, loadModel as load, modelParticipant } from "./load.ts";
export { embeddedModelsFolder, knownModels } from "./locations.ts";
export { type ModelLayout, type ModelManifest, modelLayout, modelManifest } from "./manifest.ts";
export { SessionPool, sharedSessions } from "./session-pool.ts";
