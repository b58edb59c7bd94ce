import type { HostileExample } from "./hostile.ts";
import { audioExample, meshExample, videoExample } from "./media-examples.ts";

const script = `<img src=x onerror="harmed.push('img')"><script>harmed.push('script')</script>`;

/** A GLB around a description, with no content. */
function glb(json: unknown): string {
  let head = typeof json === "string" ? json : JSON.stringify(json);
  head += " ".repeat(-Buffer.byteLength(head) & 3);
  const out = Buffer.alloc(20 + Buffer.byteLength(head));
  out.write("glTF");
  for (const [i, value] of [2, out.length, Buffer.byteLength(head), 0x4e4f534a].entries())
    out.writeUInt32LE(value, 4 + i * 4);
  out.write(head, 20);
  return out.toString("base64");
}

/** Media that mean harm or are broken, and what a person must read in their place. */
export async function mediaHostileExamples(): Promise<HostileExample[]> {
  const video = await videoExample();
  const audio = audioExample();
  const mesh = await meshExample();
  const example = (name: string, kind: string, data: unknown, shows: RegExp): HostileExample => ({
    name,
    kind,
    text: JSON.stringify(data),
    shows,
  });
  const inline = (mime: string, base64: string) => ({ mime, base64 });
  const text = Buffer.from(script).toString("base64");
  const withMedia = (data: { items: readonly object[] }, media: object) => ({
    ...data,
    items: [{ ...data.items[0], media }, ...data.items.slice(1)],
  });
  const marked = (data: { items: readonly object[] }) => ({
    ...data,
    title: script,
    items: data.items.map((item) => ({
      ...item,
      label: script,
      prompt: script,
      alt: script,
      model: script,
      badges: { [script]: script },
    })),
  });
  const model = (json: unknown) => withMedia(mesh, inline("model/gltf-binary", glb(json)));
  const asset = { version: "2.0" };
  const real = Buffer.from((mesh.items[1]!.media as { base64: string }).base64, "base64");
  const cut = withMedia(mesh, inline("model/gltf-binary", real.subarray(0, 200).toString("base64")));
  return [
    example("markup in a film", "video", marked(video), /<script>/),
    example(
      "a page as a film",
      "video",
      withMedia(video, inline("text/html", text)),
      /24 steps cannot be shown: its type "text\/html"/,
    ),
    example("a picture's type as a film", "video", withMedia(video, inline("image/png", text)), /is no video/),
    example("words as a film", "video", withMedia(video, inline("video/webm", text)), /cannot play its video\/webm/),
    example("base64 that is none", "video", withMedia(video, inline("video/webm", "%%%")), /not valid base64/),
    example("a film without films", "video", { items: [] }, /cannot be shown/),
    example(
      "a size of none",
      "video",
      { ...video, items: [{ ...video.items[0], width: -4 }, video.items[1]] },
      /1 part of this output[\s\S]*12 steps/,
    ),
    example(
      "an endless rate",
      "video",
      { ...video, items: [{ ...video.items[0], fps: 1e300 }, video.items[1]] },
      /1 part of this output/,
    ),
    example(
      "markup in a recording",
      "audio",
      marked({ ...audio, items: audio.items.map((item) => ({ ...item, transcript: script })) }),
      /<script>/,
    ),
    example(
      "words as a recording",
      "audio",
      withMedia(audio, inline("audio/wav", text)),
      /cannot be drawn: its bytes are no recording[\s\S]*Tone of 440 Hz/,
    ),
    example(
      "a page as a recording",
      "audio",
      withMedia(audio, inline("text/html", text)),
      /its type "text\/html" is no audio/,
    ),
    example(
      "a rate of none",
      "audio",
      { ...audio, items: [{ ...audio.items[0], sampleRate: 1 }, audio.items[1]] },
      /peak/,
    ),
    example("markup in a 3D object", "mesh", marked(mesh), /<script>/),
    example(
      "words as a 3D object",
      "mesh",
      withMedia(mesh, inline("model/gltf-binary", text)),
      /Knot cannot be shown: its bytes are no GLB[\s\S]*12 triangles/,
    ),
    example("a 3D object cut off", "mesh", cut, /it has 200 of \d+ bytes/),
    example("a description that is no JSON", "mesh", model("{ not json"), /not valid JSON/),
    example(
      "a buffer from elsewhere",
      "mesh",
      model({ asset, buffers: [{ uri: "https://elsewhere.invalid/a.bin", byteLength: 4 }] }),
      /refers to https:\/\/elsewhere/,
    ),
    example(
      "a texture from elsewhere",
      "mesh",
      model({ asset, images: [{ uri: "textures/a.png" }] }),
      /refers to textures\/a\.png/,
    ),
    example(
      "a compression",
      "mesh",
      model({ asset, extensionsRequired: ["KHR_draco_mesh_compression"] }),
      /compressed with KHR_draco/,
    ),
    example(
      "a list without end",
      "mesh",
      model({ asset, accessors: [{ count: 1e15, componentType: 5126, type: "VEC3" }] }),
      /states a list of 1000000000000000/,
    ),
    example(
      "a size without end",
      "mesh",
      model({ asset, buffers: [{ byteLength: 4 }], bufferViews: [{ buffer: 0, byteLength: 1e15 }] }),
      /states more bytes/,
    ),
    example("an empty scene", "mesh", model({ asset, scene: 0, scenes: [{ nodes: [] }] }), /nothing that can be drawn/),
    example(
      "a circle of nodes",
      "mesh",
      model({ asset, scene: 0, scenes: [{ nodes: [0] }], nodes: [{ children: [1] }, { children: [0] }] }),
      /Knot cannot be shown/,
    ),
    example("an unknown field", "mesh", { ...mesh, surprise: 1 }, /1 part of this output[\s\S]*12 triangles/),
  ];
}
