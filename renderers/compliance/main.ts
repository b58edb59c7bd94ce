import { complianceOutput } from "../../kernel/protocol/outputs.ts";
import reportStyles from "../mount/report.css";
import { mount } from "../mount.ts";
import { renderCompliance } from "./render.ts";
import styles from "./style.css";

/** Renderer of `application/vnd.assay.compliance.v1+json`. */
export const activate = mount({
  kind: "compliance",
  schema: complianceOutput,
  styles: reportStyles + styles,
  render: renderCompliance,
});
