import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalJson, contentHash } from "../../../kernel/store/canonical.ts";

test("numbers are written as the samples of RFC 8785, appendix B", () => {
  const samples: [bits: string, json: string][] = [
    ["0000000000000000", "0"],
    ["8000000000000000", "0"],
    ["0000000000000001", "5e-324"],
    ["8000000000000001", "-5e-324"],
    ["7fefffffffffffff", "1.7976931348623157e+308"],
    ["ffefffffffffffff", "-1.7976931348623157e+308"],
    ["4340000000000000", "9007199254740992"],
    ["c340000000000000", "-9007199254740992"],
    ["4430000000000000", "295147905179352830000"],
    ["44b52d02c7e14af5", "9.999999999999997e+22"],
    ["44b52d02c7e14af6", "1e+23"],
    ["44b52d02c7e14af7", "1.0000000000000001e+23"],
    ["444b1ae4d6e2ef4e", "999999999999999700000"],
    ["444b1ae4d6e2ef4f", "999999999999999900000"],
    ["444b1ae4d6e2ef50", "1e+21"],
    ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
    ["3eb0c6f7a0b5ed8d", "0.000001"],
    ["41b3de4355555553", "333333333.3333332"],
    ["41b3de4355555554", "333333333.33333325"],
    ["41b3de4355555555", "333333333.3333333"],
    ["41b3de4355555556", "333333333.3333334"],
    ["41b3de4355555557", "333333333.33333343"],
    ["becbf647612f3696", "-0.0000033333333333333333"],
    ["43143ff3c1cb0959", "1424953923781206.2"],
  ];
  for (const [bits, json] of samples) assert.equal(canonicalJson(Buffer.from(bits, "hex").readDoubleBE()), json);
});

test("structures are written as the published samples of RFC 8785", () => {
  const samples: [input: string, output: string][] = [
    [`[56, {"d": true, "10": null, "1": []}]`, `[56,{"1":[],"10":null,"d":true}]`],
    [
      `{"1": {"f": {"f": "hi","F": 5}, "\\n": 56.0}, "10": {}, "": "empty", "a": {}, "111": [{"e": "yes","E": "no"}], "A": {}}`,
      `{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}`,
    ],
    [
      `{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/", "literals": [null, true, false]}`,
      `{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA'B\\"\\\\\\\\\\"/"}`,
    ],
    [
      `{"\\u20ac": "Euro Sign", "\\r": "Carriage Return", "\\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
        "\\ud83d\\ude00": "Emoji: Grinning Face", "\\u0080": "Control", "\\u00f6": "Latin Small Letter O With Diaeresis"}`,
      `{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis","\u20ac":"Euro Sign","\ud83d\ude00":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}`,
    ],
  ];
  for (const [input, output] of samples) assert.equal(canonicalJson(JSON.parse(input)), output);
});

test("a content hash is the SHA-256 that Python's json and hashlib give", () => {
  const value = { b: [1, 2, { y: "ä", x: null }], a: "text\nline" };
  assert.equal(contentHash(value), "d86f9faf4747b3dfdc5e118d80db196f6aee661e0c549d7264ca186ec26b32ba");
});

test("what JSON cannot say does not stop a record", () => {
  assert.equal(
    canonicalJson({ a: Number.NaN, b: undefined, c: [undefined, Number.POSITIVE_INFINITY] }),
    `{"a":null,"c":[null,null]}`,
  );
  assert.equal(canonicalJson("half \ud800 pair"), `"half \ufffd pair"`);
  assert.equal(canonicalJson(undefined), "null");
});
