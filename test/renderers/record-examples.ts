import type { LineageNode } from "../../kernel/protocol/lineage.ts";
import type { RecordOutput } from "../../kernel/protocol/record-output.ts";
import { recordExample } from "./examples.ts";

const hash = (n: number) => n.toString(16).padStart(4, "0").repeat(16);

/** The record of a cell that showed pictures of another notebook's LoRA, in a mode that does not admit all of its sources. */
export function lineageExample(pictures = 24): RecordOutput {
  const { record } = recordExample();
  const madeBy = (
    executionId: string,
    notebookPath: string,
    cellIndex: number,
    mode: "full_dataset" | "open_source_only",
  ) => ({
    ...{ executionId, notebookPath, cellIndex, mode },
    startedAt: "2026-11-20T16:12:09.000Z",
  });
  const lab = "/home/ada/lab/night-styles.ipynb";
  const items = (
    licenceClass: NonNullable<LineageNode["licenceClass"]>,
    count: number,
    licence?: string,
  ): LineageNode => ({
    ...{ id: `items ${licenceClass}`, role: "item", count, licenceClass, facts: {} },
    name: `${count.toLocaleString("en-US")} items`,
    members: Array.from({ length: 8 }, (_, index) => ({
      ...{ name: `harbour/${String(index * 37).padStart(4, "0")}.jpg`, sha256: hash(100 + index), licenceClass },
      ...{ title: `Harbour at night ${index}`, author: `Synthetic Author ${index}` },
      ...(licence && { licence, licenceUrl: "https://creativecommons.org/licenses/by-sa/4.0/" }),
      source: `https://example.org/photos/${index}`,
    })),
  });
  const one = (id: string, node: Omit<LineageNode, "id" | "count" | "facts"> & { facts?: LineageNode["facts"] }) => ({
    ...{ id, count: 1, facts: {} },
    ...node,
  });
  const nodes: LineageNode[] = [
    one("cell", { role: "cell", name: "cell 5", members: [] }),
    {
      ...{
        id: "pictures",
        role: "output",
        name: `${pictures} outputs`,
        count: pictures,
        licenceClass: "copyrighted",
        facts: {},
      },
      bytes: 6100 * pictures,
      members: Array.from({ length: 8 }, (_, index) => ({
        name: `a harbour under a night sky (seed ${index})`,
        sha256: hash(index),
      })),
      madeBy: madeBy(
        "01a1fc6b-3333-74fb-9be0-ddfb2f4c8a11",
        "/home/ada/study/01-compliance-modes.ipynb",
        4,
        "full_dataset",
      ),
    },
    one(hash(201), {
      ...{
        role: "lora",
        name: "night harbour, style of the old printing workshop, second attempt",
        licenceClass: "copyrighted",
      },
      bytes: 310_000,
      facts: { mode: "full_dataset", steps: "480", rank: "8", learningRate: "0.004", base: "tiny-scenes" },
      members: [{ name: "night harbour", sha256: hash(201), licenceClass: "copyrighted" }],
      madeBy: madeBy("01a1fc6b-1111-74fb-9be0-ddfb2f4c8a11", lab, 5, "full_dataset"),
    }),
    one(hash(202), {
      ...{ role: "model", name: "tiny-scenes", licenceClass: "public_domain", bytes: 10_000_000 },
      facts: { licence: "CC0-1.0", source: "models/build", layout: "diffusers-onnx" },
      members: [
        {
          name: "tiny-scenes",
          sha256: hash(202),
          licenceClass: "public_domain",
          licence: "CC0-1.0",
          source: "models/build",
        },
      ],
    }),
    one(hash(203), {
      ...{ role: "dataset", name: "harbour scenes, everything", licenceClass: "copyrighted", bytes: 1_800_000 },
      facts: { mode: "full_dataset", items: "4215", excluded: "12", policy: "assay-policy-1" },
      members: [{ name: "harbour scenes, everything", sha256: hash(203), licenceClass: "copyrighted" }],
      madeBy: madeBy("01a1fc6b-2222-74fb-9be0-ddfb2f4c8a11", lab, 3, "full_dataset"),
    }),
    items("public_domain", 812, "CC0 1.0"),
    items("creative_commons", 2950, "CC BY-SA 4.0"),
    items("copyrighted", 441, "All rights reserved"),
    items("unknown", 12),
    one(hash(204), {
      role: "unseen",
      name: "origin unknown, 0204020402",
      licenceClass: "unknown",
      members: [{ name: "x", sha256: hash(204) }],
    }),
  ];
  const edges = [
    ["items public_domain", hash(203)],
    ["items creative_commons", hash(203)],
    ["items copyrighted", hash(203)],
    ["items unknown", hash(203)],
    [hash(203), hash(201)],
    [hash(202), hash(201)],
    [hash(201), "pictures"],
    [hash(202), "pictures"],
    ["pictures", "cell"],
    [hash(204), "cell"],
  ].map(([from, to]) => ({ from: from!, to: to! }));
  return {
    record: {
      ...record,
      source: 'display.images(night, { title: "Night harbour" });\ndisplay.images([scan]);',
      participants: [],
      trainings: [],
      metrics: [],
      stdout: "",
      lineage: { nodes, edges, notes: [] },
      violation: {
        ...{ mode: "open_source_only", policyVersion: "assay-policy-1", outputs: pictures },
        words: `${pictures} outputs of this cell come from what mode “Open source only” does not admit.\nData set harbour scenes, everything (built in mode “Full dataset”, night-styles.ipynb cell 3), through LoRA night harbour: 453 of 4215 items. harbour/0000.jpg, harbour/0037.jpg, harbour/0074.jpg and 438 more: of class “Copyrighted”, and mode “Open source only” admits only “Public domain” and “Creative Commons”; harbour/0111.jpg and 11 more: nothing says what its licence is.`,
        breaches: [
          {
            ...{ sha256: hash(203), role: "dataset", name: "harbour scenes, everything", refused: 453, of: 4215 },
            reasons: [
              {
                rule: "mode.class",
                reason:
                  "of class “Copyrighted”, and mode “Open source only” admits only “Public domain” and “Creative Commons”",
                items: 441,
                examples: ["harbour/0000.jpg", "harbour/0037.jpg", "harbour/0074.jpg"],
              },
              {
                rule: "class.unknown",
                reason: "nothing says what its licence is",
                items: 12,
                examples: ["harbour/0111.jpg"],
              },
            ],
          },
        ],
      },
    },
  };
}
