import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { test } from "node:test";
import { signer } from "../../../kernel/jupyter/signature.ts";

/** Cases 1 and 2 of RFC 4231, whose keys are ASCII. */
const published = [
  {
    key: "\x0b".repeat(20),
    text: "Hi There",
    sha256: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
  },
  {
    key: "Jefe",
    text: "what do ya want for nothing?",
    sha256: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  },
];

test("messages are signed as RFC 4231 says, however they are cut", () => {
  for (const { key, text, sha256 } of published) {
    const sign = signer(key, "sha256")!;
    assert.equal(sign([text]), sha256);
    assert.equal(sign([Buffer.from(text.slice(0, 5)), text.slice(5, 9), "", Buffer.from(text.slice(9))]), sha256);
  }
});

test("short and long messages and keys of all lengths give what Node's own HMAC gives", () => {
  const message = (length: number) => [
    "{}",
    "é😀".repeat(length),
    Buffer.from(randomBytes(length)),
    "x".repeat(length),
  ];
  for (const keyLength of [1, 36, 63, 64, 65, 200]) {
    const key = randomBytes(keyLength).toString("hex").slice(0, keyLength);
    for (const hash of ["sha256", "sha1", "sha512"]) {
      const sign = signer(key, hash)!;
      for (const length of [0, 1, 55, 1000, 5000, 20_000, 200_000]) {
        const parts = message(length);
        const whole = Buffer.concat(parts.map((part) => Buffer.from(part)));
        assert.equal(sign(parts), createHmac(hash, key).update(whole).digest("hex"), `${hash} ${keyLength} ${length}`);
      }
    }
  }
});

test("an empty key means no signature, and an unknown hash is told at once", () => {
  assert.equal(signer("", "sha256"), undefined);
  assert.throws(() => signer("key", "sha0"), /[Ii]nvalid digest/);
});
