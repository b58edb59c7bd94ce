import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ComplianceError,
  type ComplianceMode,
  complianceModes,
  defaultPolicy,
  gateDataset,
  gateGeneration,
  gateTraining,
  inheritedTerms,
  type Licence,
  type LicenceClass,
  licenceClasses,
  modelClass,
  modeWithin,
  type OptOut,
  outputClass,
  policy,
  type Standing,
  unknownLicence,
  verdict,
  worstClass,
} from "../../../../kernel/sdk/compliance/index.ts";

const licence = (licenceClass: LicenceClass, changes: Partial<Licence> = {}): Licence => ({
  ...unknownLicence("no licence is given"),
  licenceClass,
  ...changes,
});
const item = (
  licenceClass: LicenceClass,
  changes: Partial<Licence> = {},
  optOuts: readonly OptOut[] = [],
): Standing => ({ licence: licence(licenceClass, changes), optOuts });
const optOut = (decision: OptOut["decision"], signal: OptOut["signal"] = "aipref"): OptOut => ({
  signal,
  decision,
  detail: "",
  evidence: { source: "x", field: "y", value: "z" },
});

const admittedBy: Record<LicenceClass, readonly ComplianceMode[]> = {
  public_domain: ["open_source_only", "research_safe", "full_dataset"],
  creative_commons: ["open_source_only", "research_safe", "full_dataset"],
  fair_use_research: ["research_safe", "full_dataset"],
  copyrighted: ["full_dataset"],
  unknown: ["full_dataset"],
};

test("each mode admits its classes and gives a rule, a reason and an alternative for the rest", () => {
  for (const licenceClass of licenceClasses) {
    for (const mode of complianceModes) {
      const found = verdict(item(licenceClass), mode);
      assert.equal(found.admitted, admittedBy[licenceClass].includes(mode), `${licenceClass} in ${mode}`);
      assert.ok(found.rule.length > 0 && found.reason.length > 0);
      assert.equal(found.alternative === null, found.admitted);
    }
  }
  assert.equal(verdict(item("unknown"), "open_source_only").rule, "class.unknown");
  assert.equal(verdict(item("unknown", { conflict: true }), "open_source_only").rule, "class.conflict");
  assert.match(verdict(item("fair_use_research"), "open_source_only").alternative!, /^Mode “Research safe” admits it$/);
  assert.match(
    verdict(item("copyrighted"), "open_source_only").alternative!,
    /^Only mode “Full dataset”, which is for comparison, admits it$/,
  );
});

test("an opt-out excludes in the first two modes, however free the licence; constrained and unreadable ones too", () => {
  for (const decision of ["prohibited", "constrained", "unreadable"] as const) {
    for (const mode of ["open_source_only", "research_safe"] as const) {
      const found = verdict(item("public_domain", {}, [optOut("allowed", "plus"), optOut(decision)]), mode);
      assert.deepEqual([found.admitted, found.rule], [false, "optout.aipref"]);
    }
    assert.equal(verdict(item("public_domain", {}, [optOut(decision)]), "full_dataset").admitted, true);
  }
  assert.equal(verdict(item("public_domain", {}, [optOut("allowed")]), "open_source_only").admitted, true);
});

test("a basis that the policy names overrides an opt-out, not the class", () => {
  const research = policy({ optOutsOverriddenBy: ["eu_art3"] });
  const withBasis = item("creative_commons", { basis: "eu_art3" }, [optOut("prohibited")]);
  assert.equal(verdict(withBasis, "research_safe", research).admitted, true);
  assert.equal(verdict(withBasis, "research_safe").admitted, false);
  assert.equal(
    verdict(item("copyrighted", { basis: "contract" }, [optOut("prohibited")]), "open_source_only").rule,
    "mode.class",
  );
  assert.equal(
    verdict(item("creative_commons", { basis: "contract" }, [optOut("prohibited")]), "open_source_only").admitted,
    true,
  );
});

test("a policy may exclude terms and jurisdictions; full_dataset stays full", () => {
  const strict = policy({ excludeFlags: ["nc", "nd"], excludeJurisdictions: ["US"] });
  const nc = item("creative_commons", { flags: { by: true, sa: false, nc: true, nd: false } });
  assert.equal(verdict(nc, "open_source_only", strict).rule, "flag.nc");
  assert.equal(verdict(nc, "open_source_only").admitted, true);
  assert.equal(verdict(nc, "full_dataset", strict).admitted, true);
  assert.equal(verdict(item("public_domain", { jurisdiction: "us" }), "open_source_only", strict).rule, "jurisdiction");
});

test("equal rules have equal versions, other rules other ones", () => {
  assert.equal(policy(), defaultPolicy);
  assert.equal(policy({ base: "gate" }).version, "assay-policy-1");
  const a = policy({ excludeFlags: ["nd", "nc"] });
  assert.equal(a.version, policy({ excludeFlags: ["nc", "nd", "nd"] }).version);
  assert.match(a.version, /^assay-policy-1\+[0-9a-f]{8}$/);
  assert.notEqual(a.version, policy({ excludeFlags: ["nc"] }).version);
  assert.notEqual(policy({ base: "disclose" }).version, "assay-policy-1");
});

test("classes follow what things are made from", () => {
  assert.equal(worstClass(["public_domain", "fair_use_research", "creative_commons"]), "fair_use_research");
  assert.equal(worstClass([]), "unknown");
  assert.equal(modelClass(["creative_commons"], "public_domain"), "creative_commons");
  assert.equal(modelClass(["creative_commons"], "unknown"), "unknown");
  assert.equal(outputClass([{ licenceClass: "public_domain" }, { licenceClass: "copyrighted" }]), "copyrighted");
});

test("the terms of many licences add up, and tensions are said", () => {
  const terms = inheritedTerms([
    {
      licence: licence("creative_commons", { id: "CC-BY-SA-3.0", flags: { by: true, sa: true, nc: false, nd: false } }),
    },
    {
      licence: licence("creative_commons", { id: "CC-BY-SA-4.0", flags: { by: true, sa: true, nc: false, nd: false } }),
    },
    {
      licence: licence("creative_commons", { id: "CC-BY-NC-4.0", flags: { by: true, sa: false, nc: true, nd: false } }),
    },
    { licence: licence("public_domain", { id: "CC0-1.0" }) },
  ]);
  assert.deepEqual(terms.flags, { by: true, sa: true, nc: true, nd: false });
  assert.equal(terms.licenceClass, "creative_commons");
  assert.deepEqual(terms.tensions, ["share-alike without NC beside non-commercial items"]);
  assert.equal(inheritedTerms([]).licenceClass, "unknown");
});

const refused = (body: () => unknown, rule: string, item: RegExp) =>
  assert.throws(body, (error: unknown) => {
    assert.ok(error instanceof ComplianceError);
    assert.equal(error.rule, rule);
    assert.equal(error.code, `compliance.${rule}`);
    assert.match(error.item, item);
    assert.ok(error.alternative.length > 10);
    assert.ok(error.message.includes(error.alternative));
    return true;
  });

test("a data set of a wider mode is refused, of the same or a narrower one it is not", () => {
  refused(() => gateDataset({ name: "d", mode: "full_dataset" }, "research_safe"), "dataset.mode", /data set d/);
  gateDataset({ name: "d", mode: "open_source_only" }, "research_safe");
  assert.equal(modeWithin("research_safe", "open_source_only"), false);
});

test("training needs a base that the data set's mode admits; disclosing is the policy's choice", () => {
  const dataset = { name: "d", mode: "open_source_only", licenceClass: "creative_commons" } as const;
  assert.deepEqual(gateTraining({ dataset, base: { id: "tiny", licenceClass: "public_domain" } }, "full_dataset"), {
    licenceClass: "creative_commons",
    disclosure: null,
  });
  refused(
    () => gateTraining({ dataset, base: { id: "sd", licenceClass: "unknown" } }, "full_dataset"),
    "base.class",
    /base model sd/,
  );
  const disclosed = gateTraining(
    { dataset, base: { id: "sd", licenceClass: "unknown" } },
    "full_dataset",
    policy({ base: "disclose" }),
  );
  assert.equal(disclosed.licenceClass, "unknown");
  assert.match(disclosed.disclosure!, /made with sd/);
  const wrong = { ...dataset, licenceClass: "copyrighted" } as const;
  refused(
    () => gateTraining({ dataset: wrong, base: { id: "tiny", licenceClass: "public_domain" } }, "full_dataset"),
    "mode.class",
    /data set d/,
  );
});

test("generation refuses a LoRA outside of the mode, also where bases are only disclosed", () => {
  const base = { id: "tiny", kind: "base", licenceClass: "public_domain" } as const;
  const lora = { id: "l", kind: "lora", licenceClass: "copyrighted" } as const;
  refused(() => gateGeneration([base, lora], "open_source_only", policy({ base: "disclose" })), "lora.class", /LoRA l/);
  assert.equal(gateGeneration([base, lora], "full_dataset").licenceClass, "copyrighted");
  assert.equal(gateGeneration([base], "open_source_only").disclosure, null);
});
