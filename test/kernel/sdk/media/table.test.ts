import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as arrow from "apache-arrow";
import { tableOutput } from "../../../../kernel/protocol/outputs.ts";
import { table } from "../../../../kernel/sdk/media/index.ts";
import { recorded } from "../../../support/recorded-context.ts";

const rich = (view: ReturnType<typeof table>) => tableOutput.parse(view.bundle["application/vnd.assay.table.v1+json"]);

test("a large table travels as Arrow by reference, every value as it was; the first rows stay in the output", async (t) => {
  await recorded(t, ({ folder }) => {
    const n = 20_000;
    const rows = Array.from({ length: n }, (_, i) => ({
      step: i,
      loss: i === 7 ? Number.NaN : i / 3,
      big: i === 0 ? 9_007_199_254_740_993n : BigInt(i),
      style: i % 2 === 0 ? "clay" : "neon",
      text: `row ${i}`,
      at: new Date(1.7e12 + i),
      gap: i % 5 === 0 ? null : i,
      nested: { i, big: 1n },
    }));
    const view = table(rows, { title: "Large", units: { loss: "nats" } });
    const output = rich(view);
    assert.equal(output.total, n);
    assert.equal(output.rows?.length, 100);
    assert.ok(output.arrow && "sha256" in output.arrow, "by reference");
    assert.deepEqual(
      output.columns.map(({ kind }) => kind),
      ["number", "number", "number", "text", "text", "date", "number", "json"],
    );
    const { sha256 } = output.arrow;
    const read = arrow.tableFromIPC(readFileSync(join(folder, ".assay/artifacts", sha256.slice(0, 2), sha256)));
    assert.equal(read.numRows, n);
    const at = (name: string, row: number) => read.getChild(name)?.get(row) as unknown;
    assert.equal(at("step", n - 1), n - 1);
    assert.ok(Number.isNaN(at("loss", 7)));
    assert.equal(at("loss", 10), 10 / 3);
    assert.equal(at("big", 0), 9_007_199_254_740_993n);
    assert.equal(at("style", 3), "neon");
    assert.equal(at("text", 19_999), "row 19999");
    assert.equal(Number(at("at", 5)), 1.7e12 + 5);
    assert.equal(at("gap", 10), null);
    assert.equal(at("nested", 4), '{"i":4,"big":"1"}');
    assert.match(String(view.bundle["text/html"]), /and 19900 more rows/);
  });
});

test("an Arrow table is taken as it is: dictionaries, structs, lists, decimals, timestamps, big integers, gaps", () => {
  // The test's copy of apache-arrow (ES modules) is another than the SDK's (CommonJS): notebooks bring their own.
  const whole = (name: string) => new arrow.Field(name, new arrow.Int32(), true);
  const decimal = new arrow.Decimal(2, 20, 128);
  const source = new arrow.Table({
    id: arrow.vectorFromArray([1n, 2n ** 60n, null], new arrow.Int64()),
    style: arrow.vectorFromArray(["clay", "neon", "clay"]),
    price: new arrow.Vector([
      arrow.makeData({
        type: decimal,
        length: 3,
        nullCount: 0,
        data: new Uint32Array([12345, 0, 0, 0, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 5, 0, 0, 0]),
      }),
    ]),
    size: arrow.vectorFromArray([{ w: 1, h: 2 }, { w: 3, h: 4 }, null], new arrow.Struct([whole("w"), whole("h")])),
    tags: arrow.vectorFromArray(
      [["a", "b"], [], ["c"]],
      new arrow.List(new arrow.Field("item", new arrow.Utf8(), true)),
    ),
    at: arrow.vectorFromArray([new Date(0), new Date(1.7e12), null], new arrow.TimestampMillisecond()),
  });
  const output = rich(table(source));
  assert.deepEqual(
    output.columns.map(({ name, kind }) => `${name} ${kind}`),
    ["id number", "style text", "price number", "size json", "tags json", "at date"],
  );
  assert.deepEqual(output.rows, [
    [1, "clay", "123.45", '{"w":1,"h":2}', '["a","b"]', "1970-01-01T00:00:00.000Z"],
    [String(2n ** 60n), "neon", "-0.01", '{"w":3,"h":4}', "[]", "2023-11-14T22:13:20.000Z"],
    [null, "clay", "0.05", null, '["c"]', null],
  ]);
  assert.ok(output.arrow && "base64" in output.arrow, "small bytes stay inside");
  const back = arrow.tableFromIPC(Buffer.from(output.arrow.base64, "base64"));
  assert.equal(back.getChild("id")?.get(1), 2n ** 60n);
  assert.deepEqual(
    rich(table(source, { columns: ["at", "id"] })).columns.map(({ name }) => name),
    ["at", "id"],
  );
});

test("an Arrow table of no rows keeps its columns", () => {
  const output = rich(table(arrow.tableFromArrays({ x: new Float64Array(0) })));
  assert.deepEqual([output.columns.length, output.rows, output.total, output.arrow], [1, [], 0, undefined]);
});
