import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Message {
  readonly type: string;
  readonly request_seq?: number;
  readonly body?: unknown;
}

/** TypeScript's own server, as VS Code starts it, with the plugin. */
function startServer(t: TestContext): (command: string, parameters: unknown) => Promise<unknown> {
  const entry = fileURLToPath(import.meta.resolve("typescript/lib/tsserver.js"));
  const plugin = ["--globalPlugins", "assay-typescript-plugin", "--pluginProbeLocations", root];
  const server = spawn(process.execPath, [entry, ...plugin, "--useInferredProjectPerProjectRoot"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  t.after(() => void server.kill());
  const waiting = new Map<number, (body: unknown) => void>();
  createInterface({ input: server.stdout }).on("line", (line) => {
    if (!line.startsWith("{")) return;
    const message = JSON.parse(line) as Message;
    if (message.type === "response") waiting.get(message.request_seq ?? -1)?.(message.body);
  });
  let count = 0;
  const post = (command: string, parameters: unknown) =>
    server.stdin.write(`${JSON.stringify({ seq: ++count, type: "request", command, arguments: parameters })}\n`);
  return (command, parameters) => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    post(command, parameters);
    // Opening is not answered.
    if (command === "open") return Promise.resolve();
    waiting.set(count, resolve);
    return promise;
  };
}

const cellOf = (notebook: string) => `^/vscode-notebook-cell/ts-nul-authority/project/${notebook}#W0sZmlsZQ==.ts`;

/** The libraries of the language that a file's project has read, and the errors in the file. */
async function opened(ask: ReturnType<typeof startServer>, file: string, projectRootPath: string) {
  await ask("open", { file, projectRootPath, scriptKindName: "TS", fileContent: "const all: Array<string> = [1];\n" });
  const info = (await ask("projectInfo", { file, needFileNameList: true })) as { fileNames: string[] };
  const errors = (await ask("semanticDiagnosticsSync", { file })) as { text: string }[];
  return {
    libraries: info.fileNames.filter((one) => /[\\/]lib\.[^\\/]*d\.ts$/.test(one)).length,
    errors: errors.length,
  };
}

test("TypeScript's server reads no libraries for our cells, and everything as ever for other files and notebooks", async (t) => {
  const ask = startServer(t);
  await ask("configurePlugin", {
    pluginName: "assay-typescript-plugin",
    configuration: { notebooks: ["/project/ours.ipynb"] },
  });
  assert.deepEqual(await opened(ask, cellOf("ours.ipynb"), "/project/a"), { libraries: 0, errors: 0 });
  const other = await opened(ask, cellOf("other.ipynb"), "/project/b");
  assert.ok(other.libraries > 10, `${other.libraries} libraries`);
  assert.equal(other.errors, 1);
  const file = await opened(ask, "/project/c/loose.ts", "/project/c");
  assert.ok(file.libraries > 10, `${file.libraries} libraries`);
  assert.equal(file.errors, 1);
});

test("before it is told, cells of any Jupyter notebook may be ours; they get their libraries when they are not", async (t) => {
  const ask = startServer(t);
  const before = await opened(ask, cellOf("other.ipynb"), "/project/a");
  assert.deepEqual(before, { libraries: 0, errors: 0 });
  await ask("configurePlugin", {
    pluginName: "assay-typescript-plugin",
    configuration: { notebooks: ["/project/ours.ipynb"] },
  });
  const file = cellOf("other.ipynb");
  const errors = (await ask("semanticDiagnosticsSync", { file })) as { text: string }[];
  assert.deepEqual(
    errors.map(({ text }) => text),
    ["Type 'number' is not assignable to type 'string'."],
  );
});
