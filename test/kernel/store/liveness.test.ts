import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { isAlive, ownIdentity, silence } from "../../../kernel/store/liveness.ts";

const long = new Date(Date.now() - 2 * silence);
const now = new Date();

test("this process is alive, however long it was silent", { skip: process.platform === "win32" }, () => {
  assert.equal(isAlive(ownIdentity(), long), true);
});

test("a process that ended is not alive, however lately it was seen", () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  assert.equal(isAlive({ ...ownIdentity(), pid }, now), false);
});

test("a number that another process got meanwhile does not count", { skip: process.platform === "win32" }, () => {
  assert.equal(isAlive({ ...ownIdentity(), processStarted: "some other time" }, now), false);
});

test("nothing survives a boot of the host", () => {
  const boot = process.platform === "linux" ? "another" : "at 5";
  assert.equal(isAlive({ ...ownIdentity(), boot }, now), false);
});

test("a process on another host, or in another container, is judged by its last sign of life", () => {
  for (const elsewhere of [{ host: "elsewhere" }, { pidSpace: "pid:[1]" }]) {
    assert.equal(isAlive({ ...ownIdentity(), ...elsewhere }, now), true);
    assert.equal(isAlive({ ...ownIdentity(), ...elsewhere }, long), false);
  }
});
