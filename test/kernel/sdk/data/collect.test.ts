import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { type Collection, collect, dataset } from "../../../../kernel/sdk/data/index.ts";
import { displaySymbol, Image } from "../../../../kernel/sdk/media/index.ts";
import { recorded } from "../../../support/recorded-context.ts";

/** A small picture that differs by its number. */
function picture(number: number): Image {
  const data = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => (i * 7 + number * 31) % 256);
  return new Image({ width: 8, height: 8, channels: 3, data });
}
const by = {
  license: "CC BY 4.0",
  license_url: "https://creativecommons.org/licenses/by/4.0/",
  creator: "A",
  title: "T",
  source: "https://a.example/1",
  caption: "a square",
};

function put(folder: string, name: string, content: unknown, number = name.length): void {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  if (content instanceof Uint8Array || typeof content === "string") writeFileSync(join(folder, name), content);
  else if (/\.json$/.test(name)) writeFileSync(join(folder, name), JSON.stringify(content));
  else writeFileSync(join(folder, name), picture(number).png());
}

const problemsOf = (collection: Collection) =>
  Object.fromEntries(collection.problems.map(({ file, code }) => [file, code]));

test("a folder: sidecars of both names, sub-folders, captions, hashes and evidence", async (t) => {
  const { events } = await recorded(t, async ({ folder }) => {
    put(folder, "in/a.png", null, 1);
    put(folder, "in/a.json", by);
    put(folder, "in/sub/b.png", null, 2);
    put(folder, "in/sub/b.png.json", { spdx: "CC0-1.0", retrieved_at: "2025-01-02T03:04:05Z" });
    put(folder, "in/sub/b.txt", "a caption of its own\n");
    put(folder, "in/.hidden.png", null, 3);
    put(folder, "in/notes.md", "nothing");
    const collection = await collect("in");
    assert.deepEqual(
      collection.items.map(({ id }) => id),
      ["a.png", "sub/b.png"],
    );
    assert.deepEqual(collection.problems, []);
    const [a, b] = collection.items;
    assert.equal(a!.licence.id, "CC-BY-4.0");
    assert.equal(a!.caption, "a square");
    assert.deepEqual(a!.about, { title: "T", author: "A", page: "https://a.example/1", caption: "a square" });
    assert.deepEqual(
      a!.evidence.map(({ source, field }) => [source, field]),
      [
        ["a.json", "license"],
        ["a.json", "license_url"],
      ],
    );
    assert.match(a!.evidence[0]!.sha256!, /^[0-9a-f]{64}$/);
    assert.deepEqual([a!.width, a!.height, a!.format], [8, 8, "png"]);
    assert.equal(b!.caption, "a caption of its own");
    assert.equal(b!.licence.licenceClass, "public_domain");
    assert.deepEqual([a!.retrieved, b!.retrieved], [null, "2025-01-02T03:04:05Z"]);
    assert.ok(!JSON.stringify(dataset(collection).manifest).includes("2025-01-02"));
    assert.ok("text/html" in collection[displaySymbol]());
  });
  assert.deepEqual(
    events.map(({ type }) => type),
    ["item", "item", "used", "dataset", "produced"],
  );
});

test("what is wrong with one file is said with reason and remedy, and the rest goes on", async (t) => {
  await recorded(t, async ({ folder }) => {
    const whole = picture(9).png();
    put(folder, "in/good.png", null, 1);
    put(folder, "in/good.json", by);
    put(folder, "in/truncated.png", whole.subarray(0, whole.length - 40));
    put(folder, "in/truncated.json", by);
    put(folder, "in/text.jpg", "this is no picture");
    put(folder, "in/empty.webp", new Uint8Array(0));
    put(folder, "in/alone.png", null, 2);
    put(folder, "in/broken.png", null, 3);
    put(folder, "in/broken.json", "{ not json");
    put(folder, "in/list.png", null, 4);
    put(folder, "in/list.json", "[1, 2]");
    put(folder, "in/odd.png", null, 5);
    put(folder, "in/odd.json", { license: { a: 1 }, title: 7, creator: [], caption: { x: 1 }, license_url: 12 });
    put(folder, "in/vague.png", null, 6);
    put(folder, "in/vague.json", { license: "Creative Commons" });
    put(folder, "in/huge.png", null, 7);
    put(folder, "in/huge.json", `{"x":"${"y".repeat(1_100_000)}"}`);
    put(folder, "in/nulls.png", null, 8);
    put(folder, "in/nulls.json", "null");
    const collection = await collect("in");
    assert.deepEqual(problemsOf(collection), {
      "alone.png": "sidecar.missing",
      "broken.png": "sidecar.unreadable",
      "empty.webp": "image.corrupt",
      "huge.png": "sidecar.unreadable",
      "list.png": "sidecar.unreadable",
      "nulls.png": "sidecar.unreadable",
      "odd.png": "licence.unknown",
      "text.jpg": "image.corrupt",
      "truncated.png": "image.corrupt",
      "vague.png": "licence.unknown",
    });
    for (const { reason, remedy, file } of collection.problems)
      assert.ok(reason.length > 10 && remedy.length > 10, file);
    assert.equal(collection.items.length, 8);
    assert.equal(collection.items.filter(({ licence }) => licence.licenceClass !== "unknown").length, 1);
    const admitted = dataset(collection, { mode: "open_source_only" });
    assert.deepEqual(
      admitted.items.map(({ id }) => id),
      ["good.png"],
    );
    assert.equal(admitted.exclusions.length, 10);
  });
});

test("links and paths that lead out of the folder are refused", async (t) => {
  await recorded(t, async ({ folder }) => {
    put(folder, "secret/x.png", null, 1);
    put(folder, "secret/x.json", by);
    put(folder, "in/ok.png", null, 2);
    put(folder, "in/ok.json", by);
    symlinkSync(join(folder, "secret/x.png"), join(folder, "in/link.png"));
    symlinkSync(join(folder, "secret"), join(folder, "in/folder"));
    symlinkSync(join(folder, "in"), join(folder, "in/loop"));
    symlinkSync("ok.png", join(folder, "in/same.png"));
    put(folder, "in/side.png", null, 3);
    symlinkSync(join(folder, "secret/x.json"), join(folder, "in/side.json"));
    const collection = await collect("in");
    assert.deepEqual(problemsOf(collection), {
      folder: "data.outside",
      "link.png": "data.outside",
      loop: "data.outside",
      "same.png": "sidecar.missing",
      "side.png": "sidecar.missing",
    });
    put(folder, "in/manifest.json", {
      results: [
        { path: "../secret/x.png", ...by },
        { path: join(folder, "secret/x.png"), ...by },
        { path: "link.png", ...by },
        { path: "ok.png", ...by },
      ],
    });
    const listed = await collect("in/manifest.json");
    assert.deepEqual(
      listed.items.map(({ id }) => id),
      ["ok.png"],
    );
    assert.deepEqual(
      listed.problems.map(({ code }) => code),
      ["data.outside", "data.outside", "data.outside"],
    );
  });
});

test("an Openverse-shaped manifest: paths, file addresses, remote ones left alone", async (t) => {
  await recorded(t, async ({ folder }) => {
    put(folder, "a.png", null, 1);
    put(folder, "b.png", null, 2);
    const openverse = {
      license: "by-sa",
      license_version: "3.0",
      license_url: "https://creativecommons.org/licenses/by-sa/3.0/de/",
      provider: "wikimedia",
      creator: "C",
      foreign_landing_url: "https://a.example/p",
    };
    put(folder, "m.json", {
      results: [
        { path: "a.png", ...openverse },
        {
          url: pathToFileURL(join(folder, "b.png")).href,
          ...openverse,
          license: "cc0",
          license_version: "1.0",
          license_url: "https://creativecommons.org/publicdomain/zero/1.0/",
        },
        { url: "https://a.example/c.png", ...openverse },
        { path: "missing.png", ...openverse },
        { path: "a.png", ...openverse },
        "nonsense",
        { license: "by" },
        { path: "nul\u0000.png" },
      ],
    });
    const collection = await collect("m.json");
    assert.deepEqual(
      collection.items.map(({ id, licence, source }) => [id, licence.id, source]),
      [
        ["a.png", "CC-BY-SA-3.0-DE", "openverse"],
        ["b.png", "CC0-1.0", "openverse"],
      ],
    );
    const codes = collection.problems.map(({ code }) => code);
    assert.deepEqual(codes, [
      "data.remote",
      "file.unreadable",
      "file.unreadable",
      "file.unreadable",
      "data.remote",
      "file.unreadable",
    ]);
    assert.equal(collection.items[0]!.about.page, "https://a.example/p");
  });
});

test("nothing to read at all is an error that says what was expected", async (t) => {
  await recorded(t, async ({ folder }) => {
    mkdirSync(join(folder, "empty"));
    put(folder, "not.json", "{");
    put(folder, "wrong.json", { images: [] });
    await assert.rejects(collect("nowhere"), { code: "data.missing" });
    await assert.rejects(collect("empty"), { code: "data.empty" });
    await assert.rejects(collect("not.json"), { code: "data.manifest" });
    await assert.rejects(collect("wrong.json"), /no list "results"/);
  });
});

test("hostile names and members stay text", async (t) => {
  await recorded(t, async ({ folder }) => {
    const name = `<img src=x onerror=alert(1)> "quoted" 'é' 日本 %2e%2e.png`;
    put(folder, `in/${name}`, null, 1);
    put(
      folder,
      `in/${name.replace(/png$/, "json")}`,
      `{"__proto__": {"license": "CC0-1.0"}, "constructor": "x", "license_url": "https://creativecommons.org/licenses/by/4.0/", "creator": "<script>alert(2)</script>", "source": "javascript:alert(3)", "title": "a\\u0000b"}`,
    );
    const collection = await collect("in");
    assert.equal(collection.items[0]!.id, name);
    assert.equal(collection.items[0]!.licence.id, "CC-BY-4.0");
    const made = dataset(collection);
    for (const value of [collection, made, collection.table()]) {
      const html = String(value[displaySymbol]()["text/html"]);
      assert.ok(!/<script|<img src=x|href="javascript/i.test(html), html.slice(0, 300));
    }
    assert.equal(({} as Record<string, unknown>).license, undefined);
  });
});

test("embedded rights and opt-outs are read from the file", async (t) => {
  await recorded(t, async ({ folder }) => {
    const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:cc="http://creativecommons.org/ns#" xmlns:plus="http://ns.useplus.org/ldf/xmp/1.0/" plus:DataMining="http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING"><cc:license rdf:resource="https://creativecommons.org/licenses/by/4.0/"/></rdf:Description></rdf:RDF></x:xmpmeta>`;
    const raw = picture(1);
    const jpeg = await sharp(raw.data, { raw: { width: 8, height: 8, channels: 3 } })
      .withXmp(xmp)
      .jpeg()
      .toBuffer();
    put(folder, "in/a.jpg", jpeg);
    put(
      folder,
      "in/b.jpg",
      Buffer.concat([
        await sharp(picture(2).data, { raw: { width: 8, height: 8, channels: 3 } })
          .jpeg()
          .toBuffer(),
        Buffer.from("cawg.training-mining"),
      ]),
    );
    put(folder, "in/b.json", by);
    const collection = await collect("in");
    const [a, b] = collection.items;
    assert.equal(a!.licence.id, "CC-BY-4.0");
    assert.equal(a!.evidence[0]!.source, "a.jpg XMP");
    assert.deepEqual(
      a!.optOuts.map(({ signal, decision }) => [signal, decision]),
      [["plus", "prohibited"]],
    );
    assert.deepEqual(
      b!.optOuts.map(({ signal, decision }) => [signal, decision]),
      [["c2pa", "unreadable"]],
    );
    await assert.rejects(async () => dataset(collection), { code: "dataset.empty" });
  });
});

test("a licence of the collection counts where an item has none; a basis is written down", async (t) => {
  await recorded(t, async ({ folder }) => {
    put(folder, "in/a.png", null, 1);
    put(folder, "in/b.png", null, 2);
    put(folder, "in/b.json", { license: "CC BY-NC 4.0" });
    const collection = await collect("in", { licence: "CC0-1.0", basis: "contract", name: "mine" });
    assert.deepEqual(
      collection.items.map(({ licence }) => [licence.id, licence.basis]),
      [
        ["CC0-1.0", "contract"],
        ["CC-BY-NC-4.0", "contract"],
      ],
    );
    assert.equal(collection.name, "mine");
  });
});

test("an interrupt stops collecting; progress is shown for many files", async (t) => {
  const controller = new AbortController();
  const { outputs } = await recorded(
    t,
    async ({ folder }) => {
      for (let i = 0; i < 60; i++) put(folder, `in/${i}.png`, null, i);
      await collect("in");
      controller.abort();
      await assert.rejects(collect("in"), { name: "AbortError" });
    },
    { signal: controller.signal },
  );
  const shown = outputs.filter((output) => output.type === "display");
  assert.ok(shown.length >= 2 && shown.every(({ transient }) => transient));
  assert.match(String(shown.at(-1)!.data["text/plain"]), /interrupted/);
});

test("the corpus of the samples has all five classes, opt-outs, contradictions and one pair of equal images", async (t) => {
  const samples = new URL("../../../../samples/", import.meta.url);
  await recorded(
    t,
    async () => {
      const corpus = await collect("corpus");
      assert.equal(corpus.items.length, 300);
      assert.deepEqual(corpus.classes(), {
        public_domain: 51,
        creative_commons: 83,
        fair_use_research: 86,
        copyrighted: 50,
        unknown: 30,
      });
      assert.ok(corpus.problems.every(({ excluded }) => !excluded));
      const sizes = (["open_source_only", "research_safe", "full_dataset"] as const).map(
        (mode) => dataset(corpus, { mode }).size,
      );
      assert.deepEqual(sizes, [120, 205, 299]);
      const reference = await collect("reference/manifest.json");
      assert.deepEqual([reference.items.length, reference.problems.length], [120, 0]);
      const trained = new Set(corpus.items.map(({ pixelHash }) => pixelHash));
      assert.ok(reference.items.every(({ pixelHash }) => !trained.has(pixelHash)));
    },
    { baseFolder: samples.pathname, mode: "full_dataset" },
  );
});

test("the same files in another place give the same items", async (t) => {
  await recorded(t, async ({ folder }) => {
    put(folder, "one/a.png", null, 1);
    put(folder, "one/a.json", by);
    mkdirSync(join(folder, "two"));
    for (const name of readdirSync(join(folder, "one")))
      copyFileSync(join(folder, "one", name), join(folder, "two", name));
    const [one, two] = [dataset(await collect("one", { name: "x" })), dataset(await collect("two", { name: "x" }))];
    assert.equal(one.sha256, two.sha256);
    assert.ok(!JSON.stringify(one.manifest).includes(folder));
  });
});
