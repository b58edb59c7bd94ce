import type { Output } from "../protocol/outputs.ts";
import type { Artifacts } from "../store/artifacts.ts";
import type { Rows } from "../store/rows.ts";
import { hashOfSlot, type OutputSlot } from "./recorded-outputs.ts";

/** Characters of JSON above which an output lies in an artifact, so that the database stays small and quick to copy. */
const inRow = 65_536;

/** The row that keeps an output, whole. A large one goes to the artifacts first, so that no row refers to what is not there. */
export function outputRow(
  artifacts: Artifacts,
  place: { readonly executionId: string; readonly late: boolean; readonly position: number },
  slot: OutputSlot,
): Rows["outputs"] {
  const json = JSON.stringify(slot.output);
  const large = json.length > inRow;
  const bytes = Buffer.from(json);
  return {
    execution_id: place.executionId,
    late: place.late ? 1 : 0,
    position: place.position,
    type: slot.output.type,
    name: nameOf(slot.output),
    sha256: hashOfSlot(slot),
    bytes: bytes.byteLength,
    body: large ? null : json,
    artifact: large ? artifacts.putSync(bytes, "application/json", { durable: false }).sha256 : null,
    at: new Date().toISOString(),
  };
}

function nameOf(output: Exclude<Output, { type: "clear" }>): string {
  switch (output.type) {
    case "stream":
      return output.name;
    case "error":
      return output.ename;
    case "display":
    case "result":
      return Object.keys(output.data).join(" ");
  }
}
