import { withoutRings } from "../../kernel/protocol/rings.ts";

/** Something that is placed: what leads to it stands left of it. */
export interface Placed {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  /** From 0 at the left. */
  readonly column: number;
}

/** A way from one place to another, over points in the columns between them. */
export interface Way {
  readonly from: string;
  readonly to: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface Layout {
  readonly places: readonly Placed[];
  readonly ways: readonly Way[];
  readonly width: number;
  readonly height: number;
}

export interface Sizes {
  readonly width: number;
  readonly height: number;
  /** Between columns, and between places of a column. */
  readonly across: number;
  readonly down: number;
}

interface Edge {
  readonly from: string;
  readonly to: string;
}

/** A place, or a point at which a way passes a column. */
interface Spot {
  readonly id: string;
  readonly column: number;
  readonly height: number;
  readonly before: Spot[];
  readonly after: Spot[];
  order: number;
  y: number;
}

/** Height that a way needs where it passes a column. */
const passing = 14;
/** Times that the columns are put in the order of their neighbours. */
const sweeps = 8;

/**
 * Lays out a graph in columns (after Sugiyama): a place stands right of all that leads to it and as near as it can to where it leads, ways over
 * several columns keep a place of their own between the others, and neighbours are put side by side to avoid crossings. Edges that close a ring, or
 * name no place, are left out.
 */
export function layOut(ids: readonly string[], edges: readonly Edge[], sizes: Sizes): Layout {
  const known = new Set(ids);
  const straight = withoutRings(edges.filter(({ from, to }) => from !== to && known.has(from) && known.has(to)));
  const columns = columnsOf(ids, straight);
  const spots = new Map<string, Spot>();
  const spot = (id: string, column: number, height: number): Spot => {
    const made = { id, column, height, before: [], after: [], order: spots.size, y: 0 };
    spots.set(id, made);
    return made;
  };
  for (const id of known) spot(id, columns.get(id) ?? 0, sizes.height);
  const ways = straight.map((edge, index) => {
    const [from, to] = [spots.get(edge.from)!, spots.get(edge.to)!];
    const between = Array.from({ length: to.column - from.column - 1 }, (_, i) =>
      spot(`way ${index} ${i}`, from.column + 1 + i, passing),
    );
    const all = [from, ...between, to];
    for (const [at, next] of all.slice(1).entries()) {
      all[at]!.after.push(next);
      next.before.push(all[at]!);
    }
    return { edge, between, from, to };
  });
  const byColumn = [...Map.groupBy(spots.values(), ({ column }) => column)].sort(([a], [b]) => a - b).map(([, s]) => s);
  order(byColumn);
  const height = stack(byColumn, sizes.down);
  const x = (column: number) => column * (sizes.width + sizes.across);
  return {
    places: [...known].map((id) => {
      const { column, y } = spots.get(id)!;
      return { id, column, x: x(column), y: y - sizes.height / 2 };
    }),
    ways: ways.map(({ edge, between, from, to }) => ({
      ...edge,
      points: [
        { x: x(from.column) + sizes.width, y: from.y },
        ...between.flatMap(({ column, y }) => [
          { x: x(column), y },
          { x: x(column) + sizes.width, y },
        ]),
        { x: x(to.column), y: to.y },
      ],
    })),
    width: Math.max(0, x(byColumn.length) - sizes.across),
    height,
  };
}

/** The column of each place: one right of the last that leads to it; what nothing leads to moves to the left of where it leads first. */
function columnsOf(ids: readonly string[], edges: readonly Edge[]): Map<string, number> {
  const columns = new Map(ids.map((id) => [id, 0]));
  const waiting = new Map(ids.map((id) => [id, 0]));
  for (const { to } of edges) waiting.set(to, waiting.get(to)! + 1);
  const onward = Map.groupBy(edges, ({ from }) => from);
  const ready = ids.filter((id) => waiting.get(id) === 0);
  for (let at = 0; at < ready.length; at++) {
    for (const { from, to } of onward.get(ready[at]!) ?? []) {
      columns.set(to, Math.max(columns.get(to)!, columns.get(from)! + 1));
      waiting.set(to, waiting.get(to)! - 1);
      if (waiting.get(to) === 0) ready.push(to);
    }
  }
  const last = Math.max(0, ...columns.values());
  const led = new Set(edges.map(({ to }) => to));
  for (const id of ids) {
    if (led.has(id)) continue;
    const next = (onward.get(id) ?? []).map(({ to }) => columns.get(to)!);
    // What stands alone stands before the end, where the cell is.
    columns.set(id, next.length > 0 ? next.reduce((a, b) => Math.min(a, b)) - 1 : Math.max(0, last - 1));
  }
  return columns;
}

/** Puts the spots of each column in the order of the middle of their neighbours, from the left and from the right in turn. */
function order(columns: readonly Spot[][]): void {
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const forward = sweep % 2 === 0;
    for (const column of forward ? columns : [...columns].reverse()) {
      const middle = new Map(
        column.map((spot, at) => {
          const next = forward ? spot.before : spot.after;
          return [spot, next.length === 0 ? at : next.reduce((sum, one) => sum + one.order, 0) / next.length];
        }),
      );
      column.sort((a, b) => middle.get(a)! - middle.get(b)!);
      for (const [at, spot] of column.entries()) spot.order = at;
    }
  }
}

/** Stacks each column around the middle line; returns the height of the highest. */
function stack(columns: readonly Spot[][], down: number): number {
  const heights = columns.map((column) => column.reduce((sum, { height }) => sum + height + down, -down));
  const all = Math.max(0, ...heights);
  for (const [index, column] of columns.entries()) {
    let y = (all - heights[index]!) / 2;
    for (const spot of column) {
      spot.y = y + spot.height / 2;
      y += spot.height + down;
    }
  }
  return all;
}
