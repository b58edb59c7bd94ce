import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../kernel/sdk/tensor/index.ts";
import { answersOf, LOGITS, oneHotAnswers, QUESTIONS, readAnswers } from "../../../models/build/nets/labels.ts";
import { cosineAlphas } from "../../../models/build/nets/noise-schedule.ts";
import { unetModel } from "../../../models/build/publish/models.ts";
import { sampleScene } from "../../../models/build/scenes/index.ts";

test("the cosine schedule has diffusers' values", () => {
  const alphas = cosineAlphas();
  assert.equal(alphas.length, 1000);
  assert.ok(Math.abs(alphas[0]! - 0.999958715775178) < 1e-9, String(alphas[0]));
  assert.ok(Math.abs(alphas[500]! - 0.49228517244880304) < 1e-9, String(alphas[500]));
  assert.ok(Math.abs(alphas[999]! - 2.4287669e-9) < 1e-15, String(alphas[999]));
});

test("one-hot answers read back as the answers", () => {
  const random = new Random("answers");
  for (let i = 0; i < 40; i++) {
    const scene = sampleScene(() => random.uniform());
    const answers = answersOf(scene);
    const row = oneHotAnswers(scene);
    assert.equal(row.length, LOGITS);
    const read = readAnswers(row);
    for (const [index, answer] of answers.entries())
      if (answer >= 0) assert.equal(read[index], answer, QUESTIONS[index]!.name);
    assert.equal(answers.includes(-1), scene.objects.length === 1);
  }
});

test("the UNet's nodes and weights carry diffusers' names", () => {
  const { graph } = unetModel();
  const names = new Set(graph.nodes.map((node) => node.name));
  for (const name of [
    "/conv_in/Conv",
    "/time_embedding/linear_1/Gemm",
    "/down_blocks.1/attentions.0/transformer_blocks.0/attn1/to_q/MatMul",
    "/mid_block/attentions.0/transformer_blocks.0/attn2/to_out.0/MatMul",
    "/up_blocks.0/attentions.1/transformer_blocks.0/ff/net.0.proj/MatMul",
    "/up_blocks.1/upsamplers.0/conv/Conv",
  ]) {
    assert.ok(names.has(name), name);
  }
  assert.ok(graph.initializers.has("down_blocks.2.resnets.0.time_emb_proj.weight"));
});
