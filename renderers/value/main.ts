import { valueOutput } from "../../kernel/protocol/outputs.ts";
import { mount } from "../mount.ts";
import { renderValue } from "./render.ts";
import styles from "./style.css";

/** Renderer of `application/vnd.assay.value.v1+json`. */
export const activate = mount({ kind: "value", schema: valueOutput, styles, render: renderValue });
