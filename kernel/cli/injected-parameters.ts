import type { NotebookCell, NotebookFile } from "./notebook-file.ts";

/** The tag of the cell that sets parameters, by papermill's convention. */
const tag = "injected-parameters";

/** The notebook to run: a cell that an earlier run injected sets the parameters of this one. */
export function withNewInjection(notebook: NotebookFile, values: Readonly<Record<string, unknown>>): NotebookFile {
  if (Object.keys(values).length === 0) return notebook;
  const cells = notebook.cells.map((cell) => (isInjected(cell) ? { ...cell, source: sourceOf(values) } : cell));
  return { ...notebook, cells };
}

/**
 * The notebook as a run leaves it: with the cell that papermill puts behind the one tagged `parameters`, or first where there is none.
 * It was not run: the kernel set the variables itself.
 */
export function withInjection(notebook: NotebookFile, values: Readonly<Record<string, unknown>>): NotebookFile {
  if (Object.keys(values).length === 0 || notebook.cells.some(isInjected)) return notebook;
  const after = notebook.cells.findIndex((cell) => hasTag(cell, "parameters"));
  let id = tag;
  while (notebook.cells.some((cell) => cell.id === id)) id += "-1";
  const injected: NotebookCell = { kind: "code", id, source: sourceOf(values), metadata: { tags: [tag] } };
  return { ...notebook, cells: notebook.cells.toSpliced(after + 1, 0, injected) };
}

function sourceOf(values: Readonly<Record<string, unknown>>): string {
  return [
    "// Parameters",
    ...Object.entries(values).map(([name, value]) => `let ${name} = ${JSON.stringify(value)};`),
  ].join("\n");
}

function isInjected(cell: NotebookCell): boolean {
  return cell.kind === "code" && hasTag(cell, tag);
}

function hasTag({ metadata }: NotebookCell, name: string): boolean {
  return Array.isArray(metadata.tags) && metadata.tags.includes(name);
}
