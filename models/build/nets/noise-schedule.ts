/** Steps of the noise schedule. */
export const TRAINING_STEPS = 1000;

/** ᾱ of the cosine schedule (Nichol and Dhariwal, 2021) as diffusers computes it (`squaredcos_cap_v2`, β at most 0.999). */
export function cosineAlphas(steps = TRAINING_STEPS): Float64Array {
  const level = (t: number) => Math.cos(((t + 0.008) / 1.008) * (Math.PI / 2)) ** 2;
  const alphas = new Float64Array(steps);
  let product = 1;
  for (let i = 0; i < steps; i++) {
    const beta = Math.min(1 - level((i + 1) / steps) / level(i / steps), 0.999);
    product *= 1 - beta;
    alphas[i] = product;
  }
  return alphas;
}
