import { recordOutput } from "../../kernel/protocol/record-output.ts";
import reportStyles from "../mount/report.css";
import { mount } from "../mount.ts";
import { renderRecord } from "./render.ts";
import styles from "./style.css";

/** Renderer of `application/vnd.assay.record.v1+json`, and of the record tab of the extension. */
export const activate = mount({
  kind: "record",
  schema: recordOutput,
  styles: reportStyles + styles,
  render: renderRecord,
});
