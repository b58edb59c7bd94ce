import { type GraphBuilder, graphBuilder, type Model, type Value } from "../../kernel/sdk/onnx/index.ts";
import { int64, Random, zeros } from "../../kernel/sdk/tensor/index.ts";

const width = 16;

/** A very small denoiser with random weights, in the names and shapes of diffusers' UNets: one attention block, a few layers. */
export function randomUnet(seed = 1, context = 12): Model {
  const random = new Random(seed);
  const g = graphBuilder({ opset: 18, name: "unet" });
  const sample = g.input("sample", "float32", ["batch", 4, "height", "width"]);
  const timestep = g.input("timestep", "float32", ["steps"]);
  const text = g.input("encoder_hidden_states", "float32", ["batch", "sequence", context]);

  const phase = g.op("Mul", [g.op("Reshape", [timestep, g.ints(-1, 1)]), 0.01]);
  const waves = g.op("Concat", [g.op("Sin", [phase]), g.op("Cos", [phase])], { axis: 1 });
  const time = g.scope("time_embedding/linear_1", () => gemm(g, random, waves, 2, width));
  const h0 = g.scope("conv_in", () => conv(g, random, sample, 4, width, 3));
  const h1 = g.op("Add", [h0, g.op("Reshape", [time, g.ints(-1, width, 1, 1)])]);
  const shape = g.op("Shape", [h1]);
  const tokens = g.op("Transpose", [g.op("Reshape", [h1, g.ints(0, width, -1)])], { perm: [0, 2, 1] });
  const attended = g.scope("down_blocks.0/attentions.0/transformer_blocks.0", () => {
    const self = g.op("Add", [tokens, g.scope("attn1", () => attention(g, random, tokens, tokens, width))]);
    return g.op("Add", [self, g.scope("attn2", () => attention(g, random, self, text, context))]);
  });
  const back = g.op("Reshape", [g.op("Transpose", [attended], { perm: [0, 2, 1] }), shape]);
  const active = g.op("Mul", [back, g.op("Sigmoid", [back])]);
  const out = g.scope("conv_out", () => conv(g, random, active, width, 4, 3));
  g.output("out_sample", out, "float32", ["batch", 4, "height", "width"]);
  return g.build();
}

/** Inputs for {@link randomUnet}. */
export function unetFeeds(seed: number, batch = 2, size = 6, context = 12) {
  const random = new Random(`feeds/${seed}`);
  return {
    sample: random.normalTensor([batch, 4, size, size]),
    timestep: random.uniformTensor([batch], 0, 999),
    encoder_hidden_states: random.normalTensor([batch, 5, context]),
  };
}

function linear(g: GraphBuilder, random: Random, x: Value, inputs: number, outputs: number): Value {
  const weight = g.parameter("weight", random.normalTensor([inputs, outputs], inputs ** -0.5));
  return g.op("MatMul", [x, weight]);
}

function gemm(g: GraphBuilder, random: Random, x: Value, inputs: number, outputs: number): Value {
  const weight = g.parameter("weight", random.normalTensor([outputs, inputs], inputs ** -0.5));
  return g.op("Gemm", [x, weight, g.parameter("bias", zeros([outputs]))], { transB: 1 });
}

function conv(g: GraphBuilder, random: Random, x: Value, inputs: number, outputs: number, size: number): Value {
  const weight = g.parameter(
    "weight",
    random.normalTensor([outputs, inputs, size, size], (inputs * size * size) ** -0.5),
  );
  const pad = (size - 1) / 2;
  const attributes = { kernel_shape: [size, size], pads: [pad, pad, pad, pad], strides: [1, 1] };
  return g.op("Conv", [x, weight, g.parameter("bias", zeros([outputs]))], attributes);
}

function attention(g: GraphBuilder, random: Random, x: Value, from: Value, context: number): Value {
  const q = g.scope("to_q", () => linear(g, random, x, width, width));
  const k = g.scope("to_k", () => linear(g, random, from, context, width));
  const v = g.scope("to_v", () => linear(g, random, from, context, width));
  const scores = g.op("Mul", [g.op("MatMul", [q, g.op("Transpose", [k], { perm: [0, 2, 1] })]), width ** -0.5]);
  const mixed = g.op("MatMul", [g.op("Softmax", [scores], { axis: -1 }), v]);
  return g.scope("to_out.0", () => {
    const y = linear(g, random, mixed, width, width);
    return g.op("Add", [y, g.parameter("bias", zeros([width]))]);
  });
}

/** A text encoder with random weights: `input_ids` [B, tokens] → `last_hidden_state` [B, tokens, 12] and `pooler_output`. */
export function randomTextEncoder(vocabulary: number, tokens: number, seed = 2, context = 12): Model {
  const random = new Random(seed);
  const g = graphBuilder({ opset: 18, name: "text_encoder" });
  const ids = g.input("input_ids", "int64", ["batch", tokens]);
  const table = g.parameter("embeddings.weight", random.normalTensor([vocabulary, context]));
  const rows = g.op("Gather", [table, ids], { axis: 0 });
  const places = g.parameter("positions.weight", random.normalTensor([tokens, context], 0.3));
  const mixed = g.scope("text_model/encoder/layers.0/mlp/fc1", () => linear(g, random, rows, context, context));
  const hidden = g.op("Tanh", [g.op("Add", [mixed, places])]);
  const pooled = g.op("Gather", [hidden, g.constant(int64([0], []))], { axis: 1 });
  g.output("last_hidden_state", hidden, "float32", ["batch", tokens, context]);
  g.output("pooler_output", pooled, "float32", ["batch", context]);
  return g.build();
}

/** Two halves of a VAE with random weights that shrink pictures by 2: `sample` → `latent_parameters`, `latent_sample` → `sample`. */
export function randomVae(seed = 3): { encoder: Model; decoder: Model } {
  const random = new Random(seed);
  const encoder = graphBuilder({ opset: 18, name: "vae_encoder" });
  const picture = encoder.input("sample", "float32", ["batch", 3, "height", "width"]);
  const down = encoder.scope("conv_in", () => {
    const weight = encoder.parameter("weight", random.normalTensor([8, 3, 2, 2], 0.5));
    return encoder.op("Conv", [picture, weight], { kernel_shape: [2, 2], strides: [2, 2] });
  });
  encoder.output("latent_parameters", down, "float32", ["batch", 8, "h", "w"]);
  const decoder = graphBuilder({ opset: 18, name: "vae_decoder" });
  const latent = decoder.input("latent_sample", "float32", ["batch", 4, "h", "w"]);
  const up = decoder.scope("conv_out", () => {
    const weight = decoder.parameter("weight", random.normalTensor([4, 3, 2, 2], 0.5));
    return decoder.op("ConvTranspose", [latent, weight], { kernel_shape: [2, 2], strides: [2, 2] });
  });
  decoder.output("sample", decoder.op("Tanh", [up]), "float32", ["batch", 3, "height", "width"]);
  return { encoder: encoder.build(), decoder: decoder.build() };
}
