import { attributedExecution, type Execution } from "./execution.ts";

/**
 * Gives each cell its own indentation by `console.group`: a group that is left open does not move what other cells print, and what comes late
 * stands where its own cell was. Node keeps the indentation in a property of the console.
 */
export function separateConsoleGroups(): void {
  const key = Object.getOwnPropertySymbols(console).find(
    (one) => /^kGroupIndent/.test(one.description ?? "") && typeof Reflect.get(console, one) === "string",
  );
  if (!key) return;
  const indentations = new WeakMap<Execution, string>();
  let outside = "";
  Object.defineProperty(console, key, {
    get: () => {
      const execution = attributedExecution();
      return execution ? (indentations.get(execution) ?? "") : outside;
    },
    set: (indentation: string) => {
      const execution = attributedExecution();
      if (execution) indentations.set(execution, indentation);
      else outside = indentation;
    },
    configurable: true,
  });
}
