import { parentPort, workerData } from "node:worker_threads";
import { renderScene } from "../scenes/index.ts";
import { PICTURE_BYTES, PICTURE_SIZE, type RenderJob, sceneAt } from "./corpus.ts";

const { spec, pixels, from, to } = workerData as RenderJob;
const target = new Uint8Array(pixels);
let sinceTick = 0;
for (let index = from; index < to; index++) {
  target.set(renderScene(sceneAt(spec, index), { size: PICTURE_SIZE }).rgb, index * PICTURE_BYTES);
  sinceTick++;
  if (sinceTick === 250 || index === to - 1) {
    parentPort?.postMessage(sinceTick);
    sinceTick = 0;
  }
}
