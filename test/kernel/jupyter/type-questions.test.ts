import assert from "node:assert/strict";
import { test } from "node:test";
import { TypeQuestions } from "../../../kernel/jupyter/type-questions.ts";

test("a program that runs many cells is asked about the first ones, and about those that look wrong", () => {
  const questions = new TypeQuestions(undefined);
  const asked = Array.from({ length: 40 }, (_, i) => questions.asks(`items.push(${i})`));
  assert.equal(asked[0], true);
  assert.equal(asked.at(-1), false);
  assert.equal(questions.asks('const n: number = "text";'), true);
});

test("a program is not asked about once the compiler has taken long, a person still is", async () => {
  const questions = new TypeQuestions(undefined);
  assert.equal(questions.asks("items.push(0)"), true);
  questions.took(900);
  assert.equal(questions.asks("items.push(1)"), true);
  questions.took(1200);
  assert.equal(questions.asks("items.push(2)"), false);
  assert.equal(questions.asks('const n: number = "text";'), true);
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(questions.asks("items.push(3)"), true);
});

test("a cell that comes after a pause is asked about", async () => {
  const questions = new TypeQuestions(undefined);
  for (let i = 0; i < 40; i++) questions.asks(`items.push(${i})`);
  await new Promise((resolve) => setTimeout(resolve, 500));
  assert.equal(questions.asks("items.push(1)"), true);
});

test("what has nothing to check is never asked about", () => {
  const questions = new TypeQuestions(undefined);
  assert.equal(questions.asks("1 + 1"), false);
});

test("ASSAY_TYPES decides", () => {
  assert.equal(new TypeQuestions("all").asks("1 + 1"), true);
  assert.equal(new TypeQuestions("off").asks('const n: number = "text";'), false);
});
