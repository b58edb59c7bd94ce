import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import sharp from "sharp";
import { complianceOutput } from "../../../../kernel/protocol/outputs.ts";
import { ComplianceError, policy } from "../../../../kernel/sdk/compliance/index.ts";
import { collect, dataset, images } from "../../../../kernel/sdk/data/index.ts";
import { displaySymbol, Image } from "../../../../kernel/sdk/media/index.ts";
import { contentHash, hashOf } from "../../../../kernel/store/canonical.ts";
import { type Recorded, recorded } from "../../../support/recorded-context.ts";

function picture(number: number): Image {
  return new Image({
    width: 8,
    height: 6,
    channels: 3,
    data: Uint8Array.from({ length: 144 }, (_, i) => (i * 5 + number * 37) % 256),
  });
}
function put({ folder }: Recorded, name: string, number: number, sidecar: Record<string, unknown>): void {
  writeFileSync(join(folder, `${name}.png`), picture(number).png());
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ caption: `picture ${name}`, ...sidecar }));
}
const situations = {
  a: { spdx: "CC0-1.0" },
  b: { spdx: "CC-BY-NC-4.0" },
  c: { rights: "http://rightsstatements.org/vocab/InC-EDU/1.0/" },
  d: { license: "All rights reserved" },
  e: {},
  f: { spdx: "CC-BY-4.0", noai: true },
};
function putAll(found: Recorded): void {
  for (const [index, [name, sidecar]] of Object.entries(situations).entries()) put(found, name, index, sidecar);
}

test("each mode admits its items, excludes the rest with reasons, and tells the session", async (t) => {
  const { events } = await recorded(
    t,
    async (found) => {
      putAll(found);
      const collection = await collect(".", { name: "six" });
      const ids = (mode: "open_source_only" | "research_safe" | "full_dataset") =>
        dataset(collection, { mode })
          .items.map(({ id }) => id[0])
          .join("");
      assert.deepEqual([ids("open_source_only"), ids("research_safe"), ids("full_dataset")], ["ab", "abc", "abcdef"]);
      const open = dataset(collection, { mode: "open_source_only", name: "open" });
      assert.equal(open.licenceClass, "creative_commons");
      assert.deepEqual(open.captions, ["picture a", "picture b"]);
      assert.deepEqual(
        open.exclusions.map(({ id, rule }) => [id, rule]),
        [
          ["c.png", "mode.class"],
          ["d.png", "mode.class"],
          ["e.png", "class.unknown"],
          ["f.png", "optout.noai"],
        ],
      );
      const report = complianceOutput.parse(open.compliance());
      assert.equal(report.items.length, 6);
      const admittedIn = (output: typeof report, mode: "open_source_only" | "research_safe" | "full_dataset") =>
        output.items
          .filter(({ verdicts, admitted }) => (mode === output.mode ? admitted : verdicts?.[mode]?.admitted))
          .map(({ id }) => id[0])
          .join("");
      for (const output of [report, complianceOutput.parse(collection.compliance("research_safe"))]) {
        const names = (["open_source_only", "research_safe", "full_dataset"] as const).map((mode) =>
          admittedIn(output, mode),
        );
        assert.deepEqual(names, ["ab", "abc", "abcdef"], `what each mode would admit, told in ${output.mode}`);
      }
      assert.equal(report.items.find(({ id }) => id === "f.png")!.verdicts!.research_safe!.rule, "optout.noai");
      assert.ok("application/vnd.assay.compliance.v1+json" in open[displaySymbol]());
      assert.equal(
        dataset(collection, { mode: "research_safe", policy: policy({ excludeFlags: ["nc"] }) }).exclusions.find(
          ({ id }) => id === "b.png",
        )!.rule,
        "flag.nc",
      );
      assert.deepEqual(
        collection
          .compliance("open_source_only")
          .items.filter(({ admitted }) => admitted)
          .map(({ id }) => id),
        ["a.png", "b.png"],
      );
    },
    { mode: "full_dataset" },
  );
  const built = events.filter((event) => event.type === "dataset");
  assert.equal(built.length, 5);
  assert.deepEqual(
    [built[3]!.name, built[3]!.items.length, built[3]!.excluded, built[3]!.policyVersion],
    ["open", 2, 4, "assay-policy-1"],
  );
});

test("a mode wider than the notebook's is refused; nothing is recorded", async (t) => {
  const { events } = await recorded(t, async (found) => {
    putAll(found);
    const collection = await collect(".");
    assert.throws(
      () => dataset(collection, { mode: "research_safe" }),
      (error: unknown) => error instanceof ComplianceError && error.rule === "dataset.mode",
    );
  });
  assert.ok(!events.some(({ type }) => type === "dataset"));
});

test("the manifest is kept by content, hashes to the data set's id, and changes with what it says", async (t) => {
  await recorded(t, async (found) => {
    putAll(found);
    const collection = await collect(".", { name: "six" });
    const first = dataset(collection);
    assert.equal(first.sha256, contentHash(first.manifest));
    const kept = readFileSync(join(found.folder, ".assay/artifacts", first.sha256.slice(0, 2), first.sha256));
    assert.equal(hashOf(kept), first.sha256);
    assert.deepEqual(JSON.parse(kept.toString()), JSON.parse(JSON.stringify(first.manifest)));
    assert.equal(dataset(collection).sha256, first.sha256);
    assert.notEqual(dataset(collection, { name: "other" }).sha256, first.sha256);
    assert.notEqual(dataset(collection, { caption: ({ id }) => `c ${id}` }).sha256, first.sha256);
    assert.notEqual(dataset(collection, { filter: ({ id }) => id !== "a.png" }).sha256, first.sha256);
  });
});

test("equal pictures are kept once: by bytes, and by pixels in another file format", async (t) => {
  await recorded(t, async (found) => {
    put(found, "a", 1, { spdx: "CC0-1.0" });
    put(found, "b", 1, { spdx: "CC0-1.0" });
    const { data } = picture(1);
    writeFileSync(
      join(found.folder, "c.webp"),
      await sharp(data, { raw: { width: 8, height: 6, channels: 3 } })
        .webp({ lossless: true })
        .toBuffer(),
    );
    writeFileSync(join(found.folder, "c.json"), JSON.stringify({ spdx: "CC0-1.0" }));
    const made = dataset(await collect("."));
    assert.deepEqual(
      made.items.map(({ id }) => id),
      ["a.png"],
    );
    assert.deepEqual(
      made.exclusions.map(({ id, rule, reason }) => [id, rule, reason]),
      [
        ["b.png", "duplicate.exact", "it is the same picture as a.png"],
        ["c.webp", "duplicate.exact", "it is the same picture as a.png"],
      ],
    );
  });
});

test("copies of one picture share what any of them says: an opt-out, or a contradicting licence", async (t) => {
  await recorded(t, async (found) => {
    put(found, "a", 1, { spdx: "CC0-1.0" });
    put(found, "b", 1, { license: "All rights reserved" });
    put(found, "c", 2, { spdx: "CC0-1.0" });
    put(found, "d", 2, { spdx: "CC0-1.0", noai: true });
    put(found, "e", 3, { spdx: "CC-BY-4.0" });
    put(found, "f", 3, { spdx: "CC-BY-NC-4.0" });
    const made = dataset(await collect("."));
    assert.deepEqual(
      made.items.map(({ id, licence }) => [id, licence.flags.nc]),
      [["e.png", true]],
    );
    const rules = Object.fromEntries(made.exclusions.map(({ id, rule }) => [id, rule]));
    assert.equal(rules["a.png"], "class.conflict");
    assert.equal(rules["c.png"], "optout.noai");
  });
});

test("nothing admitted is an error that says where to look", async (t) => {
  await recorded(t, async (found) => {
    put(found, "a", 1, { license: "All rights reserved" });
    const collection = await collect(".");
    assert.throws(() => dataset(collection), { code: "dataset.empty" });
  });
});

test("pictures come in the order of the items, at the size asked for, and only if unchanged", async (t) => {
  await recorded(t, async (found) => {
    putAll(found);
    const made = dataset(await collect("."));
    const images = await made.images({ size: 4 });
    assert.deepEqual(
      images.map(({ width, height, channels, facts }) => [width, height, channels, facts.alt]),
      [
        [4, 4, 3, "picture a"],
        [4, 4, 3, "picture b"],
      ],
    );
    const { pixels, captions } = await made.tensors({ size: 4 });
    assert.deepEqual(pixels.dims, [2, 3, 4, 4]);
    assert.ok(pixels.data.every((value) => value >= -1 && value <= 1));
    assert.equal(pixels.data[48], images[1]!.planes()[0]);
    assert.deepEqual(captions, made.captions);
    await assert.rejects(made.images({ size: 0 }), { code: "option.wrong" });
    writeFileSync(join(found.folder, "b.png"), picture(50).png());
    await assert.rejects(made.images({ size: 4 }), { code: "data.changed" });
  });
});

test("splitting gives two parts without a common item, the same for the same seed", async (t) => {
  await recorded(t, async (found) => {
    for (let i = 0; i < 20; i++) put(found, `p${i}`, i, { spdx: "CC0-1.0" });
    const made = dataset(await collect("."));
    const [train, held] = made.split({ holdout: 0.25, seed: 3 });
    assert.deepEqual([train.size, held.size], [15, 5]);
    const names = new Set(train.items.map(({ id }) => id));
    assert.ok(held.items.every(({ id }) => !names.has(id)));
    assert.equal(made.split({ holdout: 0.25, seed: 3 })[1].sha256, held.sha256);
    assert.notEqual(made.split({ holdout: 0.25, seed: 4 })[1].sha256, held.sha256);
    assert.throws(() => made.split({ holdout: 1 }), { code: "option.wrong" });
  });
});

test("the pictures of a folder, to measure against: in order, recorded as input, a corrupt one named", async (t) => {
  const { events } = await recorded(t, async (found) => {
    putAll(found);
    const pictures = await images(".", { size: 4 });
    assert.deepEqual(
      pictures.map(({ facts, width }) => [facts.alt, width]),
      [..."abcdef"].map((name) => [`${name}.png`, 4]),
    );
    writeFileSync(join(found.folder, "g.png"), "no picture");
    await assert.rejects(images("."), /g\.png: the image cannot be decoded/);
    await assert.rejects(images("nowhere"), { code: "data.missing" });
    await assert.rejects(images(".assay"), { code: "data.missing" });
  });
  assert.deepEqual(
    events.map(({ type }) => type),
    ["used"],
  );
});

test("a report says of other modes only what is known", async (t) => {
  await recorded(t, async (found) => {
    putAll(found);
    const collection = await collect(".");
    const asked: string[] = [];
    const filter = ({ id }: { readonly id: string }) => {
      asked.push(id);
      return id !== "a.png";
    };
    const filtered = dataset(collection, { filter });
    assert.deepEqual(
      asked,
      ["a.png", "b.png"],
      "the filter is asked about what the mode admits, and about nothing else",
    );
    const of = (output: ReturnType<typeof filtered.compliance>, id: string) =>
      output.items.find((item) => item.id === id)!.verdicts;
    assert.equal(of(filtered.compliance(), "a.png")!.full_dataset!.rule, "filter");
    assert.equal(of(filtered.compliance(), "b.png")!.full_dataset!.admitted, true);
    assert.deepEqual(Object.keys(of(filtered.compliance(), "c.png")!), [], "a wider mode would have asked the filter");
    assert.equal(of(filtered.compliance(), "d.png")!.research_safe!.admitted, false);
    const [train] = dataset(collection).split({ holdout: 0.5 });
    assert.ok(train.compliance().items.every(({ verdicts }) => verdicts === undefined));
  });
});
