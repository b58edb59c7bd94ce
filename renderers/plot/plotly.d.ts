/** The part of plotly.js that is used here; its basic bundle brings no types. */
declare module "plotly.js-basic-dist-min" {
  interface Plotly {
    react(
      element: HTMLElement,
      data: readonly Readonly<Record<string, unknown>>[],
      layout: Readonly<Record<string, unknown>>,
      config: Readonly<Record<string, unknown>>,
    ): Promise<unknown>;
    purge(element: HTMLElement): void;
  }
  const plotly: Plotly;
  export default plotly;
}
