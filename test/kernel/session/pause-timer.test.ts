import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { PauseTimer } from "../../../kernel/session/pause-timer.ts";

let clock = 0;

/** Lets time pass, a millisecond at a time. */
function pass(milliseconds: number): void {
  for (let at = 0; at < milliseconds; at++) {
    clock++;
    mock.timers.tick(1);
  }
}

beforeEach(() => {
  clock = 1000;
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(performance, "now", () => clock);
});
afterEach(() => {
  mock.timers.reset();
  mock.restoreAll();
});

test("it rings once nothing has stirred for the pause, once", () => {
  let rung = 0;
  const timer = new PauseTimer(20, () => rung++);
  pass(100);
  assert.equal(rung, 0);
  timer.stir();
  for (let at = 0; at < 10; at++) {
    pass(15);
    timer.stir();
  }
  assert.equal(rung, 0);
  pass(25);
  assert.equal(rung, 1);
  pass(100);
  assert.equal(rung, 1);
  timer.stir();
  pass(25);
  assert.equal(rung, 2);
});

test("it does not wait longer than it may, counted from the first stir", () => {
  const rings: number[] = [];
  const timer = new PauseTimer(20, () => rings.push(clock - 1000), 60);
  for (let at = 0; at < 130; at += 5) {
    timer.stir();
    pass(5);
  }
  assert.equal(rings.length, 2);
  assert.ok(rings[0]! >= 59 && rings[0]! <= 61 && rings[1]! >= 119 && rings[1]! <= 126, String(rings));
});

test("a timer that was stopped is silent until something stirs again", () => {
  let rung = 0;
  const timer = new PauseTimer(20, () => rung++);
  timer.stir();
  timer.stop();
  pass(50);
  assert.equal(rung, 0);
  timer.stir();
  pass(25);
  assert.equal(rung, 1);
});
