import type { ImageItem } from "../../kernel/protocol/outputs.ts";
import { columnTitle } from "./grid-model.ts";

/** How two images are shown together: next to each other in step, or one over the other with a movable line. */
export type CompareLayout = "side" | "slider";

/** An image that another one can be compared with. */
export interface Comparison {
  readonly index: number;
  /** What tells it from the others: its column, or its number. */
  readonly label: string;
}

/** Images offered for a comparison at most. */
const most = 60;

/** What an image compares with: in a grid the others of its row, by column; in a gallery all others. Only images of the same shape. */
export function comparables(items: readonly ImageItem[], index: number): Comparison[] {
  const own = items[index];
  if (!own) return [];
  const fits = (item: ImageItem) => Math.abs(item.width / item.height - own.width / own.height) < 0.01;
  const others = items
    .map((item, at) => ({ item, index: at }))
    .filter(
      (other) => other.index !== index && fits(other.item) && (own.row === undefined || other.item.row === own.row),
    );
  return others.slice(0, most).map((other) => ({
    index: other.index,
    label:
      other.item.column !== undefined
        ? columnTitle(other.item)
        : `image ${other.index + 1}${other.item.seed === undefined ? "" : `, seed ${other.item.seed}`}`,
  }));
}
