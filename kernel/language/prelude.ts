import { jsxOf } from "./cell-jsx.ts";
import type { CellName, CellNames } from "./cell-names.ts";
import { isGlobalName } from "./global-names.ts";

/** How modules of cells are named in the text around a cell. */
export const cellSpecifier = (key: number) => `assay:cell/${key}`;

/** One cell among the others: what the text around it is made from. */
export interface CellEntry {
  /** Number that stays the same while the cell lives. */
  readonly key: number;
  readonly names: CellNames;
}

/** Which cell a name of another cell comes from. */
export interface Visible {
  readonly name: string;
  /** Position, among the cells, of the one whose value is seen; and of the one whose type is seen. */
  readonly value: number | undefined;
  readonly type: number | undefined;
}

/** Declarers of each name, by position. */
export type Declarers = ReadonlyMap<string, readonly { readonly at: number; readonly declared: CellName }[]>;

export function declarersOf(cells: readonly CellEntry[]): Declarers {
  const all = new Map<string, { at: number; declared: CellName }[]>();
  cells.forEach(({ names }, at) => {
    for (const declared of names.declared.values()) {
      const list = all.get(declared.name);
      if (list) list.push({ at, declared });
      else all.set(declared.name, [{ at, declared }]);
    }
  });
  return all;
}

/**
 * What the cell at position `here` sees of the others: of each name, the declaration of the latest cell before it; of a name that
 * only later cells declare, the first of those, unless the runtime has a global of that name. Values and types go their own ways.
 */
export function visibleFrom(cells: readonly CellEntry[], declarers: Declarers, here: number): Visible[] {
  const own = cells[here]?.names.declared;
  const visible: Visible[] = [];
  for (const [name, list] of declarers) {
    const mine = own?.get(name);
    const owner = (meaning: "value" | "type"): number | undefined => {
      if (mine?.[meaning]) return undefined;
      const able = list.filter(({ at, declared }) => at !== here && declared[meaning]);
      const before = able.findLast(({ at }) => at < here);
      if (before) return before.at;
      return mine || isGlobalName(name, meaning) ? undefined : able[0]?.at;
    };
    const value = owner("value");
    const type = owner("type");
    if (value !== undefined || type !== undefined) visible.push({ name, value, type });
  }
  return visible;
}

/**
 * The line in front of a cell's text: it exports what the cell declares and brings in what the others do. An import shows a value
 * with its exact type but cannot be assigned; so a variable that this cell assigns is declared instead.
 */
export function preludeOf(
  cells: readonly (CellEntry & { readonly source: string })[],
  declarers: Declarers,
  here: number,
): string {
  const cell = cells[here]!;
  const from = (at: number) => cellSpecifier(cells[at]!.key);
  const values = new Map<number, string[]>();
  const types = new Map<number, string[]>();
  const declared: string[] = [];
  const put = (into: Map<number, string[]>, at: number, name: string) => {
    const list = into.get(at);
    if (list) list.push(name);
    else into.set(at, [name]);
  };
  for (const { name, value, type } of visibleFrom(cells, declarers, here)) {
    const source = value === undefined ? undefined : cells[value]!.names.declared.get(name);
    const variable = source?.kind === "let" || source?.kind === "var";
    const assigned = variable && cell.names.assigned.has(name);
    if (value !== undefined && !assigned && (type === undefined || type === value)) put(values, value, name);
    else {
      if (value !== undefined) {
        const keyword = assigned ? "let" : "const";
        declared.push(`declare ${keyword} ${name}: typeof import("${from(value)}").${name};`);
      }
      if (type !== undefined) put(types, type, name);
    }
  }
  const exported = [...cell.names.declared.values()].filter((one) => !one.exported).map((one) => one.name);
  const imports = (keyword: string, of: Map<number, string[]>) =>
    [...of].map(([at, names]) => `${keyword} { ${names.join(", ")} } from "${from(at)}";`).join("");
  const line = [
    `export { ${exported.join(", ")} };`,
    imports("import", values),
    imports("import type", types),
    ...declared,
  ];
  const hasReact = (declarers.get("React") ?? []).some(({ declared }) => declared.value);
  const classic = jsxOf(cell.source, cell.names.tsx, hasReact) === "classic" ? "/** @jsxRuntime classic */\n" : "";
  return `${classic}${cell.names.pragmas}${line.join("")}\n${cell.names.object ? "(" : ""}`;
}

/** The text after a cell. */
export const postludeOf = (names: CellNames): string => (names.object ? "\n)" : "");
