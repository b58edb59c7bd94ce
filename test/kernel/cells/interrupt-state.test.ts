import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { InterruptState } from "../../../kernel/cells/interrupt-state.ts";

test("a thread that goes on by itself is not stopped; one that does not is", () => {
  const state = new InterruptState();
  state.begins(1);
  assert.equal(state.asks(1), true);
  state.goesOn();
  assert.equal(state.mustStop(1), false);
  assert.equal(state.asks(1), true);
  assert.equal(state.mustStop(1), true);
});

test("an interrupt of an execution after which another has come asks for nothing", () => {
  const state = new InterruptState();
  state.begins(2);
  assert.equal(state.asks(1), false);
  assert.equal(state.asks(2), true);
  // It has not come yet.
  assert.equal(state.asks(3), true);
  assert.equal(state.wasInterrupted(3), true);
  assert.equal(state.wasInterrupted(2), false);
});

test("a second interrupt asks for nothing while a stop is on its way", () => {
  const state = new InterruptState();
  state.begins(1);
  assert.equal(state.asks(1) && state.mustStop(1), true);
  assert.equal(state.asks(1), false);
  state.stopped();
  assert.equal(state.asks(1), true);
});

test("a command waits for the stop that is on its way", async () => {
  const state = new InterruptState();
  state.begins(1);
  assert.equal(state.asks(1) && state.mustStop(1), true);
  const done = new Int32Array(new SharedArrayBuffer(4));
  const other = new Worker(
    `const { workerData: { memory, done, path } } = require("node:worker_threads");
    import(path).then(({ InterruptState }) => {
      Atomics.store(done, 0, 1);
      new InterruptState(memory).stopped();
    });`,
    {
      eval: true,
      workerData: {
        memory: state.memory,
        done,
        path: new URL("../../../kernel/cells/interrupt-state.ts", import.meta.url).href,
      },
    },
  );
  state.begins(2);
  assert.equal(done[0], 1);
  await new Promise((resolve) => other.once("exit", resolve));
});
