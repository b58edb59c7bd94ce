import type { ExportAllDeclaration, ExportNamedDeclaration, ImportDeclaration } from "acorn";

/** One static import: what is asked for, and under which local names. */
export interface ImportRequest {
  readonly specifier: string;
  /** `with { type: "json" }`. */
  readonly type: string | undefined;
  /** Offset of the declaration in the JavaScript text. */
  readonly offset: number;
  readonly bindings: readonly ImportBinding[];
}

export interface ImportBinding {
  readonly local: string;
  /** Name of the export; `*` for the namespace itself. */
  readonly imported: string;
}

/** What an import or a re-export asks for; nothing when only types were imported. */
export function importRequest(
  node: ImportDeclaration | ExportNamedDeclaration | ExportAllDeclaration,
  code: string,
): ImportRequest | undefined {
  if (!node.source) return undefined;
  const bindings: ImportBinding[] = [];
  if (node.type === "ImportDeclaration") {
    const clause = code.slice(node.start + "import".length, node.source.start);
    if (node.specifiers.length === 0 && clause.includes("{")) return undefined;
    for (const one of node.specifiers) {
      const imported =
        one.type === "ImportNamespaceSpecifier"
          ? "*"
          : one.type === "ImportDefaultSpecifier"
            ? "default"
            : nameOf(one.imported);
      bindings.push({ local: one.local.name, imported });
    }
  }
  const type = node.attributes.find((one) => nameOf(one.key) === "type")?.value.value;
  return {
    specifier: String(node.source.value),
    type: type === undefined ? undefined : String(type),
    offset: node.start,
    bindings,
  };
}

/** The text of an identifier or of a string used as a name. */
export function nameOf(
  node: { type: "Identifier"; name: string } | { type: "Literal"; value?: unknown } | { type: string },
): string {
  if ("name" in node) return node.name;
  return "value" in node ? String(node.value) : "";
}
