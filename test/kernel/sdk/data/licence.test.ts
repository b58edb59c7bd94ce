import assert from "node:assert/strict";
import { test } from "node:test";
import type { LicenceClass } from "../../../../kernel/protocol/compliance.ts";
import { type Claim, type ClaimKind, classify, readLicence } from "../../../../kernel/sdk/data/index.ts";

type Expected = readonly [licenceClass: LicenceClass, id: string | null, terms?: string, jurisdiction?: string] | null;
const cc = "creative_commons";
const pd = "public_domain";
const fair = "fair_use_research";
const own = "copyrighted";

/** From the published definitions: Creative Commons' and SPDX's lists, rightsstatements.org, Flickr's API, and names as people write them. */
const cases: Record<ClaimKind, readonly (readonly [value: string, expected: Expected])[]> = {
  url: [
    ["https://creativecommons.org/licenses/by/4.0/", [cc, "CC-BY-4.0", "by"]],
    ["http://creativecommons.org/licenses/by/4.0", [cc, "CC-BY-4.0", "by"]],
    ["https://www.creativecommons.org/licenses/by-sa/4.0/deed.fr", [cc, "CC-BY-SA-4.0", "by sa"]],
    ["https://creativecommons.org/licenses/by-sa/4.0/legalcode.txt", [cc, "CC-BY-SA-4.0", "by sa"]],
    ["https://creativecommons.org/licenses/by-nc/4.0/?ref=openverse#deed", [cc, "CC-BY-NC-4.0", "by nc"]],
    ["HTTPS://CREATIVECOMMONS.ORG/LICENSES/BY-NC-ND/3.0/", [cc, "CC-BY-NC-ND-3.0", "by nc nd"]],
    ["//creativecommons.org/licenses/by-nd/2.0/", [cc, "CC-BY-ND-2.0", "by nd"]],
    ["creativecommons.org/licenses/by-nc-sa/2.5/", [cc, "CC-BY-NC-SA-2.5", "by nc sa"]],
    ["https://creativecommons.org/licenses/by/3.0/de/", [cc, "CC-BY-3.0-DE", "by", "de"]],
    ["https://creativecommons.org/licenses/by/3.0/de/deed.en", [cc, "CC-BY-3.0-DE", "by", "de"]],
    ["https://creativecommons.org/licenses/by/3.0/igo/", [cc, "CC-BY-3.0-IGO", "by", "igo"]],
    ["https://creativecommons.org/licenses/by-sa/2.0/uk/", [cc, "CC-BY-SA-2.0-UK", "by sa", "uk"]],
    ["https://creativecommons.org/licenses/by/2.5/scotland/", [cc, "LicenseRef-CC-BY-2.5-SCOTLAND", "by", "scotland"]],
    ["https://creativecommons.org/licenses/by-sa/2.1/jp/", [cc, "CC-BY-SA-2.1-JP", "by sa", "jp"]],
    ["https://creativecommons.org/licenses/by/2.1/jp/", [cc, "LicenseRef-CC-BY-2.1-JP", "by", "jp"]],
    ["https://creativecommons.org/licenses/by/", [cc, "LicenseRef-CC-BY", "by"]],
    ["https://creativecommons.org/licenses/by-nd-nc/1.0/", [cc, "CC-BY-NC-ND-1.0", "by nc nd"]],
    ["https://creativecommons.org/licenses/sa/1.0/", [cc, "CC-SA-1.0", "sa"]],
    ["https://creativecommons.org/licenses/nc/1.0/", [cc, "LicenseRef-CC-NC-1.0", "nc"]],
    ["https://creativecommons.org/licenses/nd/1.0/", [cc, "LicenseRef-CC-ND-1.0", "nd"]],
    ["https://creativecommons.org/licenses/nc-sa/1.0/", [cc, "LicenseRef-CC-NC-SA-1.0", "nc sa"]],
    ["https://creativecommons.org/licenses/nd-nc/1.0/", [cc, "LicenseRef-CC-ND-NC-1.0", "nc nd"]],
    ["https://creativecommons.org/licenses/sampling/1.0/", [cc, "LicenseRef-CC-SAMPLING-1.0", "by nc"]],
    ["https://creativecommons.org/licenses/sampling+/1.0/", [cc, "LicenseRef-CC-SAMPLING-PLUS-1.0", "by"]],
    ["https://creativecommons.org/licenses/nc-sampling%2B/1.0/", [cc, "LicenseRef-CC-NC-SAMPLING-PLUS-1.0", "by nc"]],
    ["https://creativecommons.org/licenses/devnations/2.0/", [own, "LicenseRef-CC-DEVNATIONS-2.0", "by"]],
    ["https://creativecommons.org/publicdomain/zero/1.0/", [pd, "CC0-1.0"]],
    ["https://creativecommons.org/publicdomain/zero/1.0/deed.en", [pd, "CC0-1.0"]],
    ["https://creativecommons.org/publicdomain/mark/1.0/", [pd, "CC-PDM-1.0"]],
    ["https://creativecommons.org/publicdomain/certification/1.0/us/", [pd, "CC-PDDC", "", "us"]],
    ["https://creativecommons.org/licenses/publicdomain/", [pd, "CC-PDDC", "", "us"]],
    ["http://rightsstatements.org/vocab/InC/1.0/", [own, "LicenseRef-RightsStatements-InC"]],
    ["https://rightsstatements.org/page/InC-EDU/1.0/?language=en", [fair, "LicenseRef-RightsStatements-InC-EDU"]],
    ["http://rightsstatements.org/vocab/NoC-US/1.0/", [pd, "LicenseRef-RightsStatements-NoC-US", "", "us"]],
    ["https://spdx.org/licenses/CC-BY-SA-4.0.html", [cc, "CC-BY-SA-4.0", "by sa"]],
    ["https://opensource.org/licenses/MIT", [cc, "MIT", "by"]],
    ["https://www.gnu.org/licenses/fdl-1.3.html", [cc, "GFDL-1.3-or-later", "by sa"]],
    ["https://artlibre.org/licence/lal/en/", [cc, "LAL-1.3", "by sa"]],
    ["https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/", [cc, "OGL-UK-3.0", "by", "uk"]],
    ["https://opendatacommons.org/licenses/odbl/1-0/", [cc, "ODbL-1.0", "by sa"]],
    ["https://opendatacommons.org/licenses/pddl/1-0/", [pd, "PDDL-1.0"]],
    ["https://www.usa.gov/government-works", [pd, "LicenseRef-US-Government-Work", "", "us"]],
    ["https://www.flickr.com/commons/usage/", ["unknown", "LicenseRef-Flickr-NoKnownRestrictions"]],
    ["https://unsplash.com/license", [own, "LicenseRef-Unsplash-License"]],
    ["https://www.shutterstock.com/license", [own, "LicenseRef-Rights-managed"]],
    ["https://creativecommons.org/licenses/by/5.0/", null],
    ["https://creativecommons.org/licenses/by/4.0/de/", null],
    ["https://creativecommons.org/licenses/by-xx/4.0/", null],
    ["https://creativecommons.org/licenses/nd-sa/4.0/", null],
    ["https://creativecommons.org/licenses/by/3.0/de/at/", null],
    ["https://creativecommons.org/licenses/", null],
    ["https://creativecommons.org/", null],
    ["https://creativecommons.org/publicdomain/zero/2.0/", null],
    ["https://creativecommons.org.example.com/licenses/by/4.0/", null],
    ["https://creativecommons.org@example.com/licenses/by/4.0/", null],
    ["https://example.com/?u=https://creativecommons.org/licenses/by/4.0/", null],
    ["https://creativecommons.org:8080/licenses/by/4.0/", null],
    ["javascript:creativecommons.org/licenses/by/4.0/", null],
    ["https://creativecommons.org/licenses/by/4.0/ and more", null],
    [`https://creativecommons.org/licenses/by/4.0/${"x".repeat(1000)}`, null],
    ["https://creativecommons.org/licenses/%zz/4.0/", null],
    ["http://rightsstatements.org/vocab/XYZ/1.0/", null],
    ["http://rightsstatements.org/vocab/InC/2.0/", null],
    ["not a url", null],
    ["", null],
  ],
  spdx: [
    ["CC-BY-4.0", [cc, "CC-BY-4.0", "by"]],
    ["cc-by-nc-nd-4.0", [cc, "CC-BY-NC-ND-4.0", "by nc nd"]],
    ["CC-BY-3.0-AT", [cc, "CC-BY-3.0-AT", "by", "at"]],
    ["CC0-1.0", [pd, "CC0-1.0"]],
    ["CC-PDDC", [pd, "CC-PDDC", "", "us"]],
    ["CC-PDM-1.0", [pd, "CC-PDM-1.0"]],
    ["CC-SA-1.0", [cc, "CC-SA-1.0", "sa"]],
    ["Unlicense", [pd, "Unlicense"]],
    ["PDDL-1.0", [pd, "PDDL-1.0"]],
    ["MIT", [cc, "MIT", "by"]],
    ["apache-2.0", [cc, "Apache-2.0", "by"]],
    ["GPL-3.0-or-later", [cc, "GPL-3.0-or-later", "by sa"]],
    ["GPL-2.0+", [cc, "GPL-2.0+", "by sa"]],
    ["GPL-3.0-only WITH Classpath-exception-2.0", [cc, "GPL-3.0-only", "by sa"]],
    ["LAL-1.3", [cc, "LAL-1.3", "by sa"]],
    ["OGL-UK-3.0", [cc, "OGL-UK-3.0", "by"]],
    ["etalab-2.0", [cc, "etalab-2.0", "by"]],
    ["C-UDA-1.0", [fair, "C-UDA-1.0", "by"]],
    ["BUSL-1.1", ["unknown", "BUSL-1.1"]],
    ["LicenseRef-mine", ["unknown", "LicenseRef-mine"]],
    ["CC-BY-4.0 OR CC-BY-NC-4.0", [cc, "CC-BY-4.0", "by"]],
    ["CC0-1.0 OR BUSL-1.1", [pd, "CC0-1.0"]],
    ["CC-BY-4.0 AND CC-BY-NC-4.0", [cc, "CC-BY-4.0 AND CC-BY-NC-4.0", "by nc"]],
    ["CC-BY-4.0 AND BUSL-1.1", ["unknown", "CC-BY-4.0 AND BUSL-1.1", "by"]],
    ["(CC-BY-4.0 OR MIT) AND CC0-1.0", [cc, "CC0-1.0 AND CC-BY-4.0", "by"]],
    ["CC-BY", null],
    ["CC-BY-9.0", null],
    ["NONE", null],
    ["MIT OR", null],
    ["((((", null],
    ["MIT OR ".repeat(200), null],
  ],
  cc_code: [
    ["by", [cc, "LicenseRef-CC-BY", "by"]],
    ["by-nc-sa", [cc, "LicenseRef-CC-BY-NC-SA", "by nc sa"]],
    ["cc0", [pd, "CC0-1.0"]],
    ["pdm", [pd, "CC-PDM-1.0"]],
    ["sampling+", [cc, "LicenseRef-CC-SAMPLING-PLUS", "by"]],
    ["BY-SA", [cc, "LicenseRef-CC-BY-SA", "by sa"]],
    ["by-by", null],
    ["toString", null],
    ["__proto__", null],
  ],
  flickr: [
    ["0", [own, "LicenseRef-AllRightsReserved"]],
    ["1", [cc, "CC-BY-NC-SA-2.0", "by nc sa"]],
    ["2", [cc, "CC-BY-NC-2.0", "by nc"]],
    ["3", [cc, "CC-BY-NC-ND-2.0", "by nc nd"]],
    ["4", [cc, "CC-BY-2.0", "by"]],
    ["5", [cc, "CC-BY-SA-2.0", "by sa"]],
    ["6", [cc, "CC-BY-ND-2.0", "by nd"]],
    ["7", ["unknown", "LicenseRef-Flickr-NoKnownRestrictions"]],
    ["8", [pd, "LicenseRef-US-Government-Work", "", "us"]],
    ["9", [pd, "CC0-1.0"]],
    ["10", [pd, "CC-PDM-1.0"]],
    ["11", [cc, "CC-BY-4.0", "by"]],
    ["12", [cc, "CC-BY-SA-4.0", "by sa"]],
    ["13", [cc, "CC-BY-ND-4.0", "by nd"]],
    ["14", [cc, "CC-BY-NC-4.0", "by nc"]],
    ["15", [cc, "CC-BY-NC-SA-4.0", "by nc sa"]],
    ["16", [cc, "CC-BY-NC-ND-4.0", "by nc nd"]],
    ["17", null],
    ["-1", null],
    ["4.0", null],
  ],
  statement: [
    ["InC", [own, "LicenseRef-RightsStatements-InC"]],
    ["inc-edu", [fair, "LicenseRef-RightsStatements-InC-EDU"]],
    ["InC-NC", [fair, "LicenseRef-RightsStatements-InC-NC", "nc"]],
    ["InC-OW-EU", [own, "LicenseRef-RightsStatements-InC-OW-EU", "", "eu"]],
    ["InC-RUU", [own, "LicenseRef-RightsStatements-InC-RUU"]],
    ["NoC-CR", [own, "LicenseRef-RightsStatements-NoC-CR"]],
    ["NoC-NC", [fair, "LicenseRef-RightsStatements-NoC-NC", "nc"]],
    ["NoC-OKLR", [own, "LicenseRef-RightsStatements-NoC-OKLR"]],
    ["NoC-US", [pd, "LicenseRef-RightsStatements-NoC-US", "", "us"]],
    ["CNE", ["unknown", "LicenseRef-RightsStatements-CNE"]],
    ["UND", ["unknown", "LicenseRef-RightsStatements-UND"]],
    ["NKC", ["unknown", "LicenseRef-RightsStatements-NKC"]],
    ["https://creativecommons.org/publicdomain/mark/1.0/", [pd, "CC-PDM-1.0"]],
  ],
  licence: [
    ["CC BY 4.0", [cc, "CC-BY-4.0", "by"]],
    ["CC BY-SA 3.0 DE", [cc, "CC-BY-SA-3.0-DE", "by sa", "de"]],
    ["cc_by_nc_4.0", [cc, "CC-BY-NC-4.0", "by nc"]],
    ["CC-BY-SA", [cc, "LicenseRef-CC-BY-SA", "by sa"]],
    ["Creative Commons Attribution 2.5 Generic", [cc, "CC-BY-2.5", "by"]],
    ["Creative Commons Attribution-ShareAlike 3.0 Unported (CC BY-SA 3.0)", [cc, "CC-BY-SA-3.0", "by sa"]],
    ["Creative Commons Attribution-Share Alike 4.0", [cc, "CC-BY-SA-4.0", "by sa"]],
    [
      "Creative Commons Attribution-NonCommercial-NoDerivatives 4.0 International License",
      [cc, "CC-BY-NC-ND-4.0", "by nc nd"],
    ],
    ["Creative Commons Attribution Non-Commercial No-Derivs 3.0", [cc, "CC-BY-NC-ND-3.0", "by nc nd"]],
    ["CC0", [pd, "CC0-1.0"]],
    ["CC0 1.0 Universal Public Domain Dedication", [pd, "CC0-1.0"]],
    ["Creative Commons Zero", [pd, "CC0-1.0"]],
    ["Public Domain Mark 1.0", [pd, "CC-PDM-1.0"]],
    ["Public domain", [pd, "LicenseRef-PublicDomain"]],
    ["cc-by-4.0", [cc, "CC-BY-4.0", "by"]],
    ["apache-2.0", [cc, "Apache-2.0", "by"]],
    ["All Rights Reserved.", [own, "LicenseRef-AllRightsReserved"]],
    ["© 2021 A. Person. All rights reserved.", [own, "LicenseRef-AllRightsReserved"]],
    ["Fair use", [fair, "LicenseRef-US-Fair-Use", "", "us"]],
    ["Research use only", [fair, "LicenseRef-Research-Only", "nc"]],
    ["Free Art License", [cc, "LicenseRef-FAL", "by sa"]],
    ["GFDL 1.2", [cc, "GFDL-1.2-or-later", "by sa"]],
    ["Open Government Licence v3.0", [cc, "OGL-UK-3.0", "by", "uk"]],
    ["Getty Images License", [own, "LicenseRef-Getty-Images-License"]],
    ["creativeml-openrail-m", [own, "LicenseRef-creativeml-openrail-m"]],
    ["Creative Commons", ["unknown", null]],
    ["cc", ["unknown", null]],
    ["free to use", ["unknown", null]],
    ["CC BY-SA 4.0 or ask me", null],
    ["CC BY-SA-ND 4.0", null],
    ["BY-SA", null],
    ["not CC BY", null],
    ["4", null],
    ["{}", null],
    ["😀", null],
    [`CC BY ${"4.0 ".repeat(10_000)}`, null],
  ],
  text: [
    ["CC BY 4.0", [cc, "CC-BY-4.0", "by"]],
    ["Photo by a friend", null],
  ],
};

const count = Object.values(cases).flat().length;

test(`${count} ways to write a licence are read as their definitions say, and nothing else is allowed`, () => {
  assert.ok(count >= 150);
  for (const [kind, rows] of Object.entries(cases) as [ClaimKind, (typeof cases)[ClaimKind]][]) {
    for (const [value, expected] of rows) {
      const found = readLicence(kind, value);
      const place = `${kind} ${JSON.stringify(value.slice(0, 80))}`;
      if (expected === null) {
        assert.equal(found, null, place);
        continue;
      }
      const [licenceClass, id, terms = "", jurisdiction = null] = expected;
      assert.ok(found, place);
      const flags = Object.entries(found.flags)
        .filter(([, set]) => set)
        .map(([flag]) => flag)
        .sort()
        .join(" ");
      assert.deepEqual(
        { class: found.licenceClass, id: found.id, flags, jurisdiction: found.jurisdiction },
        { class: licenceClass, id, flags: terms, jurisdiction },
        place,
      );
    }
  }
});

test("the address that a licence is given leads back to the same licence", () => {
  for (const [value, expected] of [
    ...cases.url,
    ...cases.spdx,
    ...cases.licence,
    ...cases.flickr.map(([v, e]) => [v, e] as const),
  ]) {
    if (expected === null || expected[0] === "unknown" || value.includes(" OR ") || value.includes(" AND ")) continue;
    const found = readLicence(/^\d+$/.test(value) ? "flickr" : "licence", value);
    if (!found?.url || !/creativecommons|rightsstatements|spdx/.test(found.url)) continue;
    const again = readLicence("url", found.url);
    assert.ok(again, `${value} → ${found.url}`);
    if (!found.id?.endsWith("+")) assert.equal(again.id, found.id, found.url);
  }
});

const claim = (kind: ClaimKind, field: string, value: string, level: Claim["level"] = "item"): Claim => ({
  kind,
  field,
  value,
  level,
  source: "x.json",
});

test("fields that agree give the most particular reading", () => {
  const { licence, evidence } = classify([
    claim("licence", "license", "CC BY-SA"),
    claim("url", "license_url", "https://creativecommons.org/licenses/by-sa/3.0/de/"),
  ]);
  assert.equal(licence.id, "CC-BY-SA-3.0-DE");
  assert.equal(licence.conflict, false);
  assert.equal(evidence.length, 2);
});

test("fields of different classes contradict each other: unknown, with both as evidence", () => {
  const { licence, evidence } = classify([
    claim("licence", "license", "CC BY 4.0"),
    claim("statement", "rights", "http://rightsstatements.org/vocab/InC/1.0/"),
  ]);
  assert.equal(licence.licenceClass, "unknown");
  assert.equal(licence.conflict, true);
  assert.match(licence.reason, /license and rights contradict/);
  assert.deepEqual(
    evidence.map(({ field }) => field),
    ["license", "rights"],
  );
});

test("fields of one class with different terms give the terms of both", () => {
  const { licence } = classify([
    claim("licence", "license", "CC BY-SA 4.0"),
    claim("url", "license_url", "https://creativecommons.org/licenses/by-nc-nd/4.0/"),
  ]);
  assert.equal(licence.licenceClass, "creative_commons");
  assert.deepEqual(licence.flags, { by: true, sa: true, nc: true, nd: true });
  assert.equal(licence.conflict, true);
});

test("two versions of one licence are a conflict, the class stays", () => {
  const { licence } = classify([
    claim("licence", "license", "CC BY 2.0"),
    claim("url", "license_url", "https://creativecommons.org/licenses/by/4.0/"),
  ]);
  assert.equal(licence.conflict, true);
  assert.equal(licence.licenceClass, "creative_commons");
});

test("one field that cannot be read makes the licence unknown, whatever the others say", () => {
  const { licence } = classify([
    claim("url", "license_url", "https://creativecommons.org/licenses/by/4.0/"),
    claim("licence", "license", "my own terms"),
  ]);
  assert.equal(licence.licenceClass, "unknown");
  assert.match(licence.reason, /license is not a licence that can be read/);
});

test("free text that says nothing is passed over, free text that forbids is not", () => {
  const by = claim("url", "license_url", "https://creativecommons.org/licenses/by/4.0/");
  assert.equal(classify([by, claim("text", "rights", "Photo by a friend")]).licence.id, "CC-BY-4.0");
  assert.equal(classify([by, claim("text", "rights", "All rights reserved")]).licence.licenceClass, "unknown");
});

test("an item's own licence outranks an embedded one, and that a licence of the collection", () => {
  const item = claim("licence", "license", "CC BY-NC 4.0");
  const embedded = claim("url", "cc:license", "https://creativecommons.org/licenses/by-sa/4.0/", "embedded");
  const collection = claim("licence", "licence", "CC0-1.0", "collection");
  assert.equal(classify([collection, embedded, item]).licence.id, "CC-BY-NC-4.0");
  assert.equal(classify([collection, embedded]).licence.id, "CC-BY-SA-4.0");
  assert.equal(classify([collection]).licence.id, "CC0-1.0");
  assert.equal(classify([collection, claim("licence", "license", "gibberish")]).licence.licenceClass, "unknown");
});

test("nothing said is unknown", () => {
  assert.equal(classify([]).licence.licenceClass, "unknown");
  assert.equal(classify([]).licence.reason, "no licence is given");
});

test("long values are cut in the evidence", () => {
  const { evidence } = classify([claim("text", "rights", "x".repeat(100_000))]);
  assert.ok(evidence[0]!.value.length < 400);
});
