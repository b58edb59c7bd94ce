import { floatAttribute, stringAttribute } from "../../onnx/index.ts";
import type { Ref } from "../emitter.ts";
import { firstGradient, type RuleCall, type RuleTable } from "../rule.ts";

/** Short names for what almost every rule of one input needs. */
function parts(call: RuleCall) {
  const { emit, dtype } = call;
  return {
    x: call.x[0]!,
    y: call.y[0]!,
    g: call.g[0]!,
    num: (value: number) => emit.scalar(value, dtype),
    mul: (a: Ref, b: Ref) => emit.op("Mul", [a, b]),
    add: (a: Ref, b: Ref) => emit.op("Add", [a, b]),
    sub: (a: Ref, b: Ref) => emit.op("Sub", [a, b]),
    div: (a: Ref, b: Ref) => emit.op("Div", [a, b]),
    op: (type: string, ...inputs: Ref[]) => emit.op(type, inputs),
  };
}

type Parts = ReturnType<typeof parts>;

/** A rule of one input from its derivative. */
function unary(derivative: (parts: Parts, call: RuleCall) => Ref) {
  return (call: RuleCall) => [derivative(parts(call), call)];
}

/** Gradient of x·Φ(x), by the error function or by the tanh form. */
function gelu({ x, g, num, mul, add, sub, op }: Parts, tanhForm: boolean): Ref {
  const square = mul(x, x);
  if (!tanhForm) {
    const cumulative = mul(num(0.5), add(num(1), op("Erf", mul(x, num(Math.SQRT1_2)))));
    const density = mul(num(1 / Math.sqrt(2 * Math.PI)), op("Exp", mul(square, num(-0.5))));
    return mul(g, add(cumulative, mul(x, density)));
  }
  const root = Math.sqrt(2 / Math.PI);
  const inner = mul(x, add(num(root), mul(square, num(root * 0.044715))));
  const tanh = op("Tanh", inner);
  const slope = add(num(root), mul(square, num(3 * root * 0.044715)));
  const half = mul(num(0.5), add(num(1), tanh));
  return mul(g, add(half, mul(mul(num(0.5), x), mul(sub(num(1), mul(tanh, tanh)), slope))));
}

/** Gradient of x·σ(αx). */
function swish({ x, g, num, mul, add, sub, op }: Parts, alpha: number): Ref {
  const sigmoid = op("Sigmoid", alpha === 1 ? x : mul(x, num(alpha)));
  return mul(g, mul(sigmoid, add(num(1), mul(mul(x, num(alpha)), sub(num(1), sigmoid)))));
}

/** Operators of one input that work on each element alone. */
export const elementwiseRules: RuleTable = {
  Identity: unary(({ g }) => g),
  Neg: unary(({ g, op }) => op("Neg", g)),
  Abs: unary(({ x, g, mul, op }) => mul(g, op("Sign", x))),
  Sqrt: unary(({ y, g, num, mul, div }) => div(mul(g, num(0.5)), y)),
  Exp: unary(({ y, g, mul }) => mul(g, y)),
  Log: unary(({ x, g, div }) => div(g, x)),
  Reciprocal: unary(({ y, g, mul, op }) => op("Neg", mul(g, mul(y, y)))),
  Sin: unary(({ x, g, mul, op }) => mul(g, op("Cos", x))),
  Cos: unary(({ x, g, mul, op }) => op("Neg", mul(g, op("Sin", x)))),
  Tan: unary(({ y, g, num, mul, add }) => mul(g, add(num(1), mul(y, y)))),
  Atan: unary(({ x, g, num, mul, add, div }) => div(g, add(num(1), mul(x, x)))),
  Sinh: unary(({ x, g, mul, op }) => mul(g, op("Cosh", x))),
  Cosh: unary(({ x, g, mul, op }) => mul(g, op("Sinh", x))),
  Asin: unary(({ x, g, num, mul, sub, div, op }) => div(g, op("Sqrt", sub(num(1), mul(x, x))))),
  Acos: unary(({ x, g, num, mul, sub, div, op }) => op("Neg", div(g, op("Sqrt", sub(num(1), mul(x, x)))))),
  Asinh: unary(({ x, g, num, mul, add, div, op }) => div(g, op("Sqrt", add(mul(x, x), num(1))))),
  Acosh: unary(({ x, g, num, mul, sub, div, op }) => div(g, op("Sqrt", sub(mul(x, x), num(1))))),
  Atanh: unary(({ x, g, num, mul, sub, div }) => div(g, sub(num(1), mul(x, x)))),
  Tanh: unary(({ y, g, num, mul, sub }) => mul(g, sub(num(1), mul(y, y)))),
  Sigmoid: unary(({ y, g, num, mul, sub }) => mul(g, mul(y, sub(num(1), y)))),
  Erf: unary(({ x, g, num, mul, op }) => mul(g, mul(num(2 / Math.sqrt(Math.PI)), op("Exp", op("Neg", mul(x, x)))))),
  Softplus: unary(({ x, g, mul, op }) => mul(g, op("Sigmoid", x))),
  Softsign: unary(({ x, g, num, mul, add, div, op }) => {
    const scale = add(num(1), op("Abs", x));
    return div(g, mul(scale, scale));
  }),
  Mish: unary(({ x, g, num, mul, add, sub, op }) => {
    const tanh = op("Tanh", op("Softplus", x));
    return mul(g, add(tanh, mul(mul(x, op("Sigmoid", x)), sub(num(1), mul(tanh, tanh)))));
  }),
  Relu: unary(({ x, g, num, op }) => op("Where", op("Greater", x, num(0)), g, num(0))),
  LeakyRelu: unary(({ x, g, num, mul, op }, { node }) =>
    op("Where", op("Greater", x, num(0)), g, mul(g, num(floatAttribute(node, "alpha", 0.01)))),
  ),
  Elu: unary(({ x, y, g, num, mul, add, op }, { node }) =>
    op("Where", op("Greater", x, num(0)), g, mul(g, add(y, num(floatAttribute(node, "alpha", 1))))),
  ),
  Celu: unary(({ x, g, num, mul, op }, { node }) =>
    op("Where", op("Greater", x, num(0)), g, mul(g, op("Exp", mul(x, num(1 / floatAttribute(node, "alpha", 1)))))),
  ),
  Selu: unary(({ x, g, num, mul, op }, { node }) => {
    const gamma = floatAttribute(node, "gamma", 1.0507009873554805);
    const below = mul(g, mul(num(gamma * floatAttribute(node, "alpha", 1.6732632423543772)), op("Exp", x)));
    return op("Where", op("Greater", x, num(0)), mul(g, num(gamma)), below);
  }),
  ThresholdedRelu: unary(({ x, g, num, op }, { node }) =>
    op("Where", op("Greater", x, num(floatAttribute(node, "alpha", 1))), g, num(0)),
  ),
  Shrink: unary(({ x, g, num, op }, { node }) =>
    op("Where", op("Greater", op("Abs", x), num(floatAttribute(node, "lambd", 0.5))), g, num(0)),
  ),
  HardSigmoid: unary(({ x, g, num, mul, add, op }, { node }) => {
    const alpha = floatAttribute(node, "alpha", 0.2);
    const line = add(mul(x, num(alpha)), num(floatAttribute(node, "beta", 0.5)));
    return op("Where", op("And", op("Greater", line, num(0)), op("Less", line, num(1))), mul(g, num(alpha)), num(0));
  }),
  HardSwish: unary(({ x, g, num, mul, add, op }) => {
    const between = mul(g, add(mul(x, num(1 / 3)), num(0.5)));
    return op("Where", op("Less", x, num(-3)), num(0), op("Where", op("Greater", x, num(3)), g, between));
  }),
  Gelu: unary((all, { node }) => gelu(all, stringAttribute(node, "approximate", "none") === "tanh")),
  "com.microsoft:Gelu": unary((all) => gelu(all, false)),
  "com.microsoft:QuickGelu": unary((all, { node }) => swish(all, floatAttribute(node, "alpha", 1.702))),
  Swish: unary((all, { node }) => swish(all, floatAttribute(node, "alpha", 1))),
  Cast: unary(({ x, g }, { emit }) => emit.cast(g, emit.facts.dtypes.get(x)!)),
  CastLike: (call) => [call.emit.cast(call.g[0]!, call.emit.facts.dtypes.get(call.x[0]!)!), undefined],
  Clip: unary(({ x, g, num, op }, { x: inputs }) => {
    const [, low = "", high = ""] = inputs;
    const above = low && op("GreaterOrEqual", x, low);
    const below = high && op("LessOrEqual", x, high);
    const inside = above && below ? op("And", above, below) : above || below;
    return inside ? op("Where", inside, g, num(0)) : g;
  }),
  Dropout: (call) => {
    const [, , training] = call.x;
    if (training && call.numbers(training)[0] !== 0) call.refuse("it drops values at random (training_mode is set)");
    return [firstGradient(call)];
  },
};
