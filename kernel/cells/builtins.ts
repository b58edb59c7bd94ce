import { AsyncLocalStorage } from "node:async_hooks";
import process from "node:process";
import { setImmediate } from "node:timers";
import { plainText } from "../sdk/values/bundle.ts";

/** A part of the language or of Node that the kernel itself works with. */
interface Builtin {
  readonly name: string;
  readonly holder: object;
  readonly key: PropertyKey;
  readonly descriptor: PropertyDescriptor;
}

// Taken before any cell runs: what follows must work when cells have replaced the originals.
const { getOwnPropertyDescriptor, ownKeys, defineProperty } = Reflect;
const { Promise: NativePromise } = globalThis;

/** Globals without which nothing goes on. */
const globals =
  "Array Error Function JSON Map Math Number Object Promise Proxy Reflect RegExp Set String Symbol WeakMap".split(" ");

const holders: readonly (readonly [string, object])[] = [
  ["Array.prototype", Array.prototype],
  ["Array", Array],
  ["Map.prototype", Map.prototype],
  ["Set.prototype", Set.prototype],
  ["WeakMap.prototype", WeakMap.prototype],
  ["String.prototype", String.prototype],
  ["RegExp.prototype", RegExp.prototype],
  ["Function.prototype", Function.prototype],
  ["Promise.prototype", Promise.prototype],
  ["Promise", Promise],
  ["Object", Object],
  ["Reflect", Reflect],
  ["JSON", JSON],
  ["Error.prototype", Error.prototype],
  ["AsyncLocalStorage.prototype", AsyncLocalStorage.prototype],
  ["process", process],
];

const builtins: readonly Builtin[] = [
  ...globals.map((key) => ({
    name: key,
    holder: globalThis,
    key,
    descriptor: getOwnPropertyDescriptor(globalThis, key)!,
  })),
  ...holders.flatMap(([holderName, holder]) =>
    ownKeys(holder).flatMap((key) => {
      const descriptor = getOwnPropertyDescriptor(holder, key);
      if (typeof descriptor?.value !== "function" || (holder === process && key !== "nextTick")) return [];
      return { name: `${holderName}.${String(key)}`, holder, key, descriptor };
    }),
  ),
];

/** The same in a form that is quick to look through, after each cell. */
const holdersOf = builtins.map(({ holder }) => holder as Record<PropertyKey, unknown>);
const keysOf = builtins.map(({ key }) => key);
const originals = builtins.map(({ descriptor }) => descriptor.value as unknown);

/** The first from a place on that is not the original. They are read as the kernel itself reads them, so a getter may stand there. */
function replacedFrom(start: number): number | undefined {
  let at = start;
  try {
    for (; at < originals.length; at++) if (holdersOf[at]![keysOf[at]!] !== originals[at]) return at;
    return undefined;
  } catch {
    return at;
  }
}

/**
 * Looks whether a cell replaced built-ins so that the kernel cannot work any more, and then puts them back. Replacements that go on
 * doing the work (instrumentation, for example) stay. Returns the names of those that were put back.
 */
export async function mendBuiltins(): Promise<string> {
  const first = replacedFrom(0);
  if (first === undefined || (await works())) return "";
  let names = "";
  for (let at: number | undefined = first; at !== undefined; at = replacedFrom(at + 1)) {
    const one = builtins[at]!;
    defineProperty(one.holder, one.key, one.descriptor);
    names += names === "" ? one.name : `, ${one.name}`;
  }
  return names;
}

/** Tries what the kernel does with built-ins. */
async function works(): Promise<boolean> {
  let steps = 0;
  try {
    process.nextTick(() => steps++);
    void globalThis.Promise.resolve(1).then(() => steps++);
    const map = new Map([["a", [1, 2]]]);
    const set = new Set([...(map.get("a") ?? [])].map((one) => one + 1));
    set.add(4);
    const list: number[] = [];
    list.push(...set);
    const text = JSON.stringify({ list: list.filter((one) => one > 2) }).replace(/\d/g, (digit) => `${digit}!`);
    const kept = new AsyncLocalStorage<string>().run("kept", () => /^k/.test("kept") && map.has("a"));
    if (kept && text === '{"list":[3!,4!]}' && plainText({ list }) === "{ list: [ 2, 3, 4 ] }") steps++;
  } catch {
    return false;
  }
  await new NativePromise<void>((resolve) => setImmediate(resolve));
  return steps === 3;
}
