import type { Lineage, LineageNode, LineageOrigin } from "../protocol/lineage.ts";
import { withoutRings } from "../protocol/rings.ts";
import type { RecordDatabase } from "./database.ts";
import { classPlaces, contentPlace, itemPlace, mergedPlaces, type Place } from "./lineage-places.ts";
import { openProvenance, type Provenance } from "./provenance.ts";
import type { ParticipantRow } from "./rows.ts";

/** How much a graph holds: steps back from the execution, contents that are looked up, and places that are left when like was put to like. */
const most = { depth: 32, contents: 4000, places: 150, madeItems: 200 };

/** Id of the place of the execution itself. */
const cell = "cell";

/**
 * The lineage of what an execution used, made and showed: back over models, LoRAs and data sets to the source items, through other notebooks and
 * sessions of the store where the content is the same. Nothing that was made later counts. `undefined` where there is nothing to tell.
 */
export function readLineage(database: RecordDatabase, executionId: string): Lineage | undefined {
  const graph = new Graph(database, executionId);
  graph.walk();
  return graph.places.size === 0 ? undefined : graph.finished();
}

class Graph {
  readonly places = new Map<string, Place>();
  readonly #edges = new Map<string, { from: string; to: string }>();
  readonly #database: RecordDatabase;
  readonly #executionId: string;
  readonly #provenance: Provenance;
  #tooDeep = false;
  #tooMany = false;

  constructor(database: RecordDatabase, executionId: string) {
    this.#database = database;
    this.#executionId = executionId;
    this.#provenance = openProvenance(database, executionId);
  }

  walk(): void {
    const id = this.#executionId;
    const all = <T>(sql: string) => this.#database.prepare<[string], T>(sql).all(id);
    const participants = all<ParticipantRow>("select * from participants where execution_id = ? order by position");
    const [made, used] = (["produced", "used"] as const).map(
      (direction) => new Map(participants.filter((one) => one.direction === direction).map((one) => [one.sha256, one])),
    ) as [Map<string, ParticipantRow>, Map<string, ParticipantRow>];
    const shown = all<{ sha256: string }>("select sha256 from shown where execution_id = ?").map(
      ({ sha256 }) => sha256,
    );
    const sources = new Set<string>(used.keys());
    for (const sha256 of made.keys()) this.#enterMade(sha256, made, sources);
    for (const sha256 of shown) if (!made.has(sha256)) sources.add(sha256);
    this.#enterCollected();
    const queue: Step[] = [...sources]
      .filter((sha256) => !made.has(sha256))
      .map((sha256) => ({ sha256, to: cell, depth: 1, used: used.get(sha256) }));
    for (let at = 0; at < queue.length; at++) this.#enter(queue[at]!, queue);
  }

  /** Something that the execution made: what it was made from leads through the cell, or over something else that the cell made. */
  #enterMade(sha256: string, made: ReadonlyMap<string, ParticipantRow>, sources: Set<string>): void {
    if (this.#isFull()) return;
    const place = contentPlace(sha256, this.#provenance.known(sha256));
    this.places.set(place.id, place);
    const from = this.#provenance.sourcesIn(sha256, this.#executionId);
    const outside = from.filter((source) => !made.has(source));
    for (const source of from) if (made.has(source)) this.#join(source, sha256);
    for (const source of outside) sources.add(source);
    if (place.dataset) this.#enterItems(place, cell, []);
    if (outside.length > 0 || from.length === 0) this.#join(cell, sha256);
  }

  /** One step back. What is new is followed further. */
  #enter({ sha256, to, depth, used }: Step, queue: Step[]): void {
    const seen = this.places.has(sha256);
    if (!seen && this.#isFull()) return;
    const known = seen ? undefined : this.#provenance.known(sha256);
    if (!seen) this.places.set(sha256, contentPlace(sha256, known, used));
    this.#join(sha256, to);
    if (seen) return;
    if (depth >= most.depth) {
      this.#tooDeep = true;
      return;
    }
    const place = this.places.get(sha256)!;
    if (place.dataset) this.#enterItems(place, place.id, queue, depth);
    const sources = known?.kind === "made" || known?.kind === "derived" ? known.sources : [];
    for (const source of sources) queue.push({ sha256: source, to: sha256, depth: depth + 1 });
  }

  #enterItems({ dataset }: Place, to: string, queue: Step[], depth = 1): void {
    if (!dataset) return;
    for (const place of classPlaces(this.#database, this.#provenance, dataset)) {
      this.places.set(place.id, place);
      this.#join(place.id, to);
    }
    for (const sha256 of this.#provenance.madeItemsOf(dataset, most.madeItems))
      queue.push({ sha256, to, depth: depth + 1 });
  }

  /** Items that the execution itself collected, where it built no data set of them. */
  #enterCollected(): void {
    if ([...this.places.values()].some(({ dataset }) => dataset)) return;
    const rows = this.#database
      .prepare<[string], Parameters<typeof itemPlace>[0]>(
        `select licence_class, count(*) as items, min(i.id) as first from execution_items x join items i on i.id = x.item_id
           where x.execution_id = ? group by licence_class`,
      )
      .all(this.#executionId);
    for (const row of rows) {
      const place = itemPlace(row, this.#database);
      this.places.set(place.id, place);
      this.#join(place.id, cell);
    }
  }

  #join(from: string, to: string): void {
    if (from !== to) this.#edges.set(`${from} ${to}`, { from, to });
  }

  #isFull(): boolean {
    this.#tooMany ||= this.places.size >= most.contents;
    return this.#tooMany;
  }

  /** The graph with like put to like, without rings, and bounded. */
  finished(): Lineage {
    const origins = originReader(this.#database);
    const { places, standFor } = mergedPlaces([...this.places.values()], [...this.#edges.values()]);
    const kept = places.slice(0, most.places);
    const ids = new Set([cell, ...kept.map(({ id }) => id)]);
    const edges = new Map(
      [...this.#edges.values()].flatMap(({ from, to }) => {
        const edge = { from: standFor.get(from) ?? from, to: standFor.get(to) ?? to };
        return edge.from !== edge.to && ids.has(edge.from) && ids.has(edge.to)
          ? [[`${edge.from} ${edge.to}`, edge] as const]
          : [];
      }),
    );
    const straight = withoutRings([...edges.values()]);
    const nodes = kept.map(({ dataset: _, madeIn, ...node }): LineageNode => {
      const madeBy = madeIn !== undefined && madeIn !== this.#executionId ? origins(madeIn) : undefined;
      return madeBy ? { ...node, madeBy } : node;
    });
    const own = origins(this.#executionId);
    return {
      nodes: [
        { id: cell, role: "cell", name: `cell ${own?.cellIndex ?? ""}`.trim(), count: 1, facts: {}, members: [] },
        ...nodes,
      ],
      edges: straight,
      notes: [
        ...(this.#tooDeep ? [`What lies more than ${most.depth} steps back is left out.`] : []),
        ...(this.#tooMany ? [`Only the first ${most.contents} contents were followed.`] : []),
        ...(places.length > kept.length ? [`${places.length - kept.length} more places are left out.`] : []),
        ...(straight.length < edges.size ? ["Content that leads back to itself is drawn once."] : []),
      ],
    };
  }
}

interface Step {
  readonly sha256: string;
  /** What it leads to. */
  readonly to: string;
  readonly depth: number;
  /** What the execution itself says of it. */
  readonly used?: ParticipantRow | undefined;
}

/** Reads who an execution was, each once. */
function originReader(database: RecordDatabase): (executionId: string) => LineageOrigin | undefined {
  const known = new Map<string, LineageOrigin | undefined>();
  const read = database.prepare<[string], LineageOrigin>(
    `select e.id as executionId, s.notebook_path as notebookPath, e.cell_index as cellIndex, e.started_at as startedAt, e.mode
       from executions e join sessions s on s.id = e.session_id where e.id = ?`,
  );
  return (id) => {
    if (!known.has(id)) known.set(id, read.get(id));
    return known.get(id);
  };
}
