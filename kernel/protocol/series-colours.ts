/**
 * The colours of series in charts that the kernel makes, told apart by people with the common kinds of colour blindness too, and legible on white and
 * on near-black. The plot renderer puts the theme's own in their place.
 */
export const seriesColours = [
  "#3b82c4",
  "#e07b39",
  "#2f9e77",
  "#b565a7",
  "#b8922a",
  "#7a7fd1",
  "#8a8f98",
  "#c95a6a",
] as const;
