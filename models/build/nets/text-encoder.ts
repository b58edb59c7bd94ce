import type { Value } from "../../../kernel/sdk/onnx/index.ts";
import { Tensor } from "../../../kernel/sdk/tensor/index.ts";
import { headAttention, layerNorm, linear, quickGelu } from "./layers.ts";
import type { Net } from "./net.ts";

export interface TextShape {
  readonly vocabulary: number;
  readonly tokens: number;
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
}

/** CLIP's causal text encoder on `input_ids` [B, tokens] (int64): all hidden states [B, tokens, width] after the last norm. */
export function textEncoder(net: Net, inputIds: Value, shape: TextShape): Value {
  const { width, tokens } = shape;
  return net.scope("text_model", () => {
    const table = net.scope("embeddings.token_embedding", () => net.normal("weight", [shape.vocabulary, width], 0.3));
    const places = net.scope("embeddings.position_embedding", () => net.normal("weight", [tokens, width], 0.1));
    let x = net.op("Add", [net.op("Gather", [table, inputIds], { axis: 0 }), places]);
    const mask = net.g.constant(causalMask(tokens));
    for (let index = 0; index < shape.layers; index++) {
      x = net.scope(`encoder.layers.${index}`, () => encoderLayer(net, x, mask, shape));
    }
    return net.scope("final_layer_norm", () => layerNorm(net, x, width));
  });
}

/** The hidden state at the end-of-text token, [B, width]: the token with the highest id of all. */
export function pooled(net: Net, hidden: Value, inputIds: Value, tokens: number): Value {
  const { g } = net;
  const at = net.op("ArgMax", [inputIds], { axis: 1, keepdims: 1 });
  const range = g.constant(
    new Tensor(
      "int64",
      [1, tokens],
      BigInt64Array.from({ length: tokens }, (_, i) => BigInt(i)),
    ),
  );
  const chosen = net.op("Cast", [net.op("Equal", [range, at])], { to: 1 });
  const weighted = net.op("Mul", [hidden, net.op("Unsqueeze", [chosen, g.ints(2)])]);
  return net.op("ReduceSum", [weighted, g.ints(1)], { keepdims: 0 });
}

function encoderLayer(net: Net, x: Value, mask: Value, { width, heads }: TextShape): Value {
  const normal = net.scope("layer_norm1", () => layerNorm(net, x, width));
  const attended = net.scope("self_attn", () => {
    const project = (name: string) => net.scope(name, () => linear(net, normal, width, width));
    const mixed = headAttention(net, project("q_proj"), project("k_proj"), project("v_proj"), {
      heads,
      headWidth: width / heads,
      mask,
    });
    return net.scope("out_proj", () => linear(net, mixed, width, width));
  });
  const y = net.op("Add", [x, attended]);
  const second = net.scope("layer_norm2", () => layerNorm(net, y, width));
  const fed = net.scope("mlp", () => {
    const wide = net.scope("fc1", () => linear(net, second, width, 4 * width));
    return net.scope("fc2", () => linear(net, quickGelu(net, wide), 4 * width, width));
  });
  return net.op("Add", [y, fed]);
}

/** 0 where a token may look, −10,000 where it may not: [1, 1, tokens, tokens]. */
function causalMask(tokens: number): Tensor {
  const data = new Float32Array(tokens * tokens);
  for (let row = 0; row < tokens; row++) data.fill(-10_000, row * tokens + row + 1, (row + 1) * tokens);
  return new Tensor("float32", [1, 1, tokens, tokens], data);
}
