import { parentPort, workerData } from "node:worker_threads";
import { renderScene } from "../scenes/index.ts";
import { DEPTH_BYTES, depthByte, PICTURE_BYTES, PICTURE_SIZE, type RenderJob, sceneAt } from "./corpus.ts";

const { spec, pixels, depth, from, to } = workerData as RenderJob;
const pictures = new Uint8Array(pixels);
const maps = new Uint8Array(depth);
let sinceTick = 0;
for (let index = from; index < to; index++) {
  const rendering = renderScene(sceneAt(spec, index), { size: PICTURE_SIZE });
  pictures.set(rendering.rgb, index * PICTURE_BYTES);
  maps.set(Uint8Array.from(rendering.depth, depthByte), index * DEPTH_BYTES);
  sinceTick++;
  if (sinceTick === 250 || index === to - 1) {
    parentPort?.postMessage(sinceTick);
    sinceTick = 0;
  }
}
