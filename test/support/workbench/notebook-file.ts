import { writeFile } from "node:fs/promises";

/** A cell of a notebook to write: code, or Markdown under `markdown`. */
export type CellText = string | { readonly markdown: string };

/** Writes a TypeScript notebook (nbformat 4.5) with the given cells. */
export async function writeNotebook(
  path: string,
  cells: readonly CellText[],
  assay: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const notebook = {
    cells: cells.map((cell, index) =>
      typeof cell === "string"
        ? {
            cell_type: "code",
            execution_count: null,
            id: `cell-${index}`,
            metadata: {},
            outputs: [],
            source: lines(cell),
          }
        : { cell_type: "markdown", id: `cell-${index}`, metadata: {}, source: lines(cell.markdown) },
    ),
    metadata: {
      ...(Object.keys(assay).length > 0 ? { assay } : {}),
      kernelspec: { display_name: "TypeScript (Assay)", language: "typescript", name: "assay" },
      language_info: { file_extension: ".ts", mimetype: "text/typescript", name: "typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  await writeFile(path, `${JSON.stringify(notebook, null, 1)}\n`);
}

function lines(text: string): string[] {
  return text.split(/(?<=\n)/);
}
