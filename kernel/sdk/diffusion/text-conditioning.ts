import { join } from "node:path";
import { problem } from "../errors.ts";
import { type ClipTokenizer, feed, fixedLength, readClipTokenizer } from "../models/index.ts";
import type { EngineSession } from "../onnx/index.ts";
import { type DiffusionModel, type NetworkVariant, withNetwork } from "./diffusion-model.ts";

/** Hidden states of texts, as the denoiser takes them. */
export interface Conditioning {
  /** States of each text, `tokens` × `width`, in one array each. */
  readonly states: ReadonlyMap<string, Float32Array>;
  readonly tokens: number;
  readonly width: number;
}

/** One text encoder run per text, so that a text's states do not depend on its neighbours. */
export async function encodeTexts(
  diffusion: DiffusionModel,
  texts: Iterable<string>,
  signal: AbortSignal,
  variant?: NetworkVariant,
): Promise<Conditioning> {
  const encode = async (session: EngineSession): Promise<Conditioning> => {
    const folder = join(diffusion.model.folder, "tokenizer");
    const tokenizer: ClipTokenizer = readClipTokenizer(folder, fixedLength(session));
    const states = new Map<string, Float32Array>();
    let width = 0;
    for (const text of new Set(texts)) {
      signal.throwIfAborted();
      const feeds = { input_ids: feed(session, "input_ids", tokenizer.encode(text), [1, tokenizer.length]) };
      const { last_hidden_state: hidden } = await session.run(feeds, { outputs: ["last_hidden_state"], signal });
      if (!hidden) throw problem.modelConfig(session.name, "the network has no output last_hidden_state");
      width = hidden.dims.at(-1)!;
      states.set(text, hidden.toFloat32().data);
    }
    return { states, tokens: tokenizer.length, width };
  };
  return withNetwork(diffusion, "text_encoder", encode, variant);
}
