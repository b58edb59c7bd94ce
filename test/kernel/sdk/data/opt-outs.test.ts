import assert from "node:assert/strict";
import { test } from "node:test";
import type { OptOut } from "../../../../kernel/sdk/compliance/index.ts";
import { strongest } from "../../../../kernel/sdk/compliance/index.ts";
import { readOptOuts, readRobots, readXmp } from "../../../../kernel/sdk/data/opt-outs/index.ts";

type Decision = OptOut["decision"] | null;

const manifest = (label: string, entries: unknown) => ({
  manifests: { a: { assertions: [{ label, data: { entries } }] } },
});
const plus = (name: string) => ({ xmp: { "plus:DataMining": `http://ns.useplus.org/ldf/vocab/DMI-${name}` } });

/** What the strongest signal of a sidecar is, by the definitions of each protocol. */
const cases: readonly (readonly [
  name: string,
  sidecar: Record<string, unknown>,
  signal: string | null,
  decision: Decision,
])[] = [
  ["nothing", {}, null, null],
  ["TDMRep header 1", { headers: { "TDM-Reservation": "1" } }, "tdmrep", "prohibited"],
  ["TDMRep number", { "tdm-reservation": 1 }, "tdmrep", "prohibited"],
  ["TDMRep 0", { headers: { "tdm-reservation": "0" } }, "tdmrep", "allowed"],
  ["TDMRep yes", { headers: { "tdm-reservation": "yes" } }, "tdmrep", "unreadable"],
  ["TDMRep true", { "tdm-reservation": true }, "tdmrep", "unreadable"],
  ["TDMRep file", { tdmrep: [{ location: "/", "tdm-reservation": 1 }] }, "tdmrep", "prohibited"],
  [
    "TDMRep file for another place",
    { url: "https://a.example/img/1.jpg", tdmrep: [{ location: "/text/*", "tdm-reservation": 1 }] },
    null,
    null,
  ],
  [
    "TDMRep most specific rule",
    {
      url: "https://a.example/img/1.jpg",
      tdmrep: [
        { location: "/", "tdm-reservation": 1 },
        { location: "/img/", "tdm-reservation": 0 },
      ],
    },
    "tdmrep",
    "allowed",
  ],
  ["TDMRep file without location", { tdmrep: [{ "tdm-reservation": 0 }] }, "tdmrep", "unreadable"],
  [
    "TDMRep header over file",
    { tdmrep: [{ location: "/", "tdm-reservation": 1 }], headers: { "tdm-reservation": "0" } },
    "tdmrep",
    "allowed",
  ],
  [
    "TDMRep HTML over header",
    { headers: { "tdm-reservation": "0" }, meta: { "tdm-reservation": "1" } },
    "tdmrep",
    "prohibited",
  ],
  [
    "TDMRep embedded over HTML",
    { meta: { "tdm-reservation": "0" }, xmp: { "tdm:reservation": "1" } },
    "tdmrep",
    "prohibited",
  ],
  ["TDMRep silence does not reset", { headers: { "tdm-reservation": "1" }, meta: {} }, "tdmrep", "prohibited"],
  ["AIPREF n", { headers: { "Content-Usage": "train-ai=n" } }, "aipref", "prohibited"],
  ["AIPREF y", { headers: { "content-usage": "train-ai=y" } }, "aipref", "allowed"],
  ["AIPREF any n wins", { headers: { "Content-Usage": ["train-ai=y", "train-ai=n"] } }, "aipref", "prohibited"],
  ["AIPREF upper case", { headers: { "CONTENT-USAGE": "Train-AI=N" } }, "aipref", "prohibited"],
  [
    "AIPREF among others",
    { headers: { "Content-Usage": "search=y, train-ai=n;exceptions=(x)" } },
    "aipref",
    "prohibited",
  ],
  ["AIPREF other category", { headers: { "Content-Usage": "search=n" } }, null, null],
  ["AIPREF unreadable", { headers: { "Content-Usage": "train-ai=maybe" } }, "aipref", "unreadable"],
  ["Content-Signal no", { headers: { "Content-Signal": "search=yes, ai-train=no" } }, "content_signal", "prohibited"],
  ["Content-Signal yes", { content_signal: "ai-train=yes" }, "content_signal", "allowed"],
  ["Content-Signal without training", { content_signal: "search=no" }, null, null],
  ["noai", { headers: { "X-Robots-Tag": "noai" } }, "noai", "prohibited"],
  [
    "noimageai, mixed case, agent prefix",
    { headers: { "x-robots-tag": "otherbot: NoImageAI, noindex" } },
    "noai",
    "prohibited",
  ],
  [
    "noai in a list of headers",
    { headers: { "X-Robots-Tag": ["noindex", "unavailable_after: 25 Jun 2030 15:00:00 PST", "NOAI"] } },
    "noai",
    "prohibited",
  ],
  ["noindex alone", { headers: { "X-Robots-Tag": "noindex, nofollow" } }, null, null],
  ["meta robots noai", { meta: { robots: "index, noai" } }, "noai", "prohibited"],
  ["bare noai", { noai: true }, "noai", "prohibited"],
  ["bare noai false", { noai: false, no_ai: "no" }, null, null],
  [
    "CAWG notAllowed",
    { c2pa: manifest("cawg.training-mining", { "cawg.ai_training": { use: "notAllowed" } }) },
    "c2pa",
    "prohibited",
  ],
  [
    "CAWG generative notAllowed",
    { c2pa: manifest("cawg.training-mining", { "cawg.ai_generative_training": { use: "NOTALLOWED" } }) },
    "c2pa",
    "prohibited",
  ],
  [
    "CAWG constrained",
    { c2pa: manifest("cawg.training-mining", { "cawg.ai_generative_training": { use: "constrained" } }) },
    "c2pa",
    "constrained",
  ],
  [
    "CAWG allowed",
    { c2pa: manifest("cawg.training-mining", { "cawg.ai_training": { use: "allowed" } }) },
    "c2pa",
    "allowed",
  ],
  [
    "CAWG inference only",
    { c2pa: manifest("cawg.training-mining", { "cawg.ai_inference": { use: "notAllowed" } }) },
    null,
    null,
  ],
  [
    "C2PA legacy label",
    { c2pa: manifest("c2pa.training-mining", { "c2pa.data_mining": { use: "notAllowed" } }) },
    "c2pa",
    "prohibited",
  ],
  [
    "C2PA repeated label",
    { c2pa: manifest("c2pa.training-mining__1", { "c2pa.ai_training": { use: "notAllowed" } }) },
    "c2pa",
    "prohibited",
  ],
  [
    "CAWG unknown use",
    { c2pa: manifest("cawg.training-mining", { "cawg.ai_training": { use: "perhaps" } }) },
    "c2pa",
    "unreadable",
  ],
  ["CAWG without entries", { c2pa: manifest("cawg.training-mining", null) }, "c2pa", "unreadable"],
  [
    "CAWG by its label alone",
    { "cawg.training-mining": { entries: { ai_training: { use: "notAllowed" } } } },
    "c2pa",
    "prohibited",
  ],
  ["C2PA other assertions", { c2pa: { assertions: [{ label: "c2pa.actions", data: {} }] } }, null, null],
  ["PLUS ALLOWED", plus("ALLOWED"), "plus", "allowed"],
  ["PLUS UNSPECIFIED", plus("UNSPECIFIED"), null, null],
  ["PLUS PROHIBITED", plus("PROHIBITED"), "plus", "prohibited"],
  ["PLUS AIMLTRAINING", plus("PROHIBITED-AIMLTRAINING"), "plus", "prohibited"],
  ["PLUS GENAIMLTRAINING", plus("PROHIBITED-GENAIMLTRAINING"), "plus", "prohibited"],
  ["PLUS search engines", plus("PROHIBITED-EXCEPTSEARCHENGINEINDEXING"), "plus", "prohibited"],
  ["PLUS SEECONSTRAINT", plus("PROHIBITED-SEECONSTRAINT"), "plus", "constrained"],
  ["PLUS SEEEMBEDDED", plus("PROHIBITED-SEEEMBEDDEDRIGHTSEXPR"), "plus", "constrained"],
  ["PLUS SEELINKED", plus("PROHIBITED-SEELINKEDRIGHTSEXPR"), "plus", "constrained"],
  ["PLUS lower case, bare", { data_mining: "dmi-prohibited" }, "plus", "prohibited"],
  ["PLUS unknown", plus("SOMETHING"), "plus", "unreadable"],
  [
    "robots.txt keeps an AI agent out",
    { url: "https://a.example/x.jpg", robots_txt: "User-agent: GPTBot\nDisallow: /\n" },
    "robots",
    "prohibited",
  ],
  ["robots.txt for other agents", { robots_txt: "User-agent: SomeBot\nDisallow: /\n" }, null, null],
  [
    "wrong types",
    { headers: "text", meta: [1], tdmrep: 7, c2pa: 9, xmp: null, robots_txt: {} },
    "tdmrep",
    "unreadable",
  ],
];

test(`${cases.length} opt-out signals are read as their protocols say`, () => {
  for (const [name, sidecar, signal, decision] of cases) {
    const found = readOptOuts({ source: "x.json", sidecar });
    const decisive = strongest(found) ?? found[0] ?? null;
    assert.deepEqual([decisive?.signal ?? null, decisive?.decision ?? null], [signal, decision], name);
  }
});

test("one refusal outweighs any number of agreements", () => {
  const found = readOptOuts({
    source: "x.json",
    sidecar: { headers: { "Content-Usage": "train-ai=y", "tdm-reservation": "0" }, noai: true },
  });
  assert.equal(found.length, 3);
  assert.equal(strongest(found)?.signal, "noai");
  assert.deepEqual(found.at(-1)?.evidence, { source: "x.json", field: "noai", value: "true" });
});

test("robots.txt: groups, longest match, allow on a tie, usage by path", () => {
  const text = `
# a comment
User-agent: CCBot
User-agent: img2dataset
Disallow: /private/
Allow: /private/open/

User-agent: *
Disallow: /tmp$
Content-Usage: /photos/ train-ai=n
Content-Usage: train-ai=y
Content-Signal: ai-train=yes
`;
  const decide = (path: string) =>
    readRobots(text, path, "robots").map(({ signal, decision }) => `${signal} ${decision}`);
  assert.deepEqual(decide("/private/a.jpg"), ["robots prohibited", "aipref allowed", "content_signal allowed"]);
  assert.deepEqual(decide("/private/open/a.jpg"), ["aipref allowed", "content_signal allowed"]);
  assert.deepEqual(decide("/photos/a.jpg"), ["aipref prohibited", "content_signal allowed"]);
  assert.deepEqual(decide("/tmp"), ["robots prohibited", "aipref allowed", "content_signal allowed"]);
  assert.deepEqual(decide("/tmp/a"), ["aipref allowed", "content_signal allowed"]);
  assert.deepEqual(readRobots("Disallow: /\nnonsense\n: :\n", "/", "robots"), []);
});

test("XMP is read by namespace, whatever the prefix, from attributes, resources and lists", () => {
  const packet = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description xmlns:p="http://ns.useplus.org/ldf/xmp/1.0/" xmlns:tdm="http://www.w3.org/ns/tdmrep/" xmlns:cc="http://creativecommons.org/ns#"
      xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:other="http://example.org/" p:DataMining="http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED" other:DataMining="x">
      <cc:license rdf:resource="https://creativecommons.org/licenses/by/4.0/"/>
      <tdm:reservation>1</tdm:reservation>
      <dc:rights><rdf:Alt><rdf:li xml:lang="x-default">Mine &amp; yours</rdf:li></rdf:Alt></dc:rights>
    </rdf:Description></rdf:RDF></x:xmpmeta>`;
  assert.deepEqual(readXmp(packet), {
    "plus:DataMining": "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED",
    "tdm:reservation": "1",
    "cc:license": "https://creativecommons.org/licenses/by/4.0/",
    "dc:rights": "Mine & yours",
  });
  assert.deepEqual(readXmp("no xml at all <<<>>>"), {});
  assert.deepEqual(readXmp(`xmlns:cc="http://creativecommons.org/ns#"${"<cc:license>".repeat(20_000)}`), {});
});

test("an assertion in the file that nobody reads here counts as a refusal", () => {
  const found = readOptOuts({
    source: "a.json",
    sidecar: {},
    file: "a.jpg",
    unreadAssertions: ["cawg.training-mining"],
  });
  assert.equal(strongest(found)?.decision, "unreadable");
  assert.equal(found[0]?.evidence.source, "a.jpg");
});
