/** Types of the language that have no value of the same name. */
const typeNames: ReadonlySet<string> = new Set(
  `any bigint boolean never null number object string symbol undefined unknown void Partial Required Readonly Pick Record Exclude
  Extract Omit NonNullable Parameters ConstructorParameters ReturnType InstanceType ThisParameterType OmitThisParameter ThisType
  Uppercase Lowercase Capitalize Uncapitalize NoInfer Awaited ArrayLike PromiseLike PropertyKey PropertyDescriptor TemplateStringsArray
  Iterable IterableIterator AsyncIterable AsyncIterator AsyncIterableIterator Generator AsyncGenerator Disposable AsyncDisposable
  ReadonlyArray ReadonlyMap ReadonlySet NodeJS`.split(/\s+/),
);

/** Values that a cell has besides the properties of `globalThis`. */
export const cellGlobals = ["require", "module", "exports", "__filename", "__dirname", "display"] as const;

const valueNames: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(globalThis), ...cellGlobals]);

/** Whether a cell has this name without any other cell. */
export function isGlobalName(name: string, meaning: "value" | "type"): boolean {
  return valueNames.has(name) || (meaning === "type" && typeNames.has(name));
}
