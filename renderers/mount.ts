import type { ActivationFunction, OutputItem } from "vscode-notebook-renderer";
import type { z } from "zod";
import type { OutputKind } from "../kernel/protocol/mime.ts";
import type { RendererRequest } from "../kernel/protocol/renderer-messages.ts";
import controlsCss from "./mount/controls.css";
import labelsCss from "./mount/labels.css";
import { MediaSource } from "./mount/media.ts";
import noticesCss from "./mount/notices.css";
import { partNotice, problemCard } from "./mount/notices.ts";
import { read } from "./mount/read.ts";
import themeCss from "./mount/theme.css";
import { keepWheel } from "./mount/wheel.ts";

export { formatBytes } from "../kernel/protocol/bytes.ts";
export { licenceClassNames, modeNames } from "../kernel/protocol/classes.ts";
export { type Captioned, caption, itemName } from "./mount/caption.ts";
export { choice, iconButton, pressed, sayWhy } from "./mount/controls.ts";
export { type Child, h, s } from "./mount/element.ts";
export { copyButton, flash } from "./mount/flash.ts";
export { formatCount, formatDuration, formatItems, formatShare, formatTime, numberFormat } from "./mount/format.ts";
export { head } from "./mount/head.ts";
export { type IconName, icon } from "./mount/icons.ts";
export { keyAction } from "./mount/keys.ts";
export { factChip, licenceChip, modeChip } from "./mount/labels.ts";
export { fromBase64, type MediaSource } from "./mount/media.ts";
export { saveMenu } from "./mount/menu.ts";
export { partNotice, violationNotice } from "./mount/notices.ts";
export { Player } from "./mount/player.ts";
export { onThemeChange, themeColours } from "./mount/theme.ts";

/** What a renderer may use of its surroundings. */
export interface Surroundings {
  readonly media: MediaSource;
  /** Fires when the output is removed or shown anew; listeners and timers of the renderer end with it. */
  readonly signal: AbortSignal;
  /** Has the extension open a record; absent where there is no extension to ask. */
  readonly openRecord?: (executionId: string) => void;
}

/** What a renderer hands back: `update` takes newer data of the same output in place and returns false when it has to be drawn anew. */
export interface Shown<T> {
  readonly update?: (data: T) => boolean;
}

/** A renderer: data of one kind, checked, drawn into an element of its own. */
export interface Renderer<T> {
  readonly kind: OutputKind;
  readonly schema: z.ZodType<T>;
  readonly styles: string;
  readonly render: (root: HTMLElement, data: T, surroundings: Surroundings) => Shown<T> | undefined;
}

interface Place<T> {
  readonly itemId: string;
  readonly root: HTMLElement;
  readonly end: AbortController;
  readonly shown: Shown<T> | undefined;
}

/**
 * The `activate` of a renderer, and the one place that talks to VS Code's renderer API. Every output gets a shadow root, so that styles of the
 * notebook and of the output do not touch each other; data that does not fit its schema is answered with a card that says why.
 */
export function mount<T>(renderer: Renderer<T>): ActivationFunction {
  return (context) => {
    const media = new MediaSource(context);
    const sheets = [themeCss, controlsCss, labelsCss, noticesCss, renderer.styles].map((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      return sheet;
    });
    const places = new Map<HTMLElement, Place<T>>();
    const { postMessage } = context;
    const openRecord = (id: string) => postMessage?.({ type: "record", id } satisfies RendererRequest);

    const leave = (element: HTMLElement) => {
      places.get(element)?.end.abort();
      places.delete(element);
    };

    return {
      renderOutputItem(item: OutputItem, element: HTMLElement) {
        const before = places.get(element);
        const value = parse(item);
        const reading = "problem" in value ? { reasons: [value.problem] } : read(renderer.schema, value.json);
        if (before && "data" in reading && reading.leftOut.length === 0 && before.shown?.update?.(reading.data)) return;
        leave(element);

        const shadow = element.shadowRoot ?? element.attachShadow({ mode: "open" });
        shadow.adoptedStyleSheets = sheets;
        const root = document.createElement("div");
        root.className = `assay ${renderer.kind}`;
        root.dataset.kind = renderer.kind;
        shadow.replaceChildren(root);

        const end = new AbortController();
        keepWheel(root, end.signal);
        let shown: Shown<T> | undefined;
        if ("reasons" in reading)
          root.append(problemCard(`This ${renderer.kind} output cannot be shown`, reading.reasons));
        else {
          if (reading.leftOut.length > 0) root.append(partNotice(reading.leftOut));
          try {
            shown = renderer.render(root, reading.data, {
              media,
              signal: end.signal,
              ...(postMessage && { openRecord }),
            });
          } catch (error) {
            root.replaceChildren(problemCard(`This ${renderer.kind} output cannot be shown`, [String(error)]));
          }
        }
        places.set(element, { itemId: item.id, root, end, shown });
      },
      disposeOutputItem(id?: string) {
        for (const [element, place] of places) if (id === undefined || place.itemId === id) leave(element);
      },
    };
  };
}

function parse(item: OutputItem): { json: unknown } | { problem: string } {
  try {
    return { json: item.json() };
  } catch (error) {
    return {
      problem: `it is not valid JSON (${error instanceof Error ? error.message.slice(0, 200) : "unknown fault"})`,
    };
  }
}
