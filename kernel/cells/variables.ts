import type { VariableAnswer, VariableQuestion } from "../protocol/messages.ts";
import type { ValueMember, ValueMembers, ValueSummary, Variable } from "../protocol/variables.ts";
import { type Member, membersOf, stepInto } from "../sdk/values/members.ts";
import { summarise } from "../sdk/values/summary.ts";
import type { Binding, Bindings } from "./bindings.ts";

/** The name of the global under which the thread beside the cells finds {@link answerText}. */
export const variablesKey = "assay.variables";

/**
 * Lets the thread beside the cells read the variables, also in the middle of a loop. What it calls runs no code of the cells, and gives
 * text, so that nothing of theirs is held.
 */
export function exposeVariables(bindings: Bindings): void {
  Object.defineProperty(globalThis, Symbol.for(variablesKey), {
    value: (question: VariableQuestion) => answerText(bindings, question),
  });
}

function answerText(bindings: Bindings, question: VariableQuestion): string {
  const { id } = question;
  const answer: VariableAnswer =
    question.ask === "list"
      ? { id, answer: listVariables(bindings) }
      : ((members) => (members ? { id, answer: members } : { id, failed: "gone" }))(
          listMembers(bindings, question.path, question.start, question.count),
        );
  return JSON.stringify(answer);
}

/** The variables that cells, imports and parameters brought, in the order of their first declaration. */
export function listVariables(bindings: Bindings): Variable[] {
  const found: Variable[] = [];
  for (const binding of [...bindings].sort((a, b) => a.order - b.order)) {
    if (binding.source !== "cell" && binding.source !== "import") continue;
    const own = binding.peek();
    if (own) found.push(variableOf(binding, own));
  }
  return found;
}

function variableOf(binding: Binding, own: PropertyDescriptor): Variable {
  const { name, source, writer } = binding;
  const summary = "value" in own ? summarise(own.value) : unread;
  const declared =
    source === "import"
      ? "import"
      : summary.kind === "class" || summary.kind === "function"
        ? summary.kind
        : !writer
          ? "parameter"
          : own.writable
            ? "variable"
            : "constant";
  return { ...summary, name, declared, ...(writer ? { writer } : {}), path: [name] };
}

/** What only a getter would tell. */
const unread: ValueSummary = { kind: "getter", type: "getter", preview: "(getter)", expandable: false };

/** What lies inside the value at a path; undefined where the path leads nowhere. */
export function listMembers(
  bindings: Bindings,
  path: readonly string[],
  start: number,
  count: number,
): ValueMembers | undefined {
  const [name = "", ...steps] = path;
  const own = bindings.has(name) ? bindings.get(name).peek() : undefined;
  if (!own || !("value" in own)) return undefined;
  let at: { readonly value: unknown } | undefined = { value: own.value as unknown };
  for (const step of steps) {
    at = stepInto(at.value, step);
    if (!at) return undefined;
  }
  const { members, total } = membersOf(at.value, start, count);
  return { members: members.map((one) => memberAt(one, path)), total };
}

function memberAt({ label, role, access, step, content }: Member, path: readonly string[]): ValueMember {
  const summary =
    "value" in content
      ? summarise(content.value)
      : "empty" in content
        ? ({ kind: "undefined", type: "empty", preview: "empty", expandable: false } as const)
        : { ...unread, preview: `(${content.accessor})` };
  return { ...summary, label, role, ...(access === undefined ? {} : { access }), path: [...path, step] };
}
