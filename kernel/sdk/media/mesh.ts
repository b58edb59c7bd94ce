import { assayMime, type MimeBundle } from "../../protocol/mime.ts";
import { type MeshItem, meshOutput } from "../../protocol/outputs.ts";
import { checkOptions } from "../options.ts";
import { type Displayable, displaySymbol } from "../values/displayable.ts";
import { figuresHtml, inlineUrl, placeholderHtml, plainLine } from "./caption.ts";
import { geometryOf, type MeshArrays } from "./geometry.ts";
import { type MeshStatistics, readGlb, writeGlb } from "./glb.ts";
import { escapeHtml, frame } from "./html.ts";
import type { Image } from "./image.ts";
import { MediaBudget } from "./media-budget.ts";
import { glbOf } from "./mesh-file.ts";
import { type MediaOrigin, readMedia } from "./read-bytes.ts";
import { recordShown } from "./record-shown.ts";

/** What is said of a 3D object: label, prompt, seed, model, mode, licence class, badges, alternative text, and a picture of it. */
export interface MeshFacts
  extends Partial<Omit<MeshItem, "media" | "poster" | "vertices" | "triangles" | "points" | "materials" | "bounds">> {
  readonly poster?: Image;
}

/** A 3D object as a GLB that needs no other file. Shows itself in a notebook. */
export class Mesh implements Displayable {
  /** The GLB. */
  readonly bytes: Uint8Array;
  readonly statistics: MeshStatistics;
  readonly facts: MeshFacts;

  /** A small picture of it as PNG, for where nothing can turn it; `undefined` for a very large object. */
  readonly preview: Uint8Array | undefined;

  private constructor(
    bytes: Uint8Array,
    { statistics, preview }: Pick<Mesh, "statistics" | "preview">,
    facts: MeshFacts,
  ) {
    this.bytes = bytes;
    this.statistics = statistics;
    this.preview = preview;
    this.facts = facts;
  }

  /**
   * Reads a 3D object from bytes, a path or a `file:` URL: GLB is kept as it is; glTF (with what lies beside it), PLY and OBJ become GLB.
   *
   * @throws AssayError `file.unreadable`, `media.format`, `media.corrupt` (also where it is truncated), `media.value`, `media.remote`
   */
  static async read(origin: MediaOrigin, facts: MeshFacts = {}): Promise<Mesh> {
    const { bytes, name, path } = await readMedia(origin, "mesh");
    const glb = await glbOf(bytes, name, path);
    return new Mesh(glb, await readGlb(glb, name), facts);
  }

  /**
   * A 3D object of numbers: triangles where `indices` are given, else a point cloud.
   *
   * @throws AssayError `media.value` that names the array, the place and what is wrong
   */
  static async fromArrays(arrays: MeshArrays, facts: MeshFacts = {}): Promise<Mesh> {
    const glb = await writeGlb([geometryOf(arrays)]);
    return new Mesh(glb, await readGlb(glb, "mesh"), facts);
  }

  /** The same object with other facts beside or in place of the present ones. */
  with(facts: MeshFacts): Mesh {
    return new Mesh(this.bytes, this, { ...this.facts, ...facts });
  }

  [displaySymbol](): MimeBundle {
    return meshBundle([this]);
  }

  toString(): string {
    return plainLine(`mesh ${describe(this)}`, this.facts);
  }
}

export interface MeshOptions {
  readonly title?: string;
}

/** 3D objects side by side that turn together: rich, as HTML and as a picture where one is given, and as text. */
export function meshBundle(meshes: readonly Mesh[], { title }: MeshOptions = {}): MimeBundle {
  const budget = new MediaBudget();
  recordShown(meshes.map(({ bytes }) => ({ bytes })));
  const items = meshes.map((mesh): MeshItem => {
    const { poster, ...facts } = mesh.facts;
    return {
      media: budget.place(mesh.bytes, "model/gltf-binary"),
      ...(poster && { poster: budget.place(poster.png(), "image/png") }),
      ...mesh.statistics,
      licenceClass: "unknown" as const,
      ...facts,
      alt: facts.alt ?? facts.prompt ?? "3D object",
    };
  });
  const figures = items.map((item, i) => ({
    body: pictureHtml(item, meshes[i]!.preview),
    note: describe(meshes[i]!),
    facts: item,
  }));
  const pictures = meshes.flatMap(({ facts }) => facts.poster ?? []);
  return {
    [assayMime("mesh")]: checkOptions("display.mesh", meshOutput, { ...(title !== undefined && { title }), items }),
    "text/html": frame(figuresHtml(figures), title),
    ...(meshes.length === 1 && pictures[0] && { "image/png": Buffer.from(pictures[0].png()).toString("base64") }),
    "text/plain": [...(title ? [title] : []), ...meshes.map(String)].join("\n"),
  };
}

function pictureHtml(item: MeshItem, preview: Uint8Array | undefined): string {
  const drawn = preview && `data:image/png;base64,${Buffer.from(preview).toString("base64")}`;
  const picture = (item.poster && inlineUrl(item.poster)) ?? drawn;
  if (picture) return `<img src="${picture}" alt="${escapeHtml(item.alt)}" style="max-width:320px">`;
  return placeholderHtml("A 3D object; open the notebook with Assay to turn it.");
}

function describe({ statistics: { vertices, triangles, points, materials, bounds } }: Mesh): string {
  const number = (value: number) => String(Number(value.toPrecision(3)));
  const size = bounds?.max.map((value, axis) => number(value - bounds.min[axis]!)).join(" × ");
  return [
    `${vertices} vertices`,
    ...(triangles > 0 ? [`${triangles} ${triangles === 1 ? "triangle" : "triangles"}`] : []),
    ...(points > 0 ? [`${points} points`] : []),
    ...(materials > 0 ? [`${materials} ${materials === 1 ? "material" : "materials"}`] : []),
    ...(size ? [`size ${size}`] : []),
  ].join(" · ");
}
