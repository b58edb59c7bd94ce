import { audioOutput } from "../../kernel/protocol/outputs.ts";
import mediaStyles from "../mount/media.css";
import { mount } from "../mount.ts";
import { renderAudio } from "./render.ts";
import styles from "./style.css";

/** Renderer of `application/vnd.assay.audio.v1+json`. */
export const activate = mount({
  kind: "audio",
  schema: audioOutput,
  styles: mediaStyles + styles,
  render: renderAudio,
});
