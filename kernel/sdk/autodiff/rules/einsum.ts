import { stringAttribute } from "../../onnx/index.ts";
import type { Rule, RuleCall, RuleTable } from "../rule.ts";

/** Labels of each operand and of the result, with the ellipsis spelled out in letters that the equation does not use. */
function labels(call: RuleCall): { operands: string[]; result: string } {
  const equation = stringAttribute(call.node, "equation", "").replaceAll(" ", "");
  const [left = "", right] = equation.split("->");
  const operands = left.split(",");
  const free = [..."ZYXWVUTSRQPONMLKJIHGFEDCBA"].filter((letter) => !equation.includes(letter));
  const hidden = operands.map((text, i) => call.dims(call.x[i]!).length - text.replace("...", "").length);
  const longest = Math.max(0, ...operands.map((text, i) => (text.includes("...") ? hidden[i]! : 0)));
  const spelled = free.slice(0, longest).join("");
  const spell = (text: string, count: number) => text.replace("...", spelled.slice(longest - count));
  const implicit = () =>
    [...new Set(left.replace(/[^A-Za-z]/g, ""))].filter((letter) => left.split(letter).length === 2).sort();
  const result = right ?? `${left.includes("...") ? "..." : ""}${implicit().join("")}`;
  return { operands: operands.map((text, i) => spell(text, hidden[i]!)), result: spell(result, longest) };
}

/** The gradient of an operand is the Einsum of the result's gradient with the other operands. */
const einsum: Rule = (call) => {
  const { emit, x, g, dtype } = call;
  const { operands, result } = labels(call);
  if (operands.some((own) => new Set(own).size !== own.length)) call.refuse("an operand repeats a label (a diagonal)");
  return operands.map((own, i) => {
    if (!call.needs(i)) return undefined;
    const others = operands.flatMap((text, at) => (at === i ? [] : [{ text, ref: x[at]! }]));
    const reachable = new Set([...result, ...others.flatMap(({ text }) => [...text])]);
    const dims = call.dims(x[i]!);
    const summed = [...own].filter((label) => !reachable.has(label));
    const ones =
      summed.length === 0
        ? []
        : [
            emit.expand(
              emit.scalar(1, dtype),
              summed.map((label) => dims[own.indexOf(label)]!),
            ),
          ];
    const inputs = [g[0]!, ...others.map(({ ref }) => ref), ...ones];
    const texts = [result, ...others.map(({ text }) => text), ...(summed.length === 0 ? [] : [summed.join("")])];
    const gradient = emit.op("Einsum", inputs, { equation: `${texts.join(",")}->${own}` });
    return emit.unbroadcast(
      gradient,
      [...own].map((label) => lengthOf(call, operands, label)),
      dims,
    );
  });
};

/** The length of a label: operands may have 1 where another has more. */
function lengthOf(call: RuleCall, operands: readonly string[], label: string): number {
  return Math.max(
    ...operands.flatMap((text, i) => (text.includes(label) ? [call.dims(call.x[i]!)[text.indexOf(label)]!] : [])),
  );
}

/** Einstein sums of any number of operands. */
export const einsumRules: RuleTable = { Einsum: einsum };
