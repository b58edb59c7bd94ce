import { inspect, types } from "node:util";
import { assayMime, type MimeBundle } from "../../protocol/mime.ts";
import { displaySymbol } from "./displayable.ts";
import { errorText, previewOf } from "./preview.ts";
import { isMimeBundle, type RichKind, richKindOf } from "./rich-kind.ts";
import { valueTree } from "./tree.ts";

/** Makes the bundle of a value of a rich kind; undefined where the value is not one after all. */
export type ShowRich = (kind: RichKind, value: object) => MimeBundle | undefined | Promise<MimeBundle | undefined>;

/** Text as Node's own prompt shows a value. */
export function plainText(value: unknown): string {
  try {
    const text = inspect(value, { depth: 4, breakLength: 100, maxStringLength: Number.POSITIVE_INFINITY });
    // An error without frames is put in brackets, which says nothing here.
    return types.isNativeError(value) && text === `[${value.stack}]` ? text.slice(1, -1) : text;
  } catch (error) {
    return `${previewOf(value)}\n(its inspect method failed: ${failure(error)})`;
  }
}

/** What was thrown, in a line; it may be anything. */
function failure(error: unknown): string {
  return types.isNativeError(error) ? errorText(error) : previewOf(error);
}

/** Whether a promise has neither a value nor an error yet. */
export function isPending(promise: Promise<unknown>): boolean {
  return inspect(promise, { depth: 0, customInspect: false }).startsWith("Promise { <pending>");
}

/** A value as its text, and as a tree where a line does not say it all. */
export function plainBundle(value: unknown): MimeBundle {
  const text = plainText(value);
  if (!isWorthATree(value, text)) return { "text/plain": text };
  try {
    return { [assayMime("value")]: valueTree(value), "text/plain": text };
  } catch {
    return { "text/plain": text };
  }
}

/** Text that a line or two can hold needs no tree beside it. */
const shortText = 72;

function isWorthATree(value: unknown, text: string): boolean {
  if (typeof value === "string") return value.length > 1000;
  if (typeof value === "function") return text.includes("\n");
  if (typeof value !== "object" || value === null || types.isProxy(value) || types.isPromise(value)) return false;
  return types.isNativeError(value) || text.length > shortText || text.includes("\n") || /\[[A-Z]\w*( |\])/.test(text);
}

/**
 * Content of a value by MIME type, the one way for the last expression of a cell and for `display`: by the value's own method, as what it is
 * (an image, a table, a chart), else as a tree with Node's text. `showRich` is loaded only where it is needed.
 */
export function bundleOf(value: unknown, showRich: () => ShowRich): MimeBundle | Promise<MimeBundle> {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return plainBundle(value);
  const own = ownBundle(value);
  if (own !== undefined) return whenDone(own, (bundle) => completed(bundle, value));
  if (isMimeBundle(value)) return completed({ ...value }, value);
  const kind = richKindOf(value);
  if (!kind) return plainBundle(value);
  const rich = attempted(() => showRich()(kind, value));
  return whenDone(rich, (bundle) => bundle ?? plainBundle(value));
}

/** What the value's own method gives. A proxy is asked too: its maker may have given it the method. */
function ownBundle(value: object): unknown {
  const method = attempted(() => Reflect.get(value, displaySymbol) as unknown);
  if (typeof method !== "function") return undefined;
  const failed = (error: unknown): MimeBundle => ({
    "text/plain": `${plainText(value)}\n(its display method failed: ${failure(error)})`,
  });
  try {
    const bundle = Reflect.apply(method, value, []) as unknown;
    return types.isPromise(bundle) ? bundle.catch(failed) : bundle;
  } catch (error) {
    return failed(error);
  }
}

function completed(bundle: unknown, value: unknown): MimeBundle {
  if (typeof bundle !== "object" || bundle === null) return plainBundle(value);
  const known = Object.fromEntries(Object.entries(bundle).filter(([, content]) => content !== undefined));
  if (Object.keys(known).length === 0) return plainBundle(value);
  return "text/plain" in known ? known : { ...known, "text/plain": plainText(value) };
}

/** A value that cannot show itself is shown as any other. */
function attempted<T>(body: () => T): T | undefined {
  try {
    return body();
  } catch {
    return undefined;
  }
}

function whenDone<T, R>(value: T | Promise<T>, next: (value: T | undefined) => R): R | Promise<R> {
  return types.isPromise(value) ? (value as Promise<T>).then(next, () => next(undefined)) : next(value as T);
}
