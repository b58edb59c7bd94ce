import { progressOutput } from "../../kernel/protocol/outputs.ts";
import { mount } from "../mount.ts";
import { renderProgress } from "./render.ts";
import styles from "./style.css";

/** Renderer of `application/vnd.assay.progress.v1+json`. */
export const activate = mount({ kind: "progress", schema: progressOutput, styles, render: renderProgress });
