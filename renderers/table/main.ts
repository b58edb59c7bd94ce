import { tableOutput } from "../../kernel/protocol/outputs.ts";
import { mount } from "../mount.ts";
import { renderTable } from "./render.ts";
import styles from "./style.css";

/** Renderer of `application/vnd.assay.table.v1+json`. */
export const activate = mount({ kind: "table", schema: tableOutput, styles, render: renderTable });
