// Milliseconds of one training step (forward, backward, AdamW) against PyTorch on the same nets, alternating in one run.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Engine, readModel } from "../../kernel/sdk/onnx/index.ts";
import { Random } from "../../kernel/sdk/tensor/index.ts";
import { createTrainer } from "../../kernel/sdk/training/index.ts";

interface Net {
  name: string;
  path: string;
  parameters: string[];
  shapes: number[][];
}

interface Times {
  /** Milliseconds by the clock, and of processor time, per step. */
  wall: number;
  cpu: number;
}

const script = fileURLToPath(new URL("training_step.py", import.meta.url));
const python = process.env.PYTHON ?? "/usr/bin/python3";
const threads = Number(process.env.THREADS ?? 2);
const [rounds, steps] = [Number(process.env.ROUNDS ?? 5), Number(process.env.STEPS ?? 6)];
const env = {
  ...process.env,
  THREADS: String(threads),
  OMP_WAIT_POLICY: "PASSIVE",
  OMP_NUM_THREADS: String(threads),
  OPENBLAS_NUM_THREADS: String(threads),
};
const folder = mkdtempSync(join(tmpdir(), "assay-bench-"));
const exported = spawnSync(python, [script, "export", folder], { encoding: "utf8", env });
if (exported.status !== 0) {
  console.log(`skipped: ${python} with torch and onnx is needed (${exported.stderr?.trim().split("\n").at(-1)})`);
} else {
  const nets = exported.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Net);
  for (const net of nets.filter(({ name }) => name.includes(process.env.ONLY ?? ""))) await compare(net);
}
rmSync(folder, { recursive: true });

async function compare(net: Net): Promise<void> {
  await using engine = new Engine({ threads });
  const model = readModel(net.path);
  const began = performance.now();
  await using trainer = await createTrainer({ model, loss: "loss", parameters: net.parameters, rate: 1e-4, engine });
  const opening = performance.now() - began;
  const random = new Random("bench");
  const feeds = { x: random.normalTensor(net.shapes[0]!), target: random.normalTensor(net.shapes[1]!) };
  const torch = spawn(python, [script, "time", net.name], { stdio: ["pipe", "pipe", "inherit"], env });
  const lines = createInterface({ input: torch.stdout })[Symbol.asyncIterator]();
  const ours: Times[] = [];
  const theirs: Times[] = [];
  for (let round = 0; round < rounds; round++) {
    await trainer.step(feeds);
    const [wall, cpu] = [performance.now(), process.cpuUsage()];
    for (let step = 1; step < steps; step++) await trainer.step(feeds);
    const used = process.cpuUsage(cpu);
    ours.push({ wall: (performance.now() - wall) / (steps - 1), cpu: (used.user + used.system) / 1000 / (steps - 1) });
    torch.stdin.write(`${steps}\n`);
    theirs.push(JSON.parse((await lines.next()).value as string) as Times);
  }
  torch.stdin.end();
  await once(torch, "exit");
  const median = (times: Times[], key: keyof Times) =>
    times.map((time) => time[key]).sort((a, b) => a - b)[times.length >> 1]!;
  const row = (key: keyof Times) => {
    const [own, other] = [median(ours, key), median(theirs, key)];
    return `${own.toFixed(1)} ms, PyTorch ${other.toFixed(1)} ms, PyTorch / Assay ${(other / own).toFixed(2)}`;
  };
  console.log(`${net.name} (${net.parameters.length} weights, opened in ${opening.toFixed(0)} ms)`);
  console.log(`  by the clock:   ${row("wall")}`);
  console.log(`  processor time: ${row("cpu")}`);
}
