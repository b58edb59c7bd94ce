import type { ComplianceMode, LicenceClass } from "../../protocol/compliance.ts";
import type { ArtifactRef } from "../../protocol/media.ts";
import type { MimeBundle } from "../../protocol/mime.ts";
import { cellContext } from "../host.ts";
import type { Lora, LoraLayer } from "../lora/index.ts";
import { type Displayable, displaySymbol, lineChart, table, type View } from "../media/index.ts";

/** What a run of `train.lora` has made. */
export interface TrainedLoraFacts extends Lora {
  /** The safetensors file in the store. */
  readonly artifact: ArtifactRef;
  /** The file that `output` asked for, as an absolute path. */
  readonly file: string | undefined;
  /** Loss of each step, before its update. */
  readonly losses: readonly number[];
  readonly rank: number;
  readonly alpha: number;
  readonly steps: number;
  readonly seed: number;
  /** Id of the model that it adapts. */
  readonly base: string;
  readonly dataset: { readonly name: string; readonly sha256: string; readonly size: number };
  /** The mode that the data set was built in. */
  readonly mode: ComplianceMode;
  /** The class of the LoRA with its base: what must be disclosed of it. */
  readonly combinedClass: LicenceClass;
}

/** A trained LoRA: goes into `generate.image({ loras: [{ lora, weight }] })`, and shows itself as a table. */
export class TrainedLora implements TrainedLoraFacts, Displayable {
  readonly name: string;
  readonly layers: readonly LoraLayer[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly unknownKeys: readonly string[];
  readonly sha256: string;
  readonly bytes: number;
  readonly licenceClass: LicenceClass;
  readonly artifact: ArtifactRef;
  readonly file: string | undefined;
  readonly losses: readonly number[];
  readonly rank: number;
  readonly alpha: number;
  readonly steps: number;
  readonly seed: number;
  readonly base: string;
  readonly dataset: { readonly name: string; readonly sha256: string; readonly size: number };
  readonly mode: ComplianceMode;
  readonly combinedClass: LicenceClass;

  constructor(facts: TrainedLoraFacts) {
    this.name = facts.name;
    this.layers = facts.layers;
    this.metadata = facts.metadata;
    this.unknownKeys = facts.unknownKeys;
    this.sha256 = facts.sha256;
    this.bytes = facts.bytes;
    this.licenceClass = facts.licenceClass;
    this.artifact = facts.artifact;
    this.file = facts.file;
    this.losses = facts.losses;
    this.rank = facts.rank;
    this.alpha = facts.alpha;
    this.steps = facts.steps;
    this.seed = facts.seed;
    this.base = facts.base;
    this.dataset = facts.dataset;
    this.mode = facts.mode;
    this.combinedClass = facts.combinedClass;
  }

  /** The loss over the steps; single steps are noisy, so a moving average stands in front. */
  chart(): View {
    const options = { title: `Training loss of ${this.name}`, xLabel: "step", yLabel: "loss", smooth: 0.95 };
    return lineChart([{ name: this.name, y: this.losses }], options);
  }

  [displaySymbol](): MimeBundle {
    cellContext().record({ type: "shown", what: [{ sha256: this.sha256 }] });
    const last = this.losses.slice(-Math.max(1, Math.round(this.losses.length / 10)));
    const row = {
      LoRA: this.name,
      base: this.base,
      "data set": `${this.dataset.name} (${this.dataset.size} pictures)`,
      mode: this.mode,
      "licence class": this.combinedClass,
      rank: this.rank,
      steps: this.steps,
      "mean loss, last tenth": last.length > 0 ? last.reduce((sum, loss) => sum + loss, 0) / last.length : null,
      bytes: this.bytes,
      sha256: `${this.sha256.slice(0, 12)}…`,
    };
    return table([row]).bundle;
  }

  toString(): string {
    return `LoRA ${this.name} of ${this.base}: rank ${this.rank}, ${this.steps} steps on ${this.dataset.name} (${this.combinedClass})`;
  }
}
