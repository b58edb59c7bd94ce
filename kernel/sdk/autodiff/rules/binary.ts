import type { Ref } from "../emitter.ts";
import type { Rule, RuleCall, RuleTable } from "../rule.ts";

/** Brings a gradient of the output's shape back to the shape of input `i`. */
function back(call: RuleCall, gradient: Ref, i: number): Ref {
  return call.emit.unbroadcast(gradient, call.dims(call.y[0]!), call.dims(call.x[i]!));
}

/** Gives the gradient of each needed input from a function of its index. */
function each(gradient: (call: RuleCall, i: number) => Ref): Rule {
  return (call) => call.x.map((_, i) => (call.needs(i) ? back(call, gradient(call, i), i) : undefined));
}

/** Shares the gradient of a maximum or minimum equally among the inputs that attain it, as PyTorch does. */
const extremum: Rule = (call) => {
  const { emit, x, y, g, dtype } = call;
  if (x.length === 1) return [g[0]];
  const hits = x.map((input) => emit.cast(emit.op("Equal", [input, y[0]!]), dtype));
  const share = emit.op("Div", [g[0]!, hits.reduce((sum, hit) => emit.op("Add", [sum, hit]))]);
  return x.map((_, i) => (call.needs(i) ? back(call, emit.op("Mul", [share, hits[i]!]), i) : undefined));
};

/** Gradient of xᵃ for the base, without a needless Pow for the common exponents. */
function powBase(call: RuleCall): Ref {
  const { emit, dtype, x, g } = call;
  const [base, exponent] = x as [Ref, Ref];
  const constant = call.known(exponent);
  const power = constant?.size === 1 ? constant.toNumbers()[0] : undefined;
  if (power === 2) return emit.op("Mul", [emit.op("Mul", [g[0]!, emit.scalar(2, dtype)]), base]);
  if (power !== undefined) {
    const slope = emit.op("Mul", [emit.op("Pow", [base, emit.scalar(power - 1, dtype)]), emit.scalar(power, dtype)]);
    return emit.op("Mul", [g[0]!, slope]);
  }
  const typed = emit.facts.dtypes.get(exponent) === dtype ? exponent : emit.cast(exponent, dtype);
  const slope = emit.op("Mul", [typed, emit.op("Pow", [base, emit.op("Sub", [typed, emit.scalar(1, dtype)])])]);
  const flat = emit.op("Equal", [typed, emit.scalar(0, dtype)]);
  return emit.op("Mul", [g[0]!, emit.op("Where", [flat, emit.scalar(0, dtype), slope])]);
}

/** Gradient of xᵃ for the exponent: y·ln x, and 0 where x is 0. */
function powExponent(call: RuleCall): Ref {
  const { emit, dtype, x, y, g } = call;
  const positive = emit.op("Greater", [x[0]!, emit.scalar(0, dtype)]);
  const safe = emit.op("Where", [positive, x[0]!, emit.scalar(1, dtype)]);
  return emit.op("Mul", [g[0]!, emit.op("Mul", [y[0]!, emit.op("Log", [safe])])]);
}

/** Operators that broadcast their inputs against each other. */
export const binaryRules: RuleTable = {
  Add: each((call) => call.g[0]!),
  Sum: each((call) => call.g[0]!),
  Sub: each(({ emit, g }, i) => (i === 0 ? g[0]! : emit.op("Neg", [g[0]!]))),
  Mul: each(({ emit, x, g }, i) => emit.op("Mul", [g[0]!, x[1 - i]!])),
  Div: each(({ emit, x, y, g }, i) => {
    const share = emit.op("Div", [g[0]!, x[1]!]);
    return i === 0 ? share : emit.op("Neg", [emit.op("Mul", [share, y[0]!])]);
  }),
  Pow: each((call, i) => (i === 0 ? powBase(call) : powExponent(call))),
  Mean: each(({ emit, x, g, dtype }) => emit.op("Mul", [g[0]!, emit.scalar(1 / x.length, dtype)])),
  Max: extremum,
  Min: extremum,
  Mod: each(({ emit, x, g }, i) => {
    if (i === 0) return g[0]!;
    const quotient = emit.op("Div", [x[0]!, x[1]!]);
    const whole = emit.op("Mul", [emit.op("Sign", [quotient]), emit.op("Floor", [emit.op("Abs", [quotient])])]);
    return emit.op("Neg", [emit.op("Mul", [g[0]!, whole])]);
  }),
  PRelu: each(({ emit, x, g, dtype }, i) => {
    const positive = emit.op("Greater", [x[0]!, emit.scalar(0, dtype)]);
    const other = emit.op("Mul", [g[0]!, x[1 - i]!]);
    return i === 0
      ? emit.op("Where", [positive, g[0]!, other])
      : emit.op("Where", [positive, emit.scalar(0, dtype), other]);
  }),
  Where: each(({ emit, x, g, dtype }, i) => {
    const zero = emit.scalar(0, dtype);
    return emit.op("Where", i === 1 ? [x[0]!, g[0]!, zero] : [x[0]!, zero, g[0]!]);
  }),
};
