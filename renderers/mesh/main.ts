import { meshOutput } from "../../kernel/protocol/outputs.ts";
import mediaStyles from "../mount/media.css";
import { mount } from "../mount.ts";
import { renderMesh } from "./render.ts";
import styles from "./style.css";

/** Renderer of `application/vnd.assay.mesh.v1+json`. */
export const activate = mount({ kind: "mesh", schema: meshOutput, styles: mediaStyles + styles, render: renderMesh });
