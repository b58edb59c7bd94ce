import { plotOutput } from "../../kernel/protocol/outputs.ts";
import { mount } from "../mount.ts";
import { renderPlot } from "./render.ts";
import styles from "./style.css";

/** Renderer of `application/vnd.assay.plot.v1+json`. */
export const activate = mount({ kind: "plot", schema: plotOutput, styles, render: renderPlot });
