import type { ImageItem } from "../../kernel/protocol/outputs.ts";
import { h, licenceChip, modeChip } from "../mount.ts";

/** All that is known of an image, name by name. */
export function factList(item: ImageItem): HTMLElement {
  const lora = item.loras?.map(({ name, weight }) => `${name} × ${weight}`).join("\n");
  const rows: [string, Node | string | undefined][] = [
    ["Prompt", item.prompt ?? (item.alt || undefined)],
    ["Negative prompt", item.negativePrompt],
    ["Seed", item.seed === undefined ? undefined : String(item.seed)],
    ["Model", item.model],
    ["LoRAs", lora],
    ["Size", `${item.width} × ${item.height} px`],
    ["Mode", item.mode && modeChip(item.mode)],
    ["Licence class", item.licenceClass && licenceChip(item.licenceClass)],
    ...Object.entries(item.badges ?? {}),
  ];
  return h(
    "dl",
    {},
    rows
      .filter(([, value]) => value !== undefined && value !== "")
      .map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]),
  );
}
