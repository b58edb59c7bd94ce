import { imagesOutput } from "../../kernel/protocol/outputs.ts";
import { mount } from "../mount.ts";
import gallery from "./gallery.css";
import grid from "./grid.css";
import { renderImages } from "./render.ts";
import thumb from "./thumb.css";
import viewer from "./viewer.css";

/** Renderer of `application/vnd.assay.images.v1+json`. */
export const activate = mount({
  kind: "images",
  schema: imagesOutput,
  styles: thumb + gallery + grid + viewer,
  render: renderImages,
});
