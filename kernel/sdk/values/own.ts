import { types } from "node:util";

/*
 * Looking at values without running anything of theirs: no getter, no proxy trap, no method that a cell may have replaced. What is used
 * of the language is taken when the process starts.
 */

const { getOwnPropertyDescriptor, getPrototypeOf, ownKeys, apply } = Reflect;
const isProxy = types.isProxy;

/** A method or getter of the language, to be applied to any value. */
export function uncurried<T>(method: (...args: never[]) => unknown): (self: unknown, ...args: unknown[]) => T {
  return (self, ...args) => apply(method as (...given: unknown[]) => unknown, self, args) as T;
}

/** The getter of a property of a prototype of the language. */
export function getterOf<T>(prototype: object, key: PropertyKey): (self: unknown) => T {
  return uncurried<T>(getOwnPropertyDescriptor(prototype, key)!.get!);
}

/** Whether a value is an object or a function, and not a proxy. */
export function isObject(value: unknown): value is object {
  return ((typeof value === "object" && value !== null) || typeof value === "function") && !isProxy(value);
}

/** The descriptor of an own property; undefined for proxies and where there is none. */
export function ownProperty(object: object, key: PropertyKey): PropertyDescriptor | undefined {
  if (isProxy(object)) return undefined;
  try {
    return getOwnPropertyDescriptor(object, key);
  } catch {
    // A namespace of a module whose variable is not initialised yet.
    return undefined;
  }
}

/** The value of an own property that is plain data. */
export function ownData(object: unknown, key: PropertyKey): unknown {
  return isObject(object) ? ownProperty(object, key)?.value : undefined;
}

/** Own keys: index-like first, then names, then symbols, as the language orders them. Empty for proxies. */
export function keysOf(object: object): PropertyKey[] {
  return isProxy(object) ? [] : ownKeys(object);
}

/** The prototype; undefined for proxies. */
export function prototypeOf(object: object): object | null | undefined {
  return isProxy(object) ? undefined : getPrototypeOf(object);
}

/** Data properties up the chain of prototypes, nearest first, as far as there is no proxy in the way. */
export function* inherited(object: object, key: PropertyKey): Generator<unknown> {
  let at: object | null | undefined = object;
  for (let depth = 0; at && depth < 30 && !isProxy(at); depth++) {
    const found = ownProperty(at, key);
    if (found && "value" in found) yield found.value;
    at = prototypeOf(at);
  }
}

/** The name that a function has as plain data. */
export function functionName(value: unknown): string {
  const name = ownData(value, "name");
  return typeof name === "string" ? name : "";
}

/** The name of an object's class, as its prototypes tell. */
export function className(object: object): string {
  for (const maker of inherited(object, "constructor")) {
    const name = typeof maker === "function" ? functionName(maker) : "";
    if (name !== "") return name.slice(0, 100);
  }
  return "Object";
}
