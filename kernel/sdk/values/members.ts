import { kindOf, tensorShape } from "./kind.ts";
import { className, keysOf, ownProperty, prototypeOf } from "./own.ts";
import { countedKeys, elementOf, isLarge, previewOf } from "./preview.ts";
import { entriesOf, mapSize, setSize, symbolText, typedArrayLength, valuesOf } from "./slots.ts";

/** One thing inside a value. */
export interface Member {
  readonly label: string;
  readonly role: "property" | "index" | "symbol" | "entry" | "hidden";
  /** What to write after the parent's expression to come here. */
  readonly access?: string;
  /** The step of a path that leads here. */
  readonly step: string;
  /** What is there, unless only a getter would tell. */
  readonly content:
    | { readonly value: unknown }
    | { readonly accessor: "get" | "set" | "get, set" }
    | { readonly empty: true };
}

/** Arrays longer than this are taken to have nothing but their items: looking for more would list all of them. */
const longArray = 2000;

/** An entry of a map whose key is itself something to open. */
class Entry {
  readonly key: unknown;
  readonly value: unknown;
  readonly #own = true;
  constructor(key: unknown, value: unknown) {
    this.key = key;
    this.value = value;
  }
  static is(value: object): boolean {
    return #own in value;
  }
}

interface Section {
  /** Set for what is not enumerable and for slots of the language. */
  readonly hidden?: true;
  readonly count: number;
  readonly take: (start: number, count: number) => Member[];
}

/** How many things there are to open in a value; for objects with very many properties an estimate above zero. */
export function countOf(value: unknown): number {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return 0;
  try {
    if (isLarge(value)) return 1;
    return sectionsOf(value).reduce((sum, { count }) => sum + count, 0);
  } catch {
    return 0;
  }
}

/** Members of a value from one number on: items or entries, then properties, then, unless left aside, what is not enumerable. */
export function membersOf(
  value: unknown,
  start: number,
  count: number,
  { hidden = true } = {},
): { members: Member[]; total: number } {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return { members: [], total: 0 };
  const members: Member[] = [];
  let before = 0;
  for (const section of sectionsOf(value)) {
    if (section.hidden && !hidden) continue;
    const from = Math.max(0, start - before);
    const wanted = Math.min(section.count - from, count - members.length);
    if (wanted > 0) members.push(...section.take(from, wanted));
    before += section.count;
  }
  return { members, total: before };
}

/** What a step leads to; undefined where there is nothing to hold. */
export function stepInto(value: unknown, step: string): { readonly value: unknown } | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  const kind = step[0];
  const rest = step.slice(1);
  const number = Number(rest);
  if (kind === "#") {
    const content = sectionsOf(value)[0]?.take(number, 1)[0]?.content;
    return content && "value" in content ? content : undefined;
  }
  if (kind === "^") {
    const prototype = prototypeOf(value);
    return prototype ? { value: prototype } : undefined;
  }
  const key = kind === "@" ? keysOf(value).filter((one) => typeof one === "symbol")[number] : rest;
  const own = key === undefined ? undefined : ownProperty(value, key);
  return own && "value" in own ? { value: own.value } : undefined;
}

function sectionsOf(value: object): Section[] {
  switch (kindOf(value)) {
    case "proxy":
      return [];
    case "array":
      return [items(value, (value as unknown[]).length), ...propertySections(value, (value as unknown[]).length)];
    case "typed-array":
      return [elements(value as Float32Array), ...propertySections(value, typedArrayLength(value))];
    case "map":
      return [mapSection(value as Map<unknown, unknown>), ...propertySections(value)];
    case "set":
      return [setSection(value as Set<unknown>), ...propertySections(value)];
    default:
      return propertySections(value);
  }
}

function items(value: object, length: number): Section {
  const take = (start: number, count: number) =>
    Array.from({ length: count }, (_, i): Member => {
      const index = String(start + i);
      const own = ownProperty(value, index);
      const access = `[${index}]`;
      return {
        label: index,
        role: "index",
        access,
        step: `.${index}`,
        content: own ? contentOf(own) : { empty: true },
      };
    });
  return { count: length, take };
}

function elements(array: NodeJS.TypedArray): Section {
  const take = (start: number, count: number) =>
    Array.from({ length: count }, (_, i): Member => {
      const index = String(start + i);
      const content = { value: elementOf(array, start + i) };
      return { label: index, role: "index", access: `[${index}]`, step: `.${index}`, content };
    });
  return { count: typedArrayLength(array), take };
}

function mapSection(map: Map<unknown, unknown>): Section {
  const take = (start: number, count: number) =>
    entriesOf(map, start, count).map(([key, held], i): Member => {
      const step = `#${start + i}`;
      if ((typeof key === "object" && key !== null) || typeof key === "function")
        return { label: String(start + i), role: "entry", step, content: { value: new Entry(key, held) } };
      const text = previewOf(key);
      const access =
        typeof key === "symbol" ? {} : { access: `.get(${typeof key === "string" ? JSON.stringify(key) : text})` };
      return { label: text, role: "entry", ...access, step, content: { value: held } };
    });
  return { count: mapSize(map), take };
}

function setSection(set: Set<unknown>): Section {
  const take = (start: number, count: number) =>
    valuesOf(set, start, count).map(
      (value, i): Member => ({ label: String(start + i), role: "entry", step: `#${start + i}`, content: { value } }),
    );
  return { count: setSize(set), take };
}

/** Own properties beside the first `items`, enumerable ones first; then the prototype of what a class made. */
function propertySections(value: object, items = 0): Section[] {
  const keys = items > longArray ? [] : countedKeys(value).filter((key) => !isIndex(key, items));
  const isError = kindOf(value) === "error";
  const shown: PropertyKey[] = [];
  const hidden: PropertyKey[] = [];
  const function_ = typeof value === "function";
  for (const key of keys) {
    if (function_ && (key === "length" || key === "name" || key === "arguments" || key === "caller")) continue;
    if (items > 0 && key === "length") continue;
    (ownProperty(value, key)?.enumerable || (isError && key !== "stack") ? shown : hidden).push(key);
  }
  if (Array.isArray(value)) hidden.splice(0, hidden.length, ...hidden.filter((key) => key !== "length"));
  if (function_ && hidden.length === 1 && hidden[0] === "prototype" && kindOf(value) === "function") hidden.length = 0;
  const symbols = keysOfSymbols(keys);
  const member = (key: PropertyKey, role?: "hidden"): Member => ({
    ...named(key, symbols),
    ...(role ? { role } : {}),
    content: contentOf(ownProperty(value, key)),
  });
  const sections: Section[] = [
    { count: shown.length, take: (start, count) => shown.slice(start, start + count).map((key) => member(key)) },
    {
      hidden: true,
      count: hidden.length,
      take: (start, count) => hidden.slice(start, start + count).map((key) => member(key, "hidden")),
    },
  ];
  if (hasOwnClass(value)) {
    const prototype = {
      label: "[[Prototype]]",
      role: "hidden",
      step: "^",
      content: { value: prototypeOf(value) },
    } as const;
    sections.push({ hidden: true, count: 1, take: () => [prototype] });
  }
  return sections;
}

/** Whether an object was made by a class of somebody's own, whose methods one may want to see. */
function hasOwnClass(value: object): boolean {
  if (kindOf(value) !== "object" && kindOf(value) !== "tensor") return false;
  if (Entry.is(value)) return false;
  const prototype = prototypeOf(value);
  return (
    !!prototype && prototype !== Object.prototype && (tensorShape(value) !== undefined || className(value) !== "Object")
  );
}

function contentOf(own: PropertyDescriptor | undefined): Member["content"] {
  if (!own) return { empty: true };
  if (own.get || own.set) return { accessor: own.get ? (own.set ? "get, set" : "get") : "set" };
  return { value: own.value };
}

function named(key: PropertyKey, symbols: ReadonlyMap<PropertyKey, number>): Omit<Member, "content"> {
  if (typeof key === "symbol") return { label: `[${symbolText(key)}]`, role: "symbol", step: `@${symbols.get(key)}` };
  const name = String(key);
  const plain = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
  const access = plain ? `.${name}` : `[${/^\d{1,9}$/.test(name) ? name : JSON.stringify(name)}]`;
  return { label: name, role: "property", access, step: `.${name}` };
}

function keysOfSymbols(keys: readonly PropertyKey[]): ReadonlyMap<PropertyKey, number> {
  return new Map(keys.filter((key) => typeof key === "symbol").map((key, i) => [key, i]));
}

function isIndex(key: PropertyKey, items: number): boolean {
  return typeof key === "string" && items > 0 && /^(0|[1-9]\d*)$/.test(key) && Number(key) < items;
}
