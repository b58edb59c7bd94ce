import packageJson from "../../package.json" with { type: "json" };
import { protocolVersion } from "./wire.ts";

/** Content of `kernel_info_reply`: who answers here, and what language cells are written in. */
export const kernelInfo = {
  status: "ok",
  protocol_version: protocolVersion,
  implementation: "assay",
  implementation_version: packageJson.version,
  language_info: {
    name: "typescript",
    version: packageJson.dependencies.typescript,
    mimetype: "text/typescript",
    file_extension: ".ts",
    pygments_lexer: "typescript",
    codemirror_mode: { name: "javascript", typescript: true },
    nbconvert_exporter: "script",
  },
  banner: `Assay ${packageJson.version}: TypeScript on Node ${process.versions.node}, with a record per cell`,
  debugger: false,
  help_links: [
    { text: "TypeScript", url: "https://www.typescriptlang.org/docs/" },
    { text: "Node.js", url: "https://nodejs.org/api/" },
  ],
} as const;
