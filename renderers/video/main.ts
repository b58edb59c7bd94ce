import { videoOutput } from "../../kernel/protocol/outputs.ts";
import mediaStyles from "../mount/media.css";
import { mount } from "../mount.ts";
import { renderVideo } from "./render.ts";
import styles from "./style.css";

/** Renderer of `application/vnd.assay.video.v1+json`. */
export const activate = mount({
  kind: "video",
  schema: videoOutput,
  styles: mediaStyles + styles,
  render: renderVideo,
});
