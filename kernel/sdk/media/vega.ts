import type { MimeBundle } from "../../protocol/mime.ts";

/**
 * A Vega or Vega-Lite chart: the specification for front ends that draw it, and the chart drawn here as SVG. Nothing is fetched: data that the
 * specification names by URL is not loaded, and the text says so.
 */
export async function vegaBundle(
  kind: "vega" | "vega-lite",
  value: Readonly<Record<string, unknown>>,
): Promise<MimeBundle> {
  const spec = JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
  const version = /\/v(\d+)/.exec(String(spec.$schema))?.[1] ?? "5";
  const name = kind === "vega" ? "Vega" : "Vega-Lite";
  const mime = `application/vnd.${kind === "vega" ? "vega" : "vegalite"}.v${version}+json`;
  const title = typeof spec.title === "string" ? ` “${spec.title}”` : "";
  try {
    const image = await draw(kind, spec);
    return { "image/svg+xml": image, [mime]: spec, "text/plain": `${name} chart${title}` };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { [mime]: spec, "text/plain": `${name} chart${title}, not drawn here: ${reason}` };
  }
}

/** Colour of text and axes, as legible on white as on near-black: a picture does not know where it is shown. */
const ink = "#7f8589";
const grid = "rgba(128,128,128,0.3)";

/** Colours of charts that bring none: nothing behind them, so that they stand on the page's own colour. */
const config = {
  background: "transparent",
  title: { color: ink, subtitleColor: ink },
  axis: { domainColor: ink, tickColor: ink, gridColor: grid, labelColor: ink, titleColor: ink },
  legend: { labelColor: ink, titleColor: ink },
  style: { "guide-label": { fill: ink }, "guide-title": { fill: ink }, "group-title": { fill: ink } },
};
/** Names of Vega-Lite for what Vega has no default of. */
const liteConfig = {
  ...config,
  header: { labelColor: ink, titleColor: ink },
  view: { stroke: grid },
  rule: { color: ink },
  text: { color: ink },
};

/** Inside a page of VS Code the theme's own colour of text takes the place of ours; elsewhere the name means nothing. */
const themeStyle = ["fill", "stroke"]
  .map((name) => `[${name}="${ink}"]{${name}:var(--vscode-editor-foreground,${ink})}`)
  .join("");

/** Whether a specification says what lies behind its chart: its colours are its own then. */
function hasBackground({ background, config: own }: Readonly<Record<string, unknown>>): boolean {
  if (typeof own !== "object" || own === null) return background !== undefined;
  return background !== undefined || "background" in own;
}

async function draw(kind: "vega" | "vega-lite", spec: Record<string, unknown>): Promise<string> {
  const image = await drawPlain(kind, spec);
  return hasBackground(spec) ? image : image.replace(/^<svg[^>]*>/, (start) => `${start}<style>${themeStyle}</style>`);
}

async function drawPlain(kind: "vega" | "vega-lite", spec: Record<string, unknown>): Promise<string> {
  const vega = await import("vega");
  const plain = hasBackground(spec);
  const problems: string[] = [];
  const note = (...parts: readonly unknown[]) => {
    problems.push(parts.map((part) => (part instanceof Error ? part.message : String(part))).join(" "));
    return logger;
  };
  const logger = { level: () => logger, error: note, warn: () => logger, info: () => logger, debug: () => logger };
  const compiled =
    kind === "vega"
      ? spec
      : (await import("vega-lite")).compile(spec as never, {
          logger: logger as never,
          ...(!plain && { config: liteConfig as never }),
        }).spec;
  const loader = {
    ...vega.loader(),
    load: (url: string) => {
      problems.push(`its data lie at ${url}, and nothing is fetched; put them into data.values`);
      return Promise.reject(new Error(problems[0]));
    },
    // An address in the picture would be fetched by whoever looks at it.
    sanitize: (uri: string, { context }: { readonly context?: string } = {}) => {
      if (context === "href" ? /^https?:/i.test(uri) : /^data:image\//i.test(uri))
        return Promise.resolve({ href: uri });
      problems.push(`${uri.slice(0, 200)} is not shown; put images in as data: addresses`);
      return Promise.reject(new Error(problems[0]));
    },
  };
  const view = new vega.View(vega.parse(compiled as never, plain || kind === "vega-lite" ? {} : (config as never)), {
    renderer: "none",
    loader: loader as never,
    logger: logger as never,
  });
  try {
    const image = await view.toSVG();
    if (problems.length > 0) throw new Error(problems[0]);
    return image;
  } finally {
    view.finalize();
  }
}
