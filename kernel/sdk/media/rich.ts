import type { ShowRich } from "../values/bundle.ts";
import { ownData } from "../values/own.ts";
import { encodedImageBundle } from "./encoded-image.ts";
import { html, svg } from "./markup.ts";
import { pixelsBundle } from "./pixels.ts";
import { plotlyBundle } from "./plotly.ts";
import { type TableRows, tableBundle } from "./table.ts";

/** How values of other libraries are shown: by what they hold, each kind loading only what it needs. */
export const showRich: ShowRich = (kind, value) => {
  switch (kind) {
    case "encoded-image":
      return encodedImageBundle(value as Uint8Array);
    case "pixels":
      return pixelsBundle(value as Parameters<typeof pixelsBundle>[0]);
    case "raw-image": {
      const { data, info } = value as { data: Uint8Array; info: { width: number; height: number; format?: string } };
      return info.format === undefined || info.format === "raw"
        ? pixelsBundle({ data, width: info.width, height: info.height })
        : encodedImageBundle(data);
    }
    case "sharp":
      return import("./sharp-image.ts").then(({ sharpBundle }) => sharpBundle(value));
    case "arrow":
      return tableBundle(value as TableRows);
    case "plotly":
      return plotlyBundle(value as Parameters<typeof plotlyBundle>[0]);
    case "vega":
    case "vega-lite":
      return import("./vega.ts").then(({ vegaBundle }) => vegaBundle(kind, value as Readonly<Record<string, unknown>>));
    case "canvas": {
      const url = (value as { toDataURL(type: string): unknown }).toDataURL("image/png");
      const base64 = /^data:image\/png;base64,(.+)$/s.exec(String(url))?.[1];
      return base64 === undefined ? undefined : encodedImageBundle(Buffer.from(base64, "base64"));
    }
    case "records": {
      const rows = (value as { toRecords(): unknown }).toRecords();
      return Array.isArray(rows) ? tableBundle(rows as Record<string, unknown>[]) : undefined;
    }
    case "element": {
      const source = ownData(value, "outerHTML") ?? Reflect.get(value, "outerHTML");
      if (typeof source !== "string") return undefined;
      return (/^<svg[\s>]/i.test(source) ? svg(source) : html(source)).bundle;
    }
  }
};
