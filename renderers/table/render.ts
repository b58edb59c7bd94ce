import type { TableOutput } from "../../kernel/protocol/outputs.ts";
import { formatItems, h, icon, type Shown, type Surroundings } from "../mount.ts";
import { rowsSource, type Source } from "./model.ts";
import { TableView } from "./view.ts";

/** Draws a table that sorts, filters, summarises, copies and saves, and draws only the cells in view. */
export function renderTable(
  root: HTMLElement,
  data: TableOutput,
  surroundings: Surroundings,
): Shown<TableOutput> | undefined {
  const show = (source: Source) => new TableView(root, data, source, surroundings);
  if (!data.arrow || (data.rows && data.total === data.rows.length)) {
    show(rowsSource(data));
    return undefined;
  }
  const waiting = h("div", { class: "sub", role: "status" }, "Reading the table…");
  root.append(waiting);
  const arrow = data.arrow;
  const load = async () => {
    const [{ arrowSource }, bytes] = await Promise.all([import("./arrow-source.ts"), surroundings.media.bytes(arrow)]);
    return arrowSource(data, bytes);
  };
  load()
    .then((source) => {
      waiting.remove();
      if (!surroundings.signal.aborted) show(source);
    })
    .catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      waiting.remove();
      show(rowsSource(data));
      root.prepend(
        h(
          "div",
          { class: "notice" },
          icon("warning"),
          `Only the first ${formatItems(data.rows?.length ?? 0, "row")} can be shown: ${reason}`,
        ),
      );
    });
  return undefined;
}
