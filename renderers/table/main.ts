import { tableOutput } from "../../kernel/protocol/outputs.ts";
import { mount } from "../mount.ts";
import grid from "./grid.css";
import header from "./header.css";
import panel from "./panel.css";
import { renderTable } from "./render.ts";

/** Renderer of `application/vnd.assay.table.v1+json`. */
export const activate = mount({
  kind: "table",
  schema: tableOutput,
  styles: grid + header + panel,
  render: renderTable,
});
