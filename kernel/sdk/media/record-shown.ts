import { hashOf } from "../../store/canonical.ts";
import { cellContext } from "../host.ts";

/** Tells the session which content is shown, with the hashes of what it was made from where that is known. */
export function recordShown(shown: readonly { readonly bytes: Uint8Array; readonly from?: readonly string[] }[]): void {
  if (shown.length === 0) return;
  const what = shown.map(({ bytes, from = [] }) => ({ sha256: hashOf(bytes), ...(from.length > 0 && { from }) }));
  cellContext().record({ type: "shown", what });
}
