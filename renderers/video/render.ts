import type { VideoItem, VideoOutput } from "../../kernel/protocol/outputs.ts";
import {
  caption,
  choice,
  formatItems,
  h,
  head,
  icon,
  iconButton,
  itemName,
  keyAction,
  pressed,
  type Surroundings,
  sayWhy,
} from "../mount.ts";
import { event, frameStrip } from "./strip.ts";
import { Transport } from "./transport.ts";

const speeds = { "0.1": "0.1×", "0.25": "0.25×", "0.5": "0.5×", "1": "1×", "2": "2×", "4": "4×" };

/** Draws films side by side under one set of controls, each with its stills and what is said of it. */
export function renderVideo(root: HTMLElement, data: VideoOutput, surroundings: Surroundings): undefined {
  const { signal } = surroundings;
  const rates = data.items.flatMap(({ fps }) => fps ?? []);
  const rate = rates.length > 0 ? Math.max(...rates) : 25;
  const transport = new Transport(rate, data.loop ?? false, signal, () => show());

  const play = iconButton("play", "Play (Space)", () => transport.toggle());
  const seek = h("input", {
    type: "range",
    min: 0,
    max: 0,
    value: 0,
    step: 1,
    "aria-label": "Frame",
    oninput: () => {
      transport.pause();
      transport.toFrame(Number(seek.value));
    },
  });
  const readout = h("span", { class: "readout" }, "0.00 s");
  const loop = iconButton("loop", "Loop (L)", () => toggleLoop(), transport.loop);
  const toggleLoop = () => {
    transport.loop = !transport.loop;
    pressed(loop, transport.loop);
  };
  const strips = h("div", { class: "strips" });
  const show = () => {
    const { frame, frames, time, duration, running } = transport;
    seek.max = String(frames - 1);
    seek.value = String(frame);
    seek.setAttribute("aria-valuetext", `frame ${frame + 1} of ${frames}, ${time.toFixed(2)} seconds`);
    readout.textContent = `${time.toFixed(2)} / ${duration.toFixed(2)} s · frame ${frame + 1} / ${frames}`;
    play.replaceChildren(icon(running ? "pause" : "play"));
    play.setAttribute("aria-label", running ? "Pause (Space)" : "Play (Space)");
    strips.style.setProperty("--at", String(duration > 0 ? Math.min(1, time / duration) : 0));
  };

  const frames = data.items.map((item, index) => screen(item, index, data.items.length > 1));
  const panel = h(
    "div",
    { class: "media-panel", tabindex: "0", role: "group", "aria-label": data.title ?? "Video player", onkeydown: key },
    h("div", { class: "screens" }, frames),
    h(
      "div",
      { class: "media-bar" },
      iconButton("stepBack", "Back one frame (,)", () => transport.step(-1)),
      play,
      iconButton("stepForward", "On one frame (.)", () => transport.step(1)),
      seek,
      readout,
      loop,
      choice("Speed", speeds, "1", (speed) => {
        transport.speed = Number(speed);
      }),
    ),
    strips,
    captions(data.items),
  );
  root.append(
    head(
      data.title ?? (data.items.length > 1 ? "Videos" : "Video"),
      data.items.length > 1 ? `${formatItems(data.items.length, "video")} in step` : "",
    ),
    panel,
  );
  show();

  function screen(item: VideoItem, index: number, named: boolean): HTMLElement {
    const name = itemName(item, index, "Video");
    const film = h("video", {
      preload: "auto",
      playsinline: true,
      "aria-label": item.alt || name,
      onclick: () => transport.toggle(),
    });
    film.muted = index > 0;
    if (item.width && item.height) film.style.aspectRatio = `${item.width} / ${item.height}`;
    const box = h(
      "div",
      { class: "screen" },
      film,
      named && item.label && h("span", { class: "name-tag" }, item.label),
    );
    load(item, film, name).catch((error: unknown) => {
      if (!signal.aborted) box.replaceChildren(sayWhy(`${name} cannot be shown`, error));
    });
    return box;
  }

  async function load(item: VideoItem, film: HTMLVideoElement, name: string): Promise<void> {
    if (!item.media.mime.startsWith("video/"))
      throw new Error(`its type "${item.media.mime.slice(0, 60)}" is no video`);
    if (item.poster) film.poster = await own(surroundings.media.objectUrl(item.poster).catch(() => ""));
    const url = await own(surroundings.media.objectUrl(item.media));
    film.src = url;
    await event(film, "loadedmetadata").catch((error: Error) => {
      const codec = item.codecs?.length ? ` (${item.codecs.join(" + ").slice(0, 60)})` : "";
      throw new Error(`this editor cannot play its ${item.media.mime.slice(0, 60)}${codec}; ${error.message}`);
    });
    if (signal.aborted) return;
    if (!Number.isFinite(film.duration)) throw new Error("its length is not known");
    transport.add(film);
    const seekTo = (time: number) => {
      transport.pause();
      transport.toFrame(Math.floor(time * rate + 1e-6));
    };
    strips.append(frameStrip(name, url, item.fps ?? rate, signal, seekTo));
  }

  /** An address that ends with the output. */
  async function own(address: Promise<string>): Promise<string> {
    const url = await address;
    signal.addEventListener("abort", () => url && URL.revokeObjectURL(url));
    return url;
  }

  function key(event: KeyboardEvent): void {
    const inControl = event.composedPath()[0] !== panel;
    keyAction(event, {
      ",": () => transport.step(-1),
      ".": () => transport.step(1),
      l: toggleLoop,
      ...(!inControl && {
        " ": () => transport.toggle(),
        ArrowLeft: () => transport.step(-Math.round(rate)),
        ArrowRight: () => transport.step(Math.round(rate)),
        Home: () => transport.toFrame(0),
        End: () => transport.toFrame(transport.frames - 1),
      }),
    });
  }
  return undefined;
}

function captions(items: readonly VideoItem[]): HTMLElement {
  const cards = items.map((item) =>
    caption(item, [
      ...(item.width && item.height ? [`${item.width} × ${item.height}`] : []),
      ...(item.duration === undefined ? [] : [`${item.duration} s`]),
      ...(item.fps === undefined ? [] : [`${item.fps} fps`]),
      ...(item.frames === undefined ? [] : [formatItems(item.frames, "frame")]),
      ...(item.codecs?.length ? [item.codecs.join(" + ")] : []),
    ]),
  );
  return h("div", { class: "media-captions" }, cards);
}
