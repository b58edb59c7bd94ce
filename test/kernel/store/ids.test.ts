import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { timeOf, uuidv7 } from "../../../kernel/store/ids.ts";

test("ids are UUIDs of version 7 that carry their time", () => {
  const id = uuidv7(Date.now() + 5000);
  assert.ok(z.uuidv7().safeParse(id).success, id);
  // The sample of RFC 9562, appendix A.6.
  assert.equal(timeOf("017f22e2-79b0-7cc3-98c4-dc0c0c07398f").toISOString(), "2022-02-22T19:22:22.000Z");
});

test("ids grow, also many in one millisecond and when the clock steps back", () => {
  const now = Date.now() + 60_000;
  const ids = Array.from({ length: 20_000 }, (_, i) => uuidv7(i % 3 === 0 ? now : now - i));
  assert.deepEqual(ids, [...ids].sort());
  assert.equal(new Set(ids).size, ids.length);
});
