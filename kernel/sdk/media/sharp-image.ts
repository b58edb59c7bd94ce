import type { MimeBundle } from "../../protocol/mime.ts";
import { imageType } from "../values/rich-kind.ts";
import { encodedImageBundle } from "./encoded-image.ts";

/** As much of a `sharp` instance as is needed, of whatever version the notebook has. */
interface SharpLike {
  clone(): SharpLike;
  png(): SharpLike;
  toBuffer(): Promise<Uint8Array>;
}

/** What a `sharp` instance would write: in its own format where that can be shown, else as PNG. The instance stays as it is. */
export async function sharpBundle(value: object): Promise<MimeBundle | undefined> {
  const image = value as SharpLike;
  const own = await image.clone().toBuffer();
  const type = imageType(own);
  return encodedImageBundle(type && type !== "image/svg+xml" ? own : await image.clone().png().toBuffer());
}
