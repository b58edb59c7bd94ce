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
