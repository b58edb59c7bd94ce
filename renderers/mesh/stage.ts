import {
  AmbientLight,
  Color,
  DirectionalLight,
  GridHelper,
  Group,
  HemisphereLight,
  type Light,
  type Material,
  PerspectiveCamera,
  Scene,
  Vector3,
  WebGLRenderer,
} from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import { Model, type Surface } from "./model.ts";

/** Ways of lighting, by name. */
export const lightings = { studio: "Studio", outdoor: "Outdoor", flat: "Flat", side: "Side" } as const;
export type Lighting = keyof typeof lightings;

/** Colours that the stage takes from the theme. */
export interface StageColours {
  readonly background: string;
  readonly line: string;
  readonly text: string;
}

interface Set {
  readonly scene: Scene;
  readonly model: Model | undefined;
  readonly grid: GridHelper;
}

const home = new Vector3(1.5, 1.1, 2.2);

/** One canvas with a place for each object, side by side; one camera turns around all of them. It draws only when something changed. */
export class Stage {
  readonly canvas: HTMLCanvasElement;
  readonly #renderer: WebGLRenderer;
  readonly #camera = new PerspectiveCamera(35, 1, 0.01, 100);
  readonly #controls: OrbitControls;
  readonly #sets: Set[] = [];
  readonly #signal: AbortSignal;
  #colours: StageColours;
  #surface: Surface = "shaded";
  #lighting: Lighting = "studio";
  #due = false;

  /** @throws Error where WebGL is not to be had */
  constructor(canvas: HTMLCanvasElement, colours: StageColours, signal: AbortSignal) {
    this.canvas = canvas;
    this.#colours = colours;
    this.#signal = signal;
    this.#renderer = new WebGLRenderer({ canvas, antialias: true, preserveDrawingBuffer: true });
    this.#renderer.setScissorTest(true);
    this.#controls = new OrbitControls(this.#camera, canvas);
    // The wheel belongs to the notebook; with Ctrl it comes closer.
    this.#controls.enableZoom = false;
    this.#controls.autoRotateSpeed = 3;
    this.#controls.addEventListener("change", () => this.draw());
    canvas.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        this.closer(Math.exp(event.deltaY / 400));
      },
      { passive: false, signal },
    );
    const observer = new ResizeObserver(() => this.draw());
    observer.observe(canvas);
    signal.addEventListener("abort", () => {
      observer.disconnect();
      this.#controls.dispose();
      for (const { model, grid } of this.#sets) {
        model?.dispose();
        grid.dispose();
      }
      this.#renderer.dispose();
      this.#renderer.forceContextLoss();
    });
    this.reset();
  }

  /** Loads an object into the next place. Rejects with the reason; its place stays empty. */
  async add(place: number, bytes: Uint8Array | undefined): Promise<Model | undefined> {
    const model = bytes && (await Model.load(bytes));
    if (this.#signal.aborted) {
      model?.dispose();
      return undefined;
    }
    const scene = new Scene();
    const grid = new GridHelper(4, 20, this.#colours.line, this.#colours.line);
    if (model) {
      scene.add(model.group, grid);
      grid.position.y = model.floor;
    }
    this.#sets[place] = { scene, model, grid };
    this.#light(scene);
    model?.show(this.#surface, this.#colours.text);
    this.draw();
    return model;
  }

  set surface(surface: Surface) {
    this.#surface = surface;
    this.#restyle();
  }

  set lighting(lighting: Lighting) {
    this.#lighting = lighting;
    this.#restyle();
  }

  set colours(colours: StageColours) {
    this.#colours = colours;
    this.#restyle();
  }

  set pointSize(factor: number) {
    for (const set of this.#sets) if (set?.model) set.model.pointSize = factor;
    this.draw();
  }

  get turning(): boolean {
    return this.#controls.autoRotate;
  }

  /** Turns the camera around by itself. */
  set turning(on: boolean) {
    this.#controls.autoRotate = on;
    const tick = () => {
      if (!this.#controls.autoRotate || this.#signal.aborted) return;
      this.#controls.update();
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  /** Turns by angles in radians. */
  orbit(right: number, up: number): void {
    const camera = this.#camera.position;
    const radius = camera.length();
    const angle = Math.atan2(camera.x, camera.z) + right;
    const tilt = Math.max(-1.5, Math.min(1.5, Math.asin(camera.y / radius) + up));
    camera
      .set(Math.sin(angle) * Math.cos(tilt), Math.sin(tilt), Math.cos(angle) * Math.cos(tilt))
      .multiplyScalar(radius);
    this.#controls.update();
    this.draw();
  }

  /** Comes closer (factor below one) or goes away. */
  closer(factor: number): void {
    const next = Math.max(0.6, Math.min(20, this.#camera.position.length() * factor));
    this.#camera.position.setLength(next);
    this.#controls.update();
    this.draw();
  }

  /** Back to where it began. */
  reset(): void {
    this.#camera.position.copy(home).setLength(3.9);
    this.#controls.target.set(0, 0, 0);
    this.#controls.update();
    this.draw();
  }

  /** Where the camera stands, for tests and for the record of a view. */
  get view(): readonly number[] {
    return this.#camera.position.toArray();
  }

  /** What is shown now, as PNG in base64. */
  picture(): string {
    this.#render();
    return this.canvas.toDataURL("image/png").split(",")[1] ?? "";
  }

  /** Draws before the next frame of the screen. */
  draw(): void {
    if (this.#due || this.#signal.aborted) return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      if (!this.#signal.aborted) this.#render();
    });
  }

  #render(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0 || height === 0) return;
    this.#renderer.setPixelRatio(Math.min(2, devicePixelRatio || 1));
    this.#renderer.setSize(width, height, false);
    const count = Math.max(1, this.#sets.length);
    const part = width / count;
    this.#camera.aspect = part / height;
    // Narrow places show the whole object too.
    this.#camera.fov = this.#camera.aspect >= 1 ? 35 : Math.min(80, 35 / this.#camera.aspect);
    this.#camera.updateProjectionMatrix();
    this.#sets.forEach((set, i) => {
      if (!set) return;
      this.#renderer.setViewport(i * part, 0, part, height);
      this.#renderer.setScissor(i * part, 0, part, height);
      this.#renderer.setClearColor(new Color(this.#colours.background));
      this.#renderer.clear();
      this.#renderer.render(set.scene, this.#camera);
    });
  }

  #restyle(): void {
    for (const set of this.#sets) {
      if (!set) continue;
      set.model?.show(this.#surface, this.#colours.text);
      for (const material of [set.grid.material].flat() as (Material & { color?: Color; vertexColors: boolean })[]) {
        material.vertexColors = false;
        material.color?.set(this.#colours.line);
        material.needsUpdate = true;
      }
      this.#light(set.scene);
    }
    this.draw();
  }

  #light(scene: Scene): void {
    scene.getObjectByName("lights")?.removeFromParent();
    const lights = new Group();
    lights.name = "lights";
    const from = (light: Light, x: number, y: number, z: number) => {
      light.position.set(x, y, z);
      lights.add(light);
    };
    if (this.#lighting === "studio") {
      from(new HemisphereLight(0xffffff, 0x8088a0, 1.3), 0, 1, 0);
      from(new DirectionalLight(0xffffff, 1.7), 2, 3, 3);
      from(new DirectionalLight(0xdfe6ff, 0.6), -3, 1, -1);
    } else if (this.#lighting === "outdoor") {
      from(new HemisphereLight(0xbfdcff, 0x8a7a5c, 2), 0, 1, 0);
      from(new DirectionalLight(0xfff1d6, 3), 3, 5, 1);
    } else if (this.#lighting === "flat") {
      lights.add(new AmbientLight(0xffffff, 3.1));
    } else {
      lights.add(new AmbientLight(0xffffff, 0.15));
      from(new DirectionalLight(0xffffff, 3.6), -4, 1.2, 0.6);
    }
    scene.add(lights);
  }
}
