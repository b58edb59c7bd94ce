/** Leaves out edges that close a ring: those that lead back to a place on the way to them. The rest stand in an order from the sources on. */
export function withoutRings<E extends { readonly from: string; readonly to: string }>(edges: readonly E[]): E[] {
  const onward = Map.groupBy(edges, ({ from }) => from);
  const state = new Map<string, "open" | "done">();
  const kept: E[] = [];
  for (const { from: start } of edges) {
    if (state.has(start)) continue;
    state.set(start, "open");
    const way = [{ at: start, next: 0 }];
    for (let top = way.at(-1); top; top = way.at(-1)) {
      const edge = onward.get(top.at)?.[top.next++];
      if (!edge) {
        state.set(top.at, "done");
        way.pop();
      } else if (state.get(edge.to) !== "open") {
        kept.push(edge);
        if (!state.has(edge.to)) {
          state.set(edge.to, "open");
          way.push({ at: edge.to, next: 0 });
        }
      }
    }
  }
  return kept;
}
