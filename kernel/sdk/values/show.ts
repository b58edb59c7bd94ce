import { types } from "node:util";
import type { CellContext } from "../../protocol/cell-context.ts";
import type { MimeBundle } from "../../protocol/mime.ts";
import { bundleOf, plainText, type ShowRich } from "./bundle.ts";
import { nextDisplayId } from "./display-id.ts";

/** A shown value that can be replaced in place. */
export interface DisplayHandle {
  readonly displayId: string;
  /** Shows another value in the same place. */
  update(value: unknown): void;
}

/** What {@link show} and {@link live} need of their surroundings. */
export interface Showing {
  readonly context: CellContext;
  readonly showRich: () => ShowRich;
}

/** Shows a value in the output of a cell, now. A promise is shown as pending, and in its place its value or error when it has come. */
export function show(value: unknown, showing: Showing): void {
  const { context } = showing;
  if (types.isPromise(value)) return showPromise(value, showing);
  const bundle = bundleOf(value, showing.showRich);
  if (types.isPromise(bundle)) later(bundle, value, nextDisplayId("value", context), context, {});
  else context.emit({ type: "display", data: bundle });
}

/** Shows a value that later calls of the handle replace. `transient` output is left out of the record's comparison. */
export function live(value: unknown, options: { readonly transient?: boolean }, showing: Showing): DisplayHandle {
  const { context, showRich } = showing;
  const displayId = nextDisplayId("live", context);
  const transient = options.transient ? { transient: true } : {};
  let latest = 0;
  const put = (next: unknown, update: boolean) => {
    const turn = ++latest;
    const emit = (data: MimeBundle, again: boolean) => {
      if (turn === latest)
        context.emit({ type: "display", data, displayId, ...(again ? { update: true } : {}), ...transient });
    };
    const bundle = bundleOf(next, showRich);
    if (!types.isPromise(bundle)) return emit(bundle, update);
    if (!update) emit(waiting(next), false);
    context.settle?.(bundle.then((data) => emit(data, true)));
  };
  put(value, false);
  return { displayId, update: (next) => put(next, true) };
}

function waiting(value: unknown): MimeBundle {
  return { "text/plain": plainText(value) };
}

/** Keeps the place of something whose content takes a moment; the cell's end waits for it. */
function later(
  bundle: Promise<MimeBundle>,
  value: unknown,
  displayId: string,
  context: CellContext,
  extra: { readonly transient?: true },
): void {
  context.emit({ type: "display", data: waiting(value), displayId, ...extra });
  const shown = bundle.then((data) => context.emit({ type: "display", data, displayId, update: true, ...extra }));
  context.settle?.(shown);
}

/**
 * Shows a promise as pending, and in its place its value or error when it has come. Where `rethrow` is set, an error still counts as one that
 * nobody caught.
 */
export function showPromise(promise: Promise<unknown>, { context, showRich }: Showing, rethrow = false): void {
  const displayId = nextDisplayId("promise", context);
  context.emit({ type: "display", data: waiting(promise), displayId });
  const replace = async (value: unknown) => {
    const data = value === undefined ? waiting(promise) : await bundleOf(value, showRich);
    context.emit({ type: "display", data, displayId, update: true });
  };
  promise.then(replace, async (error: unknown) => {
    await replace(error);
    if (rethrow) throw error;
  });
}
