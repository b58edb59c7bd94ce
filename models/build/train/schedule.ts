/** A learning rate over a run of `steps`: a linear warm-up, constant, then linear from `decayFrom` (a share of the run) to zero. */
export function learningRate(
  step: number,
  steps: number,
  { peak, warmUp = 100, decayFrom = 0.5 }: { peak: number; warmUp?: number; decayFrom?: number },
): number {
  const warm = Math.min(1, (step + 1) / warmUp);
  const share = step / steps;
  const decay = share <= decayFrom ? 1 : Math.max(0.01, (1 - share) / (1 - decayFrom));
  return peak * warm * decay;
}
