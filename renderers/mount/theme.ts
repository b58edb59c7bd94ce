/** Colours of the current theme as plain values, for what draws on its own (plots). */
export interface ThemeColours {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  /** Of the lines behind a chart. */
  readonly grid: string;
  readonly background: string;
  readonly accent: string;
  readonly font: string;
  /** For series, in order; told apart in dark and light, also by people with colour-vision deficiency. */
  readonly series: readonly string[];
}

/** Reads the colours from the style of an element inside an output. */
export function themeColours(root: HTMLElement): ThemeColours {
  const style = getComputedStyle(root);
  const probe = document.createElement("span");
  root.append(probe);
  // A custom property may be an expression; a real property gives its computed value.
  const colour = (name: string) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colours: ThemeColours = {
    text: colour("--text"),
    muted: colour("--muted"),
    line: colour("--line"),
    grid: colour("--grid"),
    background: colour("--background"),
    accent: colour("--accent"),
    font: style.fontFamily,
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((number) => colour(`--series-${number}`)),
  };
  probe.remove();
  return colours;
}

/** Calls back when the person changes the colour theme, until the signal fires. */
export function onThemeChange(signal: AbortSignal, callback: () => void): void {
  const observer = new MutationObserver(callback);
  observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
  signal.addEventListener("abort", () => observer.disconnect());
}
