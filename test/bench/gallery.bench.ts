// Scrolls galleries of many images by wheel and by the scroll bar's handle, and a comparison grid both ways: the time between two frames of the page,
// what lives in it, and whether the pictures are there when it comes to rest. Images are synthetic scenes of 512 pixels that the renderer asks for by reference.
import { createHash } from "node:crypto";
import { encodePng } from "../../kernel/sdk/media/png.ts";
import { captionOf, renderScene, STYLES, sampleScene } from "../../models/build/scenes/index.ts";
import { numbers } from "../renderers/examples.ts";
import { RendererPage } from "../support/workbench/renderer-page.ts";

const side = Number(process.env.SIDE ?? 512);
/** Width of a scroll bar in CSS pixels. */
const bar = 15;
const scenes = Array.from({ length: 24 }, (_, i) => {
  const scene = sampleScene(numbers(500 + i), { styles: [STYLES[i % STYLES.length]!] });
  const { rgb } = renderScene(scene, { size: side });
  const png = encodePng({ width: side, height: side, channels: 3, data: rgb });
  return { prompt: captionOf(scene), bytes: png.length, base64: Buffer.from(png).toString("base64") };
});
const mean = scenes.reduce((sum, { bytes }) => sum + bytes, 0) / scenes.length;
console.log(
  `${scenes.length} synthetic scenes of ${side} × ${side} px, ${(mean / 1000).toFixed(0)} kB each on average\n`,
);

const modes = ["open_source_only", "research_safe", "full_dataset", "base"];

/** Every image has a hash of its own, so that none is known from another. */
function item(index: number, place: object = {}) {
  const scene = scenes[index % scenes.length]!;
  const sha256 = createHash("sha256").update(String(index)).digest("hex");
  return {
    media: { sha256, bytes: scene.bytes, mime: "image/png" },
    width: side,
    height: side,
    alt: scene.prompt,
    prompt: scene.prompt,
    seed: index,
    licenceClass: ["public_domain", "creative_commons", "fair_use_research", "unknown"][index % 4],
    badges: { CLIP: (0.2 + (index % 97) / 1000).toFixed(3) },
    ...place,
  };
}

function gallery(count: number) {
  return { title: "Gallery", layout: "gallery", items: Array.from({ length: count }, (_, i) => item(i)) };
}

/** 20 prompts × 10 models × 4 modes. */
function grid() {
  const rows = Array.from({ length: 20 }, (_, i) => `${i + 1}. ${scenes[i]!.prompt}`);
  const groups = Array.from({ length: 10 }, (_, i) => `model ${i + 1}`);
  const items = rows.flatMap((row, r) =>
    groups.flatMap((group, g) => modes.map((column, c) => item((r * 10 + g) * 4 + c, { row, group, column }))),
  );
  return { title: "Grid", layout: "grid", rows, groups, columns: modes, items };
}

await using output = await RendererPage.open({ scrollBars: true });
const { page } = output;
await page.evaluate(
  (pictures) => {
    const host = globalThis as unknown as { live: Set<string>; most: number; frames: number[]; measuring: boolean };
    // Whatever is asked for is there: one of the scenes.
    const artifacts = new Proxy(
      {},
      { get: (_, name) => pictures[Number.parseInt(String(name).slice(0, 8), 16) % pictures.length] },
    );
    Object.defineProperty(globalThis, "artifacts", { get: () => artifacts, set() {} });
    host.live = new Set();
    host.most = 0;
    const { createObjectURL, revokeObjectURL } = URL;
    URL.createObjectURL = (object) => {
      const url = createObjectURL.call(URL, object);
      host.live.add(url);
      host.most = Math.max(host.most, host.live.size);
      return url;
    };
    URL.revokeObjectURL = (url) => {
      host.live.delete(url);
      revokeObjectURL.call(URL, url);
    };
  },
  scenes.map(({ base64 }) => base64),
);

for (const [name, data] of [
  ["an empty box to compare with", { title: "Nothing", layout: "gallery", items: [] }],
  ["1,000 images", gallery(1000)],
  ["5,000 images", gallery(5000)],
  ["20 × 10 × 4 grid", grid()],
] as const) {
  const text = JSON.stringify(data);
  const opened = await page.evaluate(() => performance.now());
  await output.show("images", text);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const open = (await page.evaluate(() => performance.now())) - opened;
  await page.waitForTimeout(1500);
  console.log(`${name}: open after ${open.toFixed(0)} ms, ${await living()}`);
  if (data.items.length === 0) {
    await page.evaluate(() => {
      const box = document.createElement("div");
      box.className = "scroll";
      box.style.cssText = "height: 680px; width: 100%; overflow: auto";
      box.innerHTML = '<div style="height: 80000px; background: linear-gradient(red, blue)"></div>';
      document.getElementById("output")?.shadowRoot?.querySelector(".assay")?.append(box);
    });
  }
  await measured("wheel", wheel);
  await measured("scroll bar", drag);
  await output.clear();
  console.log(`  cleared: ${await living()}\n`);
}

/** The box that scrolls: the output's own, or the page. */
async function box(): Promise<{ x: number; y: number; width: number; height: number; content: number }> {
  const place = await page.evaluate(() => {
    const own = [...(document.getElementById("output")?.shadowRoot?.querySelectorAll(".scroll, .gallery-box") ?? [])];
    const scroller = own.find((element) => element.scrollHeight > element.clientHeight + 10);
    const root = document.documentElement;
    scroller?.scrollTo(0, 0);
    root.scrollTo(0, 0);
    if (!scroller) return { x: 0, y: 0, width: innerWidth, height: innerHeight, content: root.scrollHeight };
    const { x, y, width } = scroller.getBoundingClientRect();
    return { x, y, width, height: scroller.clientHeight, content: scroller.scrollHeight };
  });
  // Until the bar's handle is where the box says.
  await page.waitForTimeout(300);
  return place;
}

async function wheel(): Promise<void> {
  const { x, y, width, height } = await box();
  await page.mouse.move(x + width / 2, y + height / 2);
  const until = Date.now() + 5000;
  while (Date.now() < until) await page.mouse.wheel(0, 240);
}

async function drag(): Promise<void> {
  const { x, y, width, height, content } = await box();
  // Between two arrows of the bar's width.
  const track = height - 2 * bar;
  const handle = Math.max(18, (track * height) / content);
  const start = y + bar + handle / 2;
  await page.mouse.move(x + width - 7, start);
  await page.mouse.down();
  const began = Date.now();
  for (let share = 0; share < 1; ) {
    share = Math.min(1, (Date.now() - began) / 5000);
    await page.mouse.move(x + width - 7, start + share * (track - handle));
  }
  await page.mouse.up();
}

async function measured(what: string, action: () => Promise<void>): Promise<void> {
  await page.evaluate(() => {
    const host = globalThis as unknown as { frames: number[]; measuring: boolean };
    host.frames = [];
    host.measuring = true;
    let last = 0;
    const look = (now: number) => {
      if (last > 0) host.frames.push(now - last);
      last = now;
      if (host.measuring) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await action();
  const frames = await page.evaluate(() => {
    const host = globalThis as unknown as { frames: number[]; measuring: boolean };
    host.measuring = false;
    return host.frames.sort((a, b) => a - b);
  });
  const at = (share: number) => frames[Math.min(frames.length - 1, Math.floor(share * frames.length))]!.toFixed(0);
  const late = frames.filter((time) => time > 50).length;
  const rest = Date.now();
  let shown = 0;
  while (shown < 1 && Date.now() - rest < 10_000) shown = await settled();
  const gone = await page.evaluate(() => {
    const boxes = [...(document.getElementById("output")?.shadowRoot?.querySelectorAll(".scroll, .gallery-box") ?? [])];
    return Math.max(scrollY, ...boxes.map(({ scrollTop }) => scrollTop));
  });
  console.log(
    `  ${what.padEnd(10)} p50 ${at(0.5).padStart(4)} ms, p95 ${at(0.95).padStart(4)} ms, worst ${at(1).padStart(5)} ms, ` +
      `${late} of ${frames.length} above 50 ms over ${gone.toFixed(0)} px; pictures in view ${(Date.now() - rest).toString().padStart(4)} ms after rest; ${await living()}`,
  );
}

/** The share of the thumbnails in view that show their picture. */
async function settled(): Promise<number> {
  return page.evaluate(() => {
    const all = [...(document.getElementById("output")?.shadowRoot?.querySelectorAll<HTMLElement>(".thumb") ?? [])];
    const scroller = [
      ...(document.getElementById("output")?.shadowRoot?.querySelectorAll(".scroll, .gallery-box") ?? []),
    ].find((e) => e.scrollHeight > e.clientHeight + 10);
    const frame = scroller?.getBoundingClientRect() ?? new DOMRect(0, 0, innerWidth, innerHeight);
    const seen = all.filter((thumb) => {
      const { top, bottom, left, right } = thumb.getBoundingClientRect();
      return (
        bottom > frame.top &&
        top < frame.bottom &&
        right > frame.left &&
        left < frame.right &&
        bottom > 0 &&
        top < innerHeight
      );
    });
    const full = seen.filter((thumb) => {
      const image = thumb.querySelector("img");
      return image?.complete && image.naturalWidth > 0;
    });
    return seen.length === 0 ? Number(all.length === 0) : full.length / seen.length;
  });
}

async function living(): Promise<string> {
  const { nodes, urls, most } = await page.evaluate(() => {
    const host = globalThis as unknown as { live: Set<string>; most: number };
    const root = document.getElementById("output")?.shadowRoot;
    return { nodes: root?.querySelectorAll("*").length ?? 0, urls: host.live.size, most: host.most };
  });
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return `${nodes} elements, ${urls} object URLs (at most ${most}), ${(usedSize / 1e6).toFixed(0)} MB heap`;
}
