import { encodePng } from "../../kernel/sdk/media/png.ts";
import { complianceExample, galleryExample, metricsExample, plotExample } from "./examples.ts";

/** An output that means harm or is broken, and what a person must read in its place. */
export interface HostileExample {
  readonly name: string;
  readonly kind: string;
  readonly text: string;
  readonly shows: RegExp;
}

const script = `<img src=x onerror="harmed.push('img')"><script>harmed.push('script')</script>`;
const run = `javascript:harmed.push('link')`;

/** A PNG of one row, in base64. */
function line(width: number): string {
  const png = encodePng({
    width: Math.max(1, width),
    height: 1,
    channels: 3,
    data: new Uint8Array(3 * Math.max(1, width)),
  });
  // The width stands after the signature and the name of the first chunk.
  if (width === 0) new DataView(png.buffer, png.byteOffset).setUint32(16, 0);
  return Buffer.from(png).toString("base64");
}

export function hostileExamples(): HostileExample[] {
  const gallery = galleryExample(3);
  const table = metricsExample();
  const compliance = complianceExample();
  const huge = "x".repeat(2_000_000);
  const example = (name: string, kind: string, data: unknown, shows: RegExp): HostileExample => ({
    name,
    kind,
    text: typeof data === "string" ? data : JSON.stringify(data),
    shows,
  });
  return [
    example("not JSON", "images", "{not json", /cannot be shown[\s\S]*not valid JSON/),
    example("the wrong shape", "table", { columns: "many" }, /cannot be shown[\s\S]*columns/),
    example("null", "plot", "null", /cannot be shown/),
    example("a list in place of an object", "progress", "[1,2]", /cannot be shown/),
    example(
      "one image of three is broken",
      "images",
      { ...gallery, items: [{ ...gallery.items[0], width: -1 }, ...gallery.items.slice(1)] },
      /1 part of this output could not be read[\s\S]*2 images/,
    ),
    example("an unknown field", "table", { ...table, surprise: 1 }, /1 part of this output[\s\S]*3 rows/),
    example(
      "markup in a gallery",
      "images",
      {
        ...gallery,
        title: script,
        items: gallery.items.map((item) => ({ ...item, alt: script, prompt: script, badges: { [script]: script } })),
      },
      /<script>/,
    ),
    example(
      "markup as an image",
      "images",
      {
        ...gallery,
        items: [
          {
            ...gallery.items[0],
            media: {
              mime: "image/svg+xml",
              base64: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" onload="harmed.push('svg')"/>`).toString(
                "base64",
              ),
            },
          },
        ],
      },
      /1 image/,
    ),
    example(
      "a page as an image",
      "images",
      {
        ...gallery,
        items: [{ ...gallery.items[0], media: { mime: "text/html", base64: Buffer.from(script).toString("base64") } }],
      },
      /is not a media type/,
    ),
    example(
      "bytes that are no image",
      "images",
      { ...gallery, items: [{ ...gallery.items[0], media: { mime: "image/png", base64: "AAAA" } }] },
      /no readable image\/png/,
    ),
    example(
      "base64 that is none",
      "images",
      { ...gallery, items: [{ ...gallery.items[0], media: { mime: "image/png", base64: "%%%" } }] },
      /not valid base64/,
    ),
    example(
      "names of prototypes",
      "images",
      JSON.stringify(gallery)
        .replace('"items"', '"__proto__": { "polluted": true }, "items"')
        .replaceAll(
          '"seed"',
          '"badges": { "__proto__": "kept apart", "constructor": "a fact", "CLIP": "NaN" }, "seed"',
        ),
      /constructor\s*a fact[\s\S]*NaN/,
    ),
    example(
      "a picture of 100,000 by 1 pixels",
      "images",
      {
        ...gallery,
        items: [
          {
            ...gallery.items[0],
            media: { mime: "image/png", base64: line(100_000) },
            width: 100_000,
            height: 1,
          },
          ...gallery.items.slice(1),
        ],
      },
      /3 images[\s\S]*seed\s*2/,
    ),
    example(
      "a picture without pixels",
      "images",
      { ...gallery, items: [{ ...gallery.items[0], media: { mime: "image/png", base64: line(0) } }, gallery.items[1]] },
      /no readable image\/png[\s\S]*seed\s*1/,
    ),
    example(
      "artifacts that are gone",
      "images",
      {
        ...gallery,
        items: gallery.items.map((item, i) =>
          i === 1 ? { ...item, media: { sha256: "e".repeat(64), bytes: 9, mime: "image/png" } } : item,
        ),
      },
      /it is not in the store[\s\S]*seed\s*2/,
    ),
    example(
      "metrics that are no numbers",
      "plot",
      { title: "Loss", data: [{ type: "scatter", name: "loss", x: [0, 1, 2], y: [null, "NaN", 0.5] }] },
      /Loss/,
    ),
    example(
      "columns called like members",
      "table",
      {
        columns: ["__proto__", "constructor", "toString"].map((name) => ({ name, kind: "text" })),
        rows: [["a", "b", "c"]],
      },
      /__proto__[\s\S]*toString/,
    ),
    example(
      "markup in a table",
      "table",
      {
        ...table,
        title: script,
        columns: table.columns.map((column) => ({ ...column, name: `${column.name}${script}`, unit: script })),
        rows: [[script, 1, 2, script, 3, true]],
      },
      /<script>/,
    ),
    example(
      "rows of wrong lengths",
      "table",
      { ...table, rows: [["short"], ["long", 1, 2, "x", 3, true, "more"]] },
      /2 rows/,
    ),
    example(
      "a value of a wrong type",
      "table",
      { ...table, rows: [[{ deep: 1 }], ["fine", 1, 2, "x", 3, true]] },
      /1 part of this output[\s\S]*1 row/,
    ),
    example("a huge string in a table", "table", { ...table, rows: [[huge, 1, 2, huge, 3, true]] }, /1 row/),
    example("no columns", "table", { columns: [], rows: [] }, /0 rows/),
    example(
      "markup and links in compliance",
      "compliance",
      {
        ...compliance,
        title: script,
        violation: script,
        items: compliance.items
          .slice(0, 3)
          .map((item) => ({ ...item, title: script, reason: script, source: run, licenceUrl: run, admitted: false })),
      },
      /<script>/,
    ),
    example(
      "an unknown licence class",
      "compliance",
      { ...compliance, items: [{ ...compliance.items[0], licenceClass: "free" }, compliance.items[1]] },
      /1 part of this output/,
    ),
    example(
      "markup and links in a plot",
      "plot",
      {
        title: script,
        data: [
          {
            type: "scatter",
            name: `<a href="${run}">x</a>${script}`,
            x: [1, 2],
            y: [1, 2],
            text: [script, script],
            hovertemplate: script,
          },
        ],
        layout: {
          title: { text: script },
          images: [{ source: "https://elsewhere.invalid/a.png" }],
          annotations: [{ text: `<a href="https://elsewhere.invalid/">link</a>` }],
        },
      },
      /<script>/,
    ),
    example(
      "a plot of an unknown kind",
      "plot",
      { data: [{ type: "hologram", y: { a: 1 } }], layout: { xaxis: "no" } },
      /^/,
    ),
    example(
      "a figure with huge text",
      "plot",
      { ...plotExample(5), title: "t", layout: { annotations: [{ text: huge }] } },
      /t/,
    ),
    example(
      "progress beyond its end",
      "progress",
      { label: script, done: 1e300, total: 3, facts: { [script]: script } },
      /<script>/,
    ),
  ];
}
