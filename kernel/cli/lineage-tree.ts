import { basename } from "node:path";
import { formatBytes } from "../protocol/bytes.ts";
import { complianceModes, licenceClassNames, modePhrase } from "../protocol/classes.ts";
import type { Lineage, LineageNode } from "../protocol/lineage.ts";
import { shortId } from "./records-format.ts";

/** Lines that a tree takes at most. */
const mostLines = 200;

/**
 * A lineage as lines: what the cell made, then the cell, and under each thing what it comes from. What stands in several places is told in full at
 * the first.
 */
export function lineageTree({ nodes, edges, notes }: Lineage): string[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const sources = Map.groupBy(edges, ({ to }) => to);
  const cell = nodes.find(({ role }) => role === "cell");
  const told = new Set<string>();
  const lines: string[] = [];
  const tell = (node: LineageNode, indent: string) => {
    if (lines.length >= mostLines) return;
    const known = told.has(node.id);
    const from = (sources.get(node.id) ?? []).flatMap((edge) => byId.get(edge.from) ?? []);
    lines.push(`${indent}${told.has(node.id) && from.length > 0 ? `${node.name}, as above` : lineOf(node)}`);
    told.add(node.id);
    if (known) return;
    for (const example of examplesOf(node)) lines.push(`${indent}    ${example}`);
    for (const source of from) tell(source, `${indent}  `);
  };
  const ends = nodes.filter(({ id, role }) => role !== "cell" && !edges.some(({ from }) => from === id));
  for (const end of ends) tell(end, "");
  if (cell && !told.has(cell.id)) tell(cell, "");
  return [...lines, ...(lines.length >= mostLines ? ["… the tree is cut here; --json shows all"] : []), ...notes];
}

function lineOf({ role, name, licenceClass, facts, bytes, madeBy, members, count }: LineageNode): string {
  if (role === "cell") return name;
  const licence = count === 1 ? members[0]?.licence : undefined;
  const made =
    madeBy && `${basename(madeBy.notebookPath)} cell ${madeBy.cellIndex}, record ${shortId(madeBy.executionId)}`;
  const about = [
    licenceClass && licenceClassNames[licenceClass],
    licence,
    facts.mode && modeOf(facts.mode),
    facts.items && `${facts.items} items`,
    bytes !== undefined && formatBytes(bytes),
    made && `made in ${made}`,
  ];
  return `${roleNames[role]} ${name}: ${about.filter(Boolean).join(", ")}`;
}

/** The first of many, with what has to be said of them. */
function examplesOf({ role, members, count }: LineageNode): string[] {
  if (role !== "item" && count === 1) return [];
  const shown = members.slice(0, 3).map(({ name, author, licence, source }) => {
    return [name, author && `by ${author}`, licence, source].filter(Boolean).join(", ");
  });
  return count > shown.length ? [...shown, `and ${(count - shown.length).toLocaleString("en-US")} more`] : shown;
}

const roleNames: Readonly<Record<Exclude<LineageNode["role"], "cell">, string>> = {
  item: "source",
  input: "input",
  model: "model",
  lora: "LoRA",
  dataset: "data set",
  module: "module",
  output: "output",
  unseen: "unknown",
};

/** A mode of this version in words; what another version wrote, as it stands. */
function modeOf(written: string): string {
  const mode = complianceModes.find((one) => one === written);
  return mode ? modePhrase(mode) : `mode ${written}`;
}
