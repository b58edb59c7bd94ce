import { imagesOutput } from "../../kernel/protocol/outputs.ts";
import { mount } from "../mount.ts";
import { renderImages } from "./render.ts";
import styles from "./style.css";

/** Renderer of `application/vnd.assay.images.v1+json`. */
export const activate = mount({ kind: "images", schema: imagesOutput, styles, render: renderImages });
