import { licenceClassNames } from "../../kernel/protocol/classes.ts";
import type { ComplianceOutput, ImagesOutput, TableOutput } from "../../kernel/protocol/outputs.ts";
import type { RecordOutput } from "../../kernel/protocol/record-output.ts";
import { encodePng } from "../../kernel/sdk/media/png.ts";
import { captionOf, renderScene, STYLES, sampleScene } from "../../models/build/scenes/index.ts";
import { numbers } from "../support/numbers.ts";

export { numbers } from "../support/numbers.ts";

const pictures = new Map<string, { prompt: string; base64: string }>();

function picture(seed: number, style: (typeof STYLES)[number], size = 64) {
  const key = `${seed} ${style} ${size}`;
  const known = pictures.get(key) ?? draw(seed, style, size);
  pictures.set(key, known);
  return known;
}

function draw(seed: number, style: (typeof STYLES)[number], size: number) {
  const scene = sampleScene(numbers(seed), { styles: [style] });
  const { rgb } = renderScene(scene, { size });
  const png = encodePng({ width: size, height: size, channels: 3, data: rgb });
  return { prompt: captionOf(scene), base64: Buffer.from(png).toString("base64") };
}

const modes = ["open_source_only", "research_safe", "full_dataset"] as const;
const classes = ["creative_commons", "fair_use_research", "unknown"] as const;

/** Prompts × modes, as the sample notebook shows it. */
export function gridExample(): ImagesOutput {
  const styles = ["clay", "watercolour", "neon"] as const;
  const prompts = [11, 12, 13, 14].map((seed) => picture(seed, "clay", 8).prompt);
  return {
    title: "The same prompts, one LoRA per mode (synthetic)",
    layout: "grid",
    rows: prompts,
    columns: ["open_source_only", "research_safe", "full_dataset"],
    items: prompts.flatMap((prompt, row) =>
      modes.map((mode, column) => {
        const { base64 } = picture(11 + row, styles[column]!);
        return {
          media: { mime: "image/png", base64 },
          width: 64,
          height: 64,
          alt: prompt,
          prompt,
          negativePrompt: "blurred",
          seed: 7 + row,
          model: "tiny-scenes",
          loras: [{ name: `style-${mode}`, weight: 1 }],
          mode,
          licenceClass: classes[column]!,
          badges: { CLIP: (0.24 + row * 0.013 + column * 0.02).toFixed(3) },
          row: prompt,
          column: mode,
        };
      }),
    ),
  };
}

/** Prompts × models × modes: modes under models, with summaries of columns, groups and rows. */
export function comparisonExample(): ImagesOutput {
  const { rows = [], items, ...grid } = gridExample();
  const models = ["tiny-scenes", "tiny-scenes + style LoRA", "base, untrained"];
  const all = models.flatMap((model, at) =>
    items
      // The untrained base has no modes to compare.
      .filter((item) => at < 2 || item.mode === "open_source_only")
      .map((item) => ({
        ...item,
        model,
        group: model,
        // In the base the rows rank the other way round than in the other models.
        badges: {
          CLIP: (at < 2 ? Number(item.badges?.CLIP) + 0.02 * at : 0.3 - 0.01 * rows.indexOf(item.row ?? "")).toFixed(3),
        },
      })),
  );
  return {
    ...grid,
    title: "Prompts × models × modes (synthetic)",
    rows,
    groups: models,
    items: all,
    summaries: [
      ...models.map((group, at) => ({ group, badges: { KID: (4.271 - at).toFixed(3) } })),
      { column: "full_dataset", group: models[0]!, badges: { images: "4" } },
      { row: rows[2]!, badges: { difficulty: "0.81" } },
    ],
  };
}

/** A plain gallery. */
export function galleryExample(count = 14): ImagesOutput {
  return {
    title: "Corpus sample (synthetic)",
    layout: "gallery",
    items: Array.from({ length: count }, (_, index) => {
      const { prompt, base64 } = picture(100 + (index % 24), STYLES[index % STYLES.length]!);
      return {
        media: { mime: "image/png", base64 },
        width: 64,
        height: 64,
        alt: prompt,
        prompt,
        seed: index,
        licenceClass: (["public_domain", "creative_commons", "fair_use_research", "copyrighted", "unknown"] as const)[
          index % 5
        ]!,
      };
    }),
  };
}

/** A small table of metrics. */
export function metricsExample(): TableOutput {
  return {
    title: "Quality by mode",
    columns: [
      { name: "mode", kind: "text" },
      { name: "items", kind: "number" },
      { name: "KID", kind: "number", unit: "×10³" },
      { name: "95 % interval", kind: "text" },
      { name: "CLIP score", kind: "number" },
      { name: "admitted", kind: "boolean" },
    ],
    rows: [
      ["open_source_only", 118, 4.271, "[3.918, 4.655]", 0.2713, true],
      ["research_safe", 1182, 3.02, "[2.71, 3.31]", 0.2839, true],
      ["full_dataset", 12_904, null, "–", 0.2903, false],
    ],
  };
}

/** A table with many rows. */
export function longTableExample(rows: number): TableOutput {
  const random = numbers(3);
  return {
    title: "Generated images",
    columns: [
      { name: "id", kind: "number" },
      { name: "prompt", kind: "text" },
      { name: "loss", kind: "number" },
      { name: "time", kind: "number", unit: "s" },
      { name: "finished", kind: "date" },
      { name: "facts", kind: "json" },
    ],
    rows: Array.from({ length: rows }, (_, index) => [
      index,
      `a ${["red", "green", "blue"][index % 3]} ${["cube", "cone", "torus"][(index % 7) % 3]} on sand, number ${index}`,
      random() ** 4,
      random() * 12,
      new Date(1.7e12 + index * 61_000).toISOString(),
      `{"step":${index % 20}}`,
    ]),
  };
}

/** What a mode admits and excludes. */
export function complianceExample(violation?: string, count = 300): ComplianceOutput {
  const kinds = [
    ["public_domain", "CC0 1.0", true, "mode.class", "public domain is admitted", []],
    ["creative_commons", "CC BY-SA 4.0", true, "mode.class", "Creative Commons is admitted", ["BY", "SA"]],
    ["creative_commons", "CC BY 2.0 DE", true, "mode.class", "Creative Commons is admitted", ["BY"]],
    ["creative_commons", "CC BY 4.0", false, "optout.aipref", "its author asks not to train on it", ["BY"]],
    [
      "fair_use_research",
      "In copyright, educational use permitted",
      false,
      "mode.class",
      "fair use is beyond this mode",
      [],
    ],
    ["copyrighted", "All rights reserved", false, "mode.class", "copyrighted works are beyond this mode", []],
    ["unknown", undefined, false, "licence.missing", "no licence is stated", []],
    ["unknown", "see website", false, "licence.unparsed", "the licence text cannot be read", []],
  ] as const;
  return {
    title: "Corpus under “Open source only” (synthetic)",
    mode: "open_source_only",
    policyVersion: "1",
    violation,
    items: Array.from({ length: count }, (_, index) => {
      const [licenceClass, licence, admitted, rule, reason, flags] =
        kinds[Math.floor((index * index * 7 + index * 3) % 23) % kinds.length]!;
      return {
        id: `corpus/${String(index).padStart(4, "0")}.png`,
        title: `Scene ${index}`,
        author: `Synthetic Author ${index % 9}`,
        source: `https://example.org/photos/${index}`,
        licence,
        licenceUrl: licence?.startsWith("CC BY-SA") ? "https://creativecommons.org/licenses/by-sa/4.0/" : undefined,
        licenceClass,
        bytes: 4000 + ((index * 97) % 5000),
        admitted,
        rule,
        reason,
        verdicts: {
          research_safe:
            admitted || licenceClass === "fair_use_research"
              ? {
                  admitted: true,
                  rule: "mode.class",
                  reason: `mode “Research safe” admits class “${licenceClassNames[licenceClass]}”`,
                }
              : { admitted: false, rule, reason },
          full_dataset: {
            admitted: true,
            rule: "mode.all",
            reason: "mode “Full dataset” admits everything, for comparison only",
          },
        },
        evidence: [
          { source: "sidecar", field: "license", value: licence ?? "" },
          { source: "sidecar", field: "license_url", value: "https://creativecommons.org/licenses/by-sa/4.0/" },
        ],
        flags: [...flags],
      };
    }),
  };
}

/** Loss curves. */
export function plotExample(steps = 120) {
  const random = numbers(5);
  return {
    title: "Training loss",
    data: modes.map((name, k) => ({
      type: "scatter",
      mode: "lines",
      name,
      x: Array.from({ length: steps }, (_, i) => i),
      y: Array.from({ length: steps }, (_, i) => (0.6 - 0.1 * k) * Math.exp(-i / 40) + 0.12 + 0.05 * random()),
    })),
    layout: { xaxis: { title: { text: "step" } }, yaxis: { title: { text: "loss" } } },
  };
}

/** The record of a cell that trained a LoRA. */
export function recordExample(): RecordOutput {
  const sha256 = (n: number) => n.toString(16).padStart(2, "0").repeat(32);
  const participant = (
    direction: "used" | "produced",
    role: "input" | "model" | "lora" | "dataset" | "output",
    name: string,
    bytes: number,
    licenceClass: "public_domain" | "creative_commons" | "unknown",
  ) => ({ direction, role, name, sha256: sha256(name.length), bytes, licenceClass, late: false });
  return {
    record: {
      executionId: "01a1fc6b-323c-74fb-9be0-ddfb2f4c8a11",
      contentId: sha256(171),
      notebookId: "0a0a0a0a-0000-4000-8000-000000000001",
      notebookPath: "/home/ada/study/01-compliance-modes.ipynb",
      cellId: "train",
      cellIndex: 5,
      executionCount: 5,
      epoch: 1,
      sessionId: "01a1fc6b-0000-74fb-9be0-ddfb2f4c8a11",
      order: null,
      closure: ["01a1fc6b-1111-74fb-9be0-ddfb2f4c8a11", "01a1fc6b-2222-74fb-9be0-ddfb2f4c8a11"],
      environment: sha256(66),
      startedAt: "2026-11-21T04:44:06.000Z",
      endedAt: "2026-11-21T04:44:24.000Z",
      duration: 18_240,
      peakMemory: 512_000_000,
      state: "ok",
      stateDetail: null,
      source:
        'const lora = await train.lora({ dataset, name: "open_source_only", steps: 240, rank: 8, seed: 1 });\nlora.losses.at(-1)',
      parameters: { steps: 240 },
      seed: 0,
      mode: "open_source_only",
      policyVersion: "1",
      tags: [],
      stdout: "step 0: 1.31\nstep 239: 0.42\n",
      stderr: "",
      error: null,
      outputs: [{ type: "result", name: "text/plain", sha256: sha256(9), bytes: 6, late: false }],
      participants: [
        participant("used", "dataset", "open_source_only", 18_000, "creative_commons"),
        participant("used", "model", "tiny-scenes", 10_000_000, "public_domain"),
        participant("produced", "lora", "open_source_only.safetensors", 310_000, "creative_commons"),
      ],
      metrics: [{ name: "loss", value: 0.4192, facts: { step: 239 } }],
      params: {},
      datasets: [],
      trainings: [
        {
          name: "open_source_only",
          base: "tiny-scenes",
          dataset: sha256(16),
          steps: 240,
          result: sha256(28),
          losses: [1.31, 0.4192],
          licenceClass: "creative_commons",
          facts: {},
        },
      ],
      responses: [],
      verdicts: [],
      reproducible: null,
    },
  };
}
