import { h } from "../mount.ts";

/** How many stills a strip has. */
const stills = 10;
/** Their height in pixels of the screen. */
const height = 46;

/** A row of stills over the length of a film, each a button that goes there. They are drawn one after another from a film element of their own. */
export function frameStrip(
  name: string,
  url: string,
  fps: number,
  signal: AbortSignal,
  goTo: (seconds: number) => void,
): HTMLElement {
  const strip = h("div", { class: "strip", role: "group", "aria-label": `Stills of ${name}` });
  draw(strip, url, fps, signal, goTo).catch(() => strip.remove());
  return strip;
}

async function draw(
  strip: HTMLElement,
  url: string,
  fps: number,
  signal: AbortSignal,
  goTo: (seconds: number) => void,
) {
  const film = h("video", { preload: "auto", playsinline: true });
  film.muted = true;
  film.src = url;
  signal.addEventListener("abort", () => film.removeAttribute("src"));
  await event(film, "loadeddata");
  const frames = Math.max(1, Math.round(film.duration * fps));
  const count = Math.min(stills, frames);
  const width = Math.max(1, Math.min(240, Math.round((height * film.videoWidth) / film.videoHeight)));
  for (let i = 0; i < count && !signal.aborted; i++) {
    const frame = Math.round((i * (frames - 1)) / Math.max(1, count - 1));
    const time = (frame + 0.5) / fps;
    film.currentTime = time;
    await event(film, "seeked");
    const canvas = h("canvas", { width: width * 2, height: height * 2, "aria-hidden": "true" });
    canvas.getContext("2d")?.drawImage(film, 0, 0, canvas.width, canvas.height);
    strip.append(
      h(
        "button",
        {
          class: "still",
          type: "button",
          "data-time": time,
          "aria-label": `Go to ${time.toFixed(2)} s, frame ${frame + 1}`,
          title: `${time.toFixed(2)} s · frame ${frame + 1}`,
          onclick: () => goTo(time),
        },
        canvas,
      ),
    );
  }
  film.removeAttribute("src");
  film.load();
}

/** Waits for an event of a film; fails when the film does, or after ten seconds. */
export function event(film: HTMLVideoElement, name: "loadeddata" | "seeked" | "loadedmetadata"): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("it took longer than ten seconds")), 10_000);
    film.addEventListener(name, () => resolve(clearTimeout(timer)), { once: true });
    film.addEventListener("error", () => reject(new Error(film.error?.message || "it cannot be decoded")), {
      once: true,
    });
  });
}
