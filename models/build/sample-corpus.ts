/**
 * Renders the corpus of the samples and the reference set that they measure against: `npm run corpus`. Everything is synthetic and
 * follows from the seed: scenes, authors, and the licence metadata, which imitate what real sources write.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { Random } from "../../kernel/sdk/tensor/index.ts";
import { open, optedOut, research, reserved, type Sidecar, type Subject, unclear } from "./sample-situations.ts";
import { BASE_STYLES, captionOf, HELD_OUT_STYLES, renderScene, type Style, sampleScene } from "./scenes/index.ts";

const size = 64;
const seed = "samples/corpus/1";
const samples = fileURLToPath(new URL("../../samples/", import.meta.url));

interface Share {
  readonly situations: readonly ((subject: Subject) => Sidecar)[];
  /** How many images of each style. */
  readonly styles: Readonly<Partial<Record<Style, number>>>;
}

/** Styles are spread unevenly: blueprint is mostly open, risograph mostly for research, neon mostly reserved or unclear. */
const shares: readonly Share[] = [
  { situations: open, styles: { blueprint: 98, flat: 6, clay: 6, ink: 5, watercolour: 5 } },
  { situations: research, styles: { risograph: 78, blueprint: 7 } },
  { situations: reserved, styles: { neon: 46, risograph: 4 } },
  { situations: unclear, styles: { neon: 27, blueprint: 3 } },
  { situations: optedOut, styles: { neon: 9, blueprint: 5 } },
];

interface Picture {
  readonly png: boolean;
  readonly bytes: Buffer;
  readonly caption: string;
}

async function draw(random: Random, style: Style): Promise<Picture> {
  const scene = sampleScene(() => random.uniform(), { styles: [style], pairs: "seen" });
  const { rgb } = renderScene(scene, { size });
  const png = random.uniform() < 0.35;
  const raw = sharp(rgb, { raw: { width: size, height: size, channels: 3 } });
  const encoded = png
    ? raw.png({ compressionLevel: 9, palette: false })
    : raw.jpeg({ quality: 93, chromaSubsampling: "4:4:4" });
  return { png, bytes: await encoded.toBuffer(), caption: captionOf(scene) };
}

function write(folder: string, subject: Subject, picture: Picture, sidecar: Sidecar): void {
  const name = String(subject.number).padStart(3, "0");
  const file = `${name}.${picture.png ? "png" : "jpg"}`;
  writeFileSync(join(folder, file), picture.bytes);
  if (sidecar === null) writeFileSync(join(folder, `${name}.txt`), `${picture.caption}\n`);
  else {
    const beside = subject.number % 3 === 0 ? `${file}.json` : `${name}.json`;
    writeFileSync(join(folder, beside), `${JSON.stringify({ synthetic: true, ...sidecar }, null, 1)}\n`);
  }
}

async function corpus(): Promise<number> {
  const folder = cleared("corpus");
  const random = new Random(seed);
  const planned = shares.flatMap(({ situations, styles }) => {
    const drawn = Object.entries(styles).flatMap(([style, count]) =>
      Array.from({ length: count }, () => style as Style),
    );
    return random.shuffle(drawn).map((style, i) => ({ style, situation: situations[i % situations.length]! }));
  });
  random.shuffle(planned);
  for (const [index, { style, situation }] of planned.entries()) {
    const number = index + 1;
    const picture = await draw(random.fork(number), style);
    const subject = { number, caption: picture.caption };
    const sidecar = situation(subject);
    write(folder, subject, picture, sidecar);
    if (number === 1) write(folder, { ...subject, number: planned.length + 1 }, picture, sidecar);
  }
  return planned.length + 1;
}

/** Fresh scenes in the three styles that the base model does not know, all CC0, described by one manifest. */
async function reference(): Promise<number> {
  const folder = cleared("reference");
  const random = new Random(`${seed}/reference`);
  const styles = HELD_OUT_STYLES.flatMap((style) => Array.from({ length: 40 }, () => style));
  const results: Readonly<Record<string, unknown>>[] = [];
  for (const [index, style] of styles.entries()) {
    const number = index + 1;
    const picture = await draw(random.fork(number), style);
    const path = `${style}/${String((index % 40) + 1).padStart(2, "0")}.${picture.png ? "png" : "jpg"}`;
    if (index % 40 === 0) cleared(join("reference", style));
    writeFileSync(join(folder, path), picture.bytes);
    results.push({
      id: `synthetic-reference-${number}`,
      path,
      title: `Synthetic reference scene ${number}`,
      creator: "Assay (synthetic)",
      license: "cc0",
      license_version: "1.0",
      license_url: "https://creativecommons.org/publicdomain/zero/1.0/",
      provider: "synthetic",
      caption: picture.caption,
    });
  }
  writeFileSync(
    join(folder, "manifest.json"),
    `${JSON.stringify({ synthetic: true, result_count: results.length, results }, null, 1)}\n`,
  );
  return results.length;
}

/** The folder without the files of an earlier run; its README stays. */
function cleared(name: string): string {
  const folder = join(samples, name);
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder)) if (/\.(?:png|jpg|json|txt)$/.test(file)) rmSync(join(folder, file));
  return folder;
}

console.log(`samples/corpus: ${await corpus()} synthetic images (${[...BASE_STYLES, ...HELD_OUT_STYLES].join(", ")})`);
console.log(`samples/reference: ${await reference()} synthetic images`);
