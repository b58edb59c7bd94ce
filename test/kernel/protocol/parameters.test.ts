import assert from "node:assert/strict";
import { test } from "node:test";
import { isProblem, parameterDeclaration } from "../../../kernel/protocol/parameter-declaration.ts";
import { closest, parameterTypeText, parameterValue } from "../../../kernel/protocol/parameters.ts";

function declared(spec: unknown) {
  const one = parameterDeclaration("p", spec);
  if (isProblem(one)) assert.fail(one.reason);
  return one;
}

/** The value that a given one becomes, or the reason why it becomes none. */
function value(spec: unknown, given: unknown): unknown {
  const found = parameterValue(declared(spec), given);
  return "problem" in found ? `! ${found.problem.reason}` : found.value;
}

test("text becomes what the declaration asks for", () => {
  for (const [spec, given, expected] of [
    [200, "50", 50],
    [200, "-1e-3", -0.001],
    [200, "10_000", 10_000],
    ["fast", "50", "50"],
    ["fast", '"a b"', "a b"],
    ["fast", 'say "hi"', 'say "hi"'],
    ["fast", "", ""],
    [false, "true", true],
    [false, "no", false],
    [[1, 2], "3,4", [3, 4]],
    [[1, 2], "[3]", [3]],
    [["a"], "x, y", ["x", "y"]],
    [["a"], "", []],
    [null, "null", null],
    [null, "[1]", [1]],
    [null, "text", "text"],
    [{ default: null, type: "string" }, "null", null],
    [{ default: "", nullable: true }, "x", "x"],
    [{ default: { a: 1 } }, '{"b":2}', { b: 2 }],
    [{ default: [], type: "number[]" }, "1,2", [1, 2]],
    [{ default: 1, choices: [1, 2] }, "2", 2],
    [{ default: ["a"], choices: ["a", "b"] }, "b,a", ["b", "a"]],
    [200, 7, 7],
  ] as const)
    assert.deepEqual(value(spec, given), expected, `${JSON.stringify(spec)} given ${JSON.stringify(given)}`);
});

test("what does not fit is refused with the reason", () => {
  for (const [spec, given, said] of [
    [200, "abc", /p is a number, and abc is not/],
    [200, "", /number/],
    [200, "Infinity", /number/],
    [200, true, /number/],
    [200, "null", /number/],
    ["x", null, /string/],
    ["x", 3, /string/],
    [false, "maybe", /boolean/],
    [[1], "1,x", /list of numbers/],
    [{ default: 1, integer: true, min: 1, max: 9 }, "1.5", /whole number from 1 to 9/],
    [{ default: 1, min: 0 }, "-1", /of at least 0/],
    [{ default: 1, max: 2 }, "3", /of at most 2/],
    [{ default: [1], max: 2 }, "1,3", /of at most 2/],
    [{ default: "a", choices: ["a", "b"] }, "c", /one of "a" \| "b", and c is not/],
    [{ default: { a: 1 } }, "[1]", /object/],
  ] as const)
    assert.match(String(value(spec, given)), said);
});

test("declarations that contradict themselves", () => {
  for (const [spec, said] of [
    [{ default: "z", choices: ["a"] }, /default does not fit/],
    [{ default: 0, min: 1 }, /default does not fit/],
    [{ default: 1, type: "string" }, /default does not fit/],
    [{ type: "float" }, /"float" is none/],
    [{ defalt: 1 }, /"defalt" is no option/],
    [{ choices: [] }, /choices/],
    [{ description: "x" }, /neither a default nor a type/],
    [{ default: 1, min: "0" }, /min is no number/],
    [undefined, /undefined is no value/],
    [() => 1, /function is no value/],
  ] as const) {
    const one = parameterDeclaration("p", spec);
    assert.ok(isProblem(one), JSON.stringify(spec));
    assert.match(one.reason, said);
  }
});

test("types for people", () => {
  assert.equal(parameterTypeText(declared({ default: 1, integer: true, min: 1, max: 9 })), "whole number from 1 to 9");
  assert.equal(parameterTypeText(declared({ default: null, choices: ["a", 2] })), '"a" | 2 or null');
  assert.equal(parameterTypeText(declared(["a"])), "list of strings");
  assert.equal(parameterTypeText(declared(null)), "any value");
  assert.equal(declared({ type: "integer" }).required, true);
});

test("the name that is meant", () => {
  const names = ["steps", "learningRate", "mode"];
  assert.equal(closest("stpes", names), "steps");
  assert.equal(closest("Steps", names), "steps");
  assert.equal(closest("learning_rate", names), "learningRate");
  assert.equal(closest("checkpoint", names), undefined);
});
