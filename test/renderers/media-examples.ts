import type { AudioOutput, MeshOutput, VideoOutput } from "../../kernel/protocol/outputs.ts";
import { Audio, audioBundle, Mesh, meshBundle, Video, videoBundle } from "../../kernel/sdk/media/index.ts";
import { cube, mediaFixture, sine, sphereCloud } from "../support/media.ts";
import { numbers } from "./examples.ts";

const facts = { model: "synthetic", mode: "open_source_only", licenceClass: "public_domain" } as const;

/** Two synthetic films of different rates. */
export async function videoExample(): Promise<VideoOutput> {
  const first = await Video.read(mediaFixture("clip-24fps.webm"));
  const second = await Video.read(mediaFixture("clip-12fps.webm"));
  const bundle = videoBundle(
    [
      first.with({ ...facts, label: "24 steps", prompt: "a test card", seed: 7, badges: { codec: "VP9" } }),
      second.with({ ...facts, label: "12 steps", prompt: "a test card", seed: 7, badges: { codec: "VP8" } }),
    ],
    { title: "Test cards (synthetic)", loop: false },
  );
  return bundle["application/vnd.assay.video.v1+json"] as VideoOutput;
}

/** A voice-like sweep with harmonics and noise, and a tone of 440 Hz. */
export function audioExample(): AudioOutput {
  const rate = 16_000;
  const random = numbers(4);
  let phase = 0;
  const sweep = Float32Array.from({ length: rate * 1.5 }, (_, i) => {
    const t = i / rate;
    const pitch = 140 + 60 * Math.sin(2 * Math.PI * 1.3 * t);
    phase += (2 * Math.PI * pitch) / rate;
    const loud = Math.max(0, Math.sin(2 * Math.PI * 2.1 * t)) ** 0.7;
    let value = 0;
    for (let k = 1; k <= 18; k++) value += Math.sin(k * phase) / (k * (1 + Math.abs(k * pitch - 900 - 500 * t) / 400));
    return loud * 0.3 * value + 0.02 * (random() - 0.5);
  });
  const bundle = audioBundle(
    [
      Audio.fromSamples(sweep, rate, {
        ...facts,
        label: "Voice-like sweep",
        seed: 3,
        transcript: "(synthetic, no words)",
      }),
      Audio.fromSamples(sine(440, rate, 1), rate, { ...facts, label: "Tone of 440 Hz" }),
    ],
    { title: "Recordings (synthetic)", view: "both" },
  );
  return bundle["application/vnd.assay.audio.v1+json"] as AudioOutput;
}

/** A cube with coloured corners, a knot of triangles, and a cloud of points. */
export async function meshExample(): Promise<MeshOutput> {
  const meshes = [
    await Mesh.fromArrays(knot(), { ...facts, label: "Knot", prompt: "a trefoil knot", seed: 5 }),
    await Mesh.fromArrays(cube, { ...facts, label: "Cube" }),
    await Mesh.fromArrays(sphereCloud(2000), { ...facts, label: "Point cloud" }),
  ];
  return meshBundle(meshes, { title: "Shapes (synthetic)" })["application/vnd.assay.mesh.v1+json"] as MeshOutput;
}

/** A trefoil knot as a tube. */
function knot(around = 90, across = 10) {
  const positions: number[] = [];
  const colours: number[] = [];
  const indices: number[] = [];
  const line = (t: number) =>
    [Math.sin(t) + 2 * Math.sin(2 * t), Math.cos(t) - 2 * Math.cos(2 * t), -Math.sin(3 * t)] as const;
  for (let i = 0; i < around; i++) {
    const t = (i / around) * 2 * Math.PI;
    const [p, q] = [line(t), line(t + 1e-3)];
    const along = unit([q[0] - p[0], q[1] - p[1], q[2] - p[2]]);
    const side = unit(cross(along, [0, 0, 1]));
    const up = cross(side, along);
    for (let j = 0; j < across; j++) {
      const angle = (j / across) * 2 * Math.PI;
      const [c, s] = [0.45 * Math.cos(angle), 0.45 * Math.sin(angle)];
      positions.push(...[0, 1, 2].map((k) => p[k]! + c * side[k]! + s * up[k]!));
      colours.push(0.45 + 0.35 * Math.sin(t), 0.5, 0.75 - 0.25 * Math.sin(t));
      const [a, b] = [i * across + j, i * across + ((j + 1) % across)];
      const [d, e] = [((i + 1) % around) * across + j, ((i + 1) % around) * across + ((j + 1) % across)];
      indices.push(a, d, b, b, d, e);
    }
  }
  return { positions, colours, indices };
}

type Vector = readonly [number, number, number];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
function unit(v: Vector): Vector {
  const length = Math.hypot(...v);
  return [v[0] / length, v[1] / length, v[2] / length];
}
