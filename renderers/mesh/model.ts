import {
  Box3,
  type BufferGeometry,
  Color,
  Group,
  LoadingManager,
  type Material,
  Mesh,
  MeshBasicMaterial,
  MeshNormalMaterial,
  type Object3D,
  Points,
  PointsMaterial,
  Texture,
  Vector3,
} from "three";
import { GLTFLoader } from "three/examples/jsm/loaders/GLTFLoader.js";

/** How surfaces are drawn. */
export type Surface = "shaded" | "wireframe" | "normals";

/** What was counted in the loaded object. */
export interface Counted {
  readonly vertices: number;
  readonly triangles: number;
  readonly points: number;
  readonly materials: number;
  /** Width, height and depth in the units of the file. */
  readonly size: readonly [number, number, number];
}

/** A loaded object, moved to the origin and scaled into a sphere of radius one. */
export class Model {
  readonly group = new Group();
  readonly counted: Counted;
  readonly #own = new Map<Mesh, Material | Material[]>();
  readonly #clouds: { readonly material: PointsMaterial; readonly size: number }[] = [];
  readonly #normals = new MeshNormalMaterial({ side: 2 });
  readonly #wire = new MeshBasicMaterial({ wireframe: true });

  private constructor(scene: Object3D) {
    this.counted = this.#count(scene);
    const box = new Box3().setFromObject(scene);
    const centre = box.getCenter(new Vector3());
    const radius = box.getSize(new Vector3()).length() / 2;
    if (!Number.isFinite(radius) || this.counted.vertices === 0) throw new Error("it holds nothing that can be drawn");
    scene.position.sub(centre);
    this.group.add(scene);
    this.group.scale.setScalar(radius > 0 ? 1 / radius : 1);
  }

  /** Reads a GLB that {@link objection} has nothing against. No address is ever followed. */
  static async load(bytes: Uint8Array): Promise<Model> {
    const manager = new LoadingManager();
    manager.setURLModifier((url) => (/^(blob|data):/.test(url) ? url : "data:,"));
    const gltf = await new GLTFLoader(manager).parseAsync(bytes.slice().buffer, "");
    return new Model(gltf.scene);
  }

  /** Height of the floor under it. */
  get floor(): number {
    return new Box3().setFromObject(this.group).min.y;
  }

  show(surface: Surface, wire: string): void {
    this.#wire.color = new Color(wire);
    for (const [mesh, own] of this.#own) {
      mesh.material = surface === "shaded" ? own : surface === "normals" ? this.#normals : this.#wire;
    }
  }

  /** Size of points, as a multiple of what suits their number. */
  set pointSize(factor: number) {
    for (const { material, size } of this.#clouds) material.size = size * factor;
  }

  dispose(): void {
    this.group.traverse((part) => {
      if (part instanceof Mesh || part instanceof Points) part.geometry.dispose();
    });
    for (const own of this.#own.values()) for (const material of [own].flat()) disposeMaterial(material);
    for (const { material } of this.#clouds) material.dispose();
    this.#normals.dispose();
    this.#wire.dispose();
  }

  #count(scene: Object3D): Counted {
    const totals = { vertices: 0, triangles: 0, points: 0 };
    const materials = new Set<Material>();
    scene.updateMatrixWorld(true);
    scene.traverse((part) => {
      const geometry = (part as { geometry?: BufferGeometry }).geometry;
      const count = geometry?.getAttribute("position")?.count ?? 0;
      totals.vertices += count;
      if (part instanceof Points) {
        totals.points += count;
        this.#dress(part, count);
      } else if (part instanceof Mesh) {
        totals.triangles += Math.floor((part.geometry.getIndex()?.count ?? count) / 3);
        this.#own.set(part, part.material);
        for (const material of [part.material].flat()) materials.add(material);
        // Surfaces without normals are shaded face by face, as glTF asks.
        if (!part.geometry.getAttribute("normal")) this.#normals.flatShading = true;
      }
    });
    const size = new Box3().setFromObject(scene).getSize(new Vector3());
    return { ...totals, materials: materials.size, size: [size.x, size.y, size.z] };
  }

  #dress(points: Points, count: number): void {
    const old = points.material as Material;
    const coloured = points.geometry.hasAttribute("color");
    const size = Math.max(0.006, Math.min(0.06, 1.2 / Math.sqrt(count)));
    const material = new PointsMaterial({ size, vertexColors: coloured, color: coloured ? 0xffffff : 0x8a93ff });
    points.material = material;
    old.dispose();
    this.#clouds.push({ material, size });
  }
}

function disposeMaterial(material: Material): void {
  for (const value of Object.values(material)) if (value instanceof Texture) value.dispose();
  material.dispose();
}
