import type { AudioOutput } from "../../kernel/protocol/outputs.ts";
import {
  choice,
  formatItems,
  h,
  head,
  icon,
  iconButton,
  keyAction,
  onThemeChange,
  pressed,
  type Surroundings,
} from "../mount.ts";
import { gradient, range, type Span } from "./draw.ts";
import { isDark, Track, type View } from "./track.ts";

const views = { both: "Waveform + spectrogram", waveform: "Waveform", spectrogram: "Spectrogram" } as const;

/** Draws recordings under each other on one axis of time, with one player that changes between them at the same place. */
export function renderAudio(root: HTMLElement, data: AudioOutput, surroundings: Surroundings): undefined {
  const { signal } = surroundings;
  let view: View = data.view ?? (data.items.length > 2 ? "waveform" : "both");
  let span: Span = { from: 0, to: 1 };
  let looping = false;
  const tracks = data.items.map(
    (item, index) =>
      new Track(item, index, choose, (track, share) => {
        choose(track);
        seek(span.from + share * (span.to - span.from));
        panel.focus({ preventScroll: true });
      }),
  );
  let current = tracks[0]!;

  const play = iconButton("play", "Play (Space)", () => toggle());
  const readout = h("span", { class: "readout" }, "0.00 s");
  const loop = iconButton("loop", "Loop (L)", () => toggleLoop(), false);
  const position = h("input", {
    type: "range",
    min: 0,
    max: 1,
    step: 0.01,
    value: 0,
    "aria-label": "Position in seconds",
    oninput: () => seek(Number(position.value)),
  });
  const legend = h("span", { class: "legend" });
  const panel = h(
    "div",
    { class: "media-panel", tabindex: "0", role: "group", "aria-label": data.title ?? "Audio player", onkeydown: key },
    h(
      "div",
      { class: "tracks" },
      tracks.map((track) => track.element),
    ),
    h(
      "div",
      { class: "media-bar" },
      play,
      position,
      readout,
      loop,
      iconButton("minus", "Zoom out (−)", () => zoom(2)),
      iconButton("plus", "Zoom in (+)", () => zoom(0.5)),
      iconButton("fit", "All of it (0)", () => zoom(Number.POSITIVE_INFINITY)),
      choice("What is drawn", views, view, (next) => {
        view = next;
        draw();
      }),
      legend,
    ),
  );
  root.append(
    head(
      data.title ?? (data.items.length > 1 ? "Recordings" : "Audio"),
      data.items.length > 1 ? formatItems(data.items.length, "recording") : "",
    ),
    panel,
  );

  panel.addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey) zoom(Math.exp(event.deltaY / 300));
      else if (event.shiftKey) pan((event.deltaY || event.deltaX) / 800);
      else return;
      event.preventDefault();
    },
    { passive: false, signal },
  );
  const observer = new ResizeObserver(() => draw());
  observer.observe(panel);
  signal.addEventListener("abort", () => observer.disconnect());
  onThemeChange(signal, draw);
  choose(current);
  for (const track of tracks) {
    track.load(surroundings).then(() => {
      span = { from: 0, to: longest() };
      draw();
    });
    track.player.element.addEventListener("ended", () => {
      if (looping) void track.player.element.play();
      else show();
    });
  }

  function longest(): number {
    return Math.max(0.01, ...tracks.map((track) => track.sound?.duration ?? 0));
  }

  function draw(): void {
    if (signal.aborted) return;
    for (const track of tracks) track.draw(span, view);
    const dark = isDark();
    const bar = h("span", { class: "legend-bar" });
    bar.style.background = gradient(dark);
    legend.hidden = view === "waveform";
    legend.replaceChildren(`${range.low} dB`, bar, `${range.high} dB`);
    show();
  }

  function show(): void {
    const time = current.player.time;
    const whole = current.sound?.duration ?? 0;
    position.max = String(Math.max(0.01, whole));
    position.value = String(time);
    position.setAttribute("aria-valuetext", `${time.toFixed(2)} of ${whole.toFixed(2)} seconds`);
    readout.textContent = `${time.toFixed(2)} / ${whole.toFixed(2)} s`;
    const running = !current.player.element.paused && !current.player.element.ended;
    play.replaceChildren(icon(running ? "pause" : "play"));
    play.setAttribute("aria-label", running ? "Pause (Space)" : "Play (Space)");
    for (const track of tracks) track.place(time, span);
  }

  function toggle(): void {
    if (current.player.element.paused) {
      current.player.element.play().then(follow, () => show());
    } else current.player.element.pause();
    show();
  }

  function follow(): void {
    show();
    if (!current.player.element.paused && !signal.aborted) requestAnimationFrame(follow);
  }

  /** Another recording takes over at the same place, so that two can be told apart by ear. */
  function choose(track: Track): void {
    const before = current;
    current = track;
    if (before !== track) {
      const running = !before.player.element.paused;
      before.player.element.pause();
      track.player.seek(before.player.time);
      if (running) toggle();
    }
    for (const one of tracks) one.chosen = one === track && tracks.length > 1;
    show();
  }

  function seek(time: number): void {
    current.player.seek(Math.max(0, Math.min(current.sound?.duration ?? 0, time)));
    show();
  }

  /** Takes `factor` times as much of the time into view, around the line. */
  function zoom(factor: number): void {
    const whole = longest();
    const length = Math.max(0.005, Math.min(whole, (span.to - span.from) * factor));
    const time = current.player.time;
    const middle = time >= span.from && time <= span.to ? time : (span.from + span.to) / 2;
    const from = Math.max(0, Math.min(whole - length, middle - length / 2));
    span = { from, to: from + length };
    panel.dataset.zoom = (whole / length).toFixed(2);
    draw();
  }

  function pan(share: number): void {
    const length = span.to - span.from;
    const from = Math.max(0, Math.min(longest() - length, span.from + share * length));
    span = { from, to: from + length };
    draw();
  }

  function toggleLoop(): void {
    looping = !looping;
    pressed(loop, looping);
  }

  function key(event: KeyboardEvent): void {
    const step = event.shiftKey ? 0.1 : 1;
    const onPanel = event.composedPath()[0] === panel;
    keyAction(event, {
      l: toggleLoop,
      "+": () => zoom(0.5),
      "=": () => zoom(0.5),
      "-": () => zoom(2),
      "0": () => zoom(Number.POSITIVE_INFINITY),
      ...Object.fromEntries(tracks.slice(0, 9).map((track, i) => [String(i + 1), () => choose(track)])),
      ...(onPanel && {
        " ": toggle,
        ArrowLeft: () => seek(current.player.time - step),
        ArrowRight: () => seek(current.player.time + step),
        Home: () => seek(0),
        End: () => seek(Number.POSITIVE_INFINITY),
      }),
    });
  }
  return undefined;
}
