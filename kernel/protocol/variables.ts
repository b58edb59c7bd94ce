import { z } from "zod";

/* What a front end asks about the variables of a running notebook: `variables/list` and `variables/children`. Both are answered while
 * a cell runs, also in the middle of a loop. No getter runs for it and no proxy is touched. */

/** What a value is, for icons and colours. */
export const valueKinds = [
  "undefined",
  "null",
  "boolean",
  "number",
  "bigint",
  "string",
  "symbol",
  "function",
  "class",
  "array",
  "typed-array",
  "tensor",
  "image",
  "table",
  "map",
  "set",
  "date",
  "regexp",
  "error",
  "promise",
  "proxy",
  "getter",
  "module",
  "object",
] as const;
export const valueKind = z.enum(valueKinds);
export type ValueKind = z.infer<typeof valueKind>;

/** A value in a line. */
export const valueSummary = z.strictObject({
  kind: valueKind,
  /** The name of its type: `number`, `Array`, `Float32Array`, or of its class. */
  type: z.string(),
  /** Shape or size in words: `3 × 64 × 64 float32`, `1,000 items`, `12 entries`. */
  shape: z.string().optional(),
  /** Bytes that it holds, where that is known without looking through it. */
  bytes: z.number().int().nonnegative().optional(),
  /** One line, cut to about 120 characters. */
  preview: z.string(),
  /** Whether it has anything to open. */
  expandable: z.boolean(),
});
export type ValueSummary = z.infer<typeof valueSummary>;

/** Where a value is found: a variable's name, then steps as the kernel gave them. Opaque to front ends. */
export const valuePath = z.array(z.string().max(10_000)).min(1).max(200);
export type ValuePath = z.infer<typeof valuePath>;

/** A variable of the notebook. */
export const variable = valueSummary.extend({
  name: z.string(),
  /** How it was declared. Views may leave functions, classes and imports aside. */
  declared: z.enum(["variable", "constant", "function", "class", "import", "parameter"]),
  /** The cell execution that last declared or assigned it; absent for parameters given from outside. */
  writer: z.strictObject({ cellId: z.string(), executionId: z.string() }).optional(),
  path: valuePath,
});
export type Variable = z.infer<typeof variable>;

/** The answer to `variables/list`. */
export const variableList = z.strictObject({
  /** Rises whenever variables may have changed; the `variables` event tells the newest. */
  version: z.number().int().nonnegative(),
  /** False when the cells could not be asked now (native code holds their thread): then this is the last list that was read. */
  current: z.boolean(),
  /** In the order in which they were first declared. */
  variables: z.array(variable),
});
export type VariableList = z.infer<typeof variableList>;

/** One thing inside a value. */
export const valueMember = valueSummary.extend({
  /** A property's name, an index, a number of an entry. */
  label: z.string(),
  /** `hidden`: not enumerable, or a slot of the language such as a prototype. */
  role: z.enum(["property", "index", "symbol", "entry", "hidden"]),
  /** What to write after the parent's expression to come here: `.name`, `[3]`, `.get("k")`; absent where nothing can. */
  access: z.string().optional(),
  path: valuePath,
});
export type ValueMember = z.infer<typeof valueMember>;

/** Parameters of `variables/children`. */
export const valueMembersRequest = z.strictObject({
  path: valuePath,
  /** Number of the first member wanted. Default 0. */
  start: z.number().int().nonnegative().default(0),
  /** How many are wanted at most. Default 100. */
  count: z.number().int().positive().max(1000).default(100),
});
export type ValueMembersRequest = z.infer<typeof valueMembersRequest>;

/** The answer to `variables/children`. */
export const valueMembers = z.strictObject({
  members: z.array(valueMember),
  /** How many there are altogether. */
  total: z.number().int().nonnegative(),
});
export type ValueMembers = z.infer<typeof valueMembers>;

/**
 * JSON-RPC methods `variables/<name>`: parameters and result of each. `children` fails with `variables.gone` where the path leads
 * nowhere any more, and with `variables.busy` while native code holds the cells' thread.
 */
export interface VariableMethods {
  readonly list: { readonly params: Readonly<Record<string, never>>; readonly result: VariableList };
  readonly children: { readonly params: z.input<typeof valueMembersRequest>; readonly result: ValueMembers };
}
