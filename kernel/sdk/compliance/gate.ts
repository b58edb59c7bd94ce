import { classPhrase, modePhrase, modeWithId } from "../../protocol/classes.ts";
import type { ComplianceMode, LicenceClass } from "../../protocol/compliance.ts";
import { ComplianceError } from "./compliance-error.ts";
import { modelClass, outputClass } from "./lineage.ts";
import { defaultPolicy, type Policy } from "./policy.ts";
import { modeWithin } from "./verdict.ts";

/** A data set, as far as its compliance goes. */
export interface DatasetStanding {
  readonly name: string;
  /** The mode it was built in. */
  readonly mode: ComplianceMode;
  /** The class of its least free item. */
  readonly licenceClass: LicenceClass;
}

/** A model or a LoRA, as far as its compliance goes. */
export interface ModelStanding {
  readonly id: string;
  readonly kind: "base" | "lora";
  /** The class of a base model; of a LoRA the class of the data it was trained on, without its base. */
  readonly licenceClass: LicenceClass;
}

/** A permission to go on. */
export interface Clearance {
  /** The class of what will be made. */
  readonly licenceClass: LicenceClass;
  /** Set when the policy discloses instead of refusing: every output must say it. */
  readonly disclosure: string | null;
}

/** Refuses a data set that was built in a wider mode than the one at hand. @throws ComplianceError `dataset.mode`. */
export function gateDataset(dataset: Pick<DatasetStanding, "name" | "mode">, mode: ComplianceMode): void {
  if (modeWithin(dataset.mode, mode)) return;
  throw new ComplianceError({
    item: `data set ${dataset.name}`,
    rule: "dataset.mode",
    reason: `it is built in ${modePhrase(dataset.mode)}, and the notebook's ${modePhrase(mode)} is narrower`,
    alternative: `Build it in mode ${modeWithId(mode)}, or set the notebook's mode to ${modeWithId(dataset.mode)}`,
  });
}

/** Refuses a model whose class the mode does not admit, or tells what must be disclosed. @throws ComplianceError `base.class`, `lora.class`. */
export function gateModel(model: ModelStanding, mode: ComplianceMode, policy: Policy = defaultPolicy): string | null {
  if (policy.admits[mode].includes(model.licenceClass)) return null;
  const reason = `it is of ${classPhrase(model.licenceClass)}, which ${modePhrase(mode)} does not admit`;
  if (model.kind === "base" && policy.base === "disclose") return `made with ${model.id}: ${reason}`;
  const wider = (["research_safe", "full_dataset"] as const).find((other) =>
    policy.admits[other].includes(model.licenceClass),
  );
  const use = wider ? `set the notebook's mode to ${modeWithId(wider)}` : "leave it out";
  throw new ComplianceError({
    item: `${model.kind === "base" ? "base model" : "LoRA"} ${model.id}`,
    rule: `${model.kind}.class`,
    reason,
    alternative:
      model.kind === "base"
        ? `Use a base model of a class that the mode admits, ${use}, or choose a policy with base: disclose`
        : `Use a LoRA trained on data that the mode admits, or ${use}`,
  });
}

/** Whether a LoRA may be trained here: data set and base must both fit the mode. @throws ComplianceError */
export function gateTraining(
  request: { readonly dataset: DatasetStanding; readonly base: Omit<ModelStanding, "kind"> },
  mode: ComplianceMode,
  policy: Policy = defaultPolicy,
): Clearance {
  const { dataset, base } = request;
  gateDataset(dataset, mode);
  if (!policy.admits[dataset.mode].includes(dataset.licenceClass)) {
    throw new ComplianceError({
      item: `data set ${dataset.name}`,
      rule: "mode.class",
      reason: `it holds items of ${classPhrase(dataset.licenceClass)}, which its ${modePhrase(dataset.mode)} does not admit`,
      alternative: "Build the data set again from its collection",
    });
  }
  const disclosure = gateModel({ ...base, kind: "base" }, dataset.mode, policy);
  return { licenceClass: modelClass([dataset.licenceClass], base.licenceClass), disclosure };
}

/** Whether these models may make an output here. @throws ComplianceError */
export function gateGeneration(
  models: readonly ModelStanding[],
  mode: ComplianceMode,
  policy: Policy = defaultPolicy,
): Clearance {
  const disclosures = models.flatMap((model) => gateModel(model, mode, policy) ?? []);
  return { licenceClass: outputClass(models), disclosure: disclosures.length > 0 ? disclosures.join("; ") : null };
}
