/** The part of plotly.js that is used here; its basic bundle brings no types. */
declare module "plotly.js-basic-dist-min" {
  type Attributes = Readonly<Record<string, unknown>>;
  /** What plotly.js adds to the element that it draws into. */
  export interface Drawn {
    readonly layout: Attributes;
    readonly data: readonly Attributes[];
    on(event: string, listener: () => void): void;
  }
  interface Plotly {
    react(
      element: HTMLElement,
      data: readonly Attributes[],
      layout: Attributes,
      config: Attributes,
    ): Promise<HTMLElement & Drawn>;
    purge(element: HTMLElement): void;
    /** A picture as a data URL; made aside, so that what is shown stays as it is. */
    toImage(
      figure: { readonly data: readonly Attributes[]; readonly layout: Attributes; readonly config: Attributes },
      options: {
        readonly format: "png" | "svg";
        readonly width: number;
        readonly height: number;
        readonly scale?: number;
      },
    ): Promise<string>;
  }
  const plotly: Plotly;
  export default plotly;
}
