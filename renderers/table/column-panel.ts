import { h, icon } from "../mount.ts";
import { asksNothing, type ColumnFilter } from "./filter.ts";
import { type Column, isNumeric } from "./model.ts";

/** What a column's panel asks for. */
export interface PanelEvents {
  readonly filter: (filter: ColumnFilter) => void;
  readonly sort: (descending: boolean | undefined) => void;
  readonly widen: (factor: number) => void;
  readonly fit: () => void;
  readonly close: () => void;
}

/**
 * A panel for one column: its summary, a filter (a range of numbers or dates, a part of a text, gaps), order and width. `summary` may come later.
 */
export function columnPanel(
  column: Column,
  present: ColumnFilter,
  summary: Promise<HTMLElement>,
  events: PanelEvents,
): HTMLElement {
  const numeric = isNumeric(column);
  const isDate = column.kind === "date";
  const holder = h("div", { class: "sub", role: "status" }, "Counting…");
  summary.then((element) => holder.replaceWith(element)).catch(() => holder.remove());

  const field = (label: string, value: string) =>
    h("input", {
      type: isDate ? "text" : numeric ? "number" : "search",
      step: "any",
      "aria-label": label,
      placeholder: label,
      value,
    });
  const shown = (value: number | undefined) => (value === undefined ? "" : isDate ? column.text(value) : String(value));
  const least = field(isDate ? "From, e.g. 2026-01-31" : "At least", shown(present.least));
  const most = field(isDate ? "To, e.g. 2026-12" : "At most", shown(present.most));
  const part = field("Contains", present.contains ?? "");
  const gaps = h(
    "select",
    { "aria-label": "Empty values" },
    h("option", { value: "", selected: present.empty === undefined }, "empty: keep"),
    h("option", { value: "no", selected: present.empty === false }, "empty: leave out"),
    h("option", { value: "yes", selected: present.empty === true }, "empty: only"),
  );
  const apply = () => {
    const from = limit(least.value, isDate, false);
    const to = limit(most.value, isDate, true);
    for (const [input, value] of [
      [least, from],
      [most, to],
    ] as const)
      input.setAttribute("aria-invalid", String(Number.isNaN(value)));
    const filter: ColumnFilter = {
      ...(numeric && from !== undefined && !Number.isNaN(from) ? { least: from } : {}),
      ...(numeric && to !== undefined && !Number.isNaN(to) ? { most: to } : {}),
      ...(!numeric && part.value !== "" ? { contains: part.value } : {}),
      ...(gaps.value === "" ? {} : { empty: gaps.value === "yes" }),
    };
    clear.disabled = asksNothing(filter);
    events.filter(filter);
  };
  const clear = button("Clear filter", () => {
    for (const input of [least, most, part]) input.value = "";
    gaps.value = "";
    apply();
  });
  clear.disabled = asksNothing(present);
  for (const input of [least, most, part]) input.addEventListener("input", apply);
  gaps.addEventListener("change", apply);

  const panel = h(
    "div",
    {
      class: "column-panel",
      role: "dialog",
      "aria-label": `Column ${column.name.slice(0, 80)}`,
      tabindex: "-1",
      onkeydown: (event: KeyboardEvent) => {
        if (event.key === "Escape") events.close();
        // Keys that are typed here are text, not commands of the notebook.
        event.stopPropagation();
      },
    },
    h(
      "div",
      { class: "panel-head" },
      h("strong", { title: column.name.slice(0, 300) }, column.name.slice(0, 120)),
      column.unit && h("span", { class: "unit" }, column.unit.slice(0, 60)),
      h("span", { class: "unit" }, column.kind),
      h(
        "button",
        { class: "button bare", type: "button", "aria-label": "Close", title: "Close", onclick: events.close },
        icon("close"),
      ),
    ),
    holder,
    h("div", { class: "panel-fields" }, numeric ? [least, most] : part, gaps, clear),
    h(
      "div",
      { class: "panel-row" },
      h("span", { class: "segments", role: "group", "aria-label": "Order" }, [
        button("Ascending", () => events.sort(false), "up"),
        button("Descending", () => events.sort(true), "down"),
        button("As given", () => events.sort(undefined)),
      ]),
      h("span", { class: "segments", role: "group", "aria-label": "Width" }, [
        button("", () => events.widen(1 / 1.3), "minus", "Narrower"),
        button("", () => events.widen(1.3), "plus", "Wider"),
        button("Fit", events.fit),
      ]),
    ),
  );
  return panel;
}

function button(text: string, action: () => void, sign?: "up" | "down" | "plus" | "minus", label?: string) {
  return h(
    "button",
    { class: "button", type: "button", "aria-label": label, title: label, onclick: () => action() },
    sign && icon(sign),
    text,
  );
}

/** A limit as typed: a number, or a date of which the end may be left out; NaN when it is neither. */
function limit(text: string, isDate: boolean, end: boolean): number | undefined {
  if (text.trim() === "") return undefined;
  if (!isDate) return Number(text);
  const given = text.trim().replace(" ", "T");
  const whole = /^\d{4}(-\d\d(-\d\d)?)?$/.exec(given);
  if (!whole) return Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(given) ? given : `${given}Z`);
  const [year = 0, month, day] = given.split("-").map(Number);
  if (!end) return Date.UTC(year, (month ?? 1) - 1, day ?? 1);
  // "to 2026-03" includes all of March.
  const after = Date.UTC(
    year + (month === undefined ? 1 : 0),
    month === undefined ? 0 : month - (day === undefined ? 0 : 1),
    day === undefined ? 1 : day + 1,
  );
  return after - 1;
}
