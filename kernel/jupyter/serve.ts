import { AssayError } from "../protocol/problem.ts";
import { readConnectionFile } from "./connection-file.ts";
import { Kernel } from "./kernel.ts";
import { jupyterNotebook } from "./notebook.ts";
import { bindSockets } from "./sockets.ts";

/** Answers on the sockets of a connection file, for a notebook in the folder where the process was started. */
async function main(file: string): Promise<void> {
  const connection = readConnectionFile(file);
  const notebook = jupyterNotebook(process.env, process.cwd());
  const sockets = await bindSockets(connection);
  const kernel = new Kernel({
    connection,
    sockets,
    notebook,
    startSession: async (listeners) => {
      const { Session } = await import("../session/session.ts");
      const session = new Session({ notebook, ...listeners, recordDelay: 10 });
      await session.start();
      return session;
    },
    onEnd: () => process.exit(0),
  });
  process.on("SIGINT", () => void kernel.interrupt().catch(() => {}));
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => void kernel.end());
  endWithParent(() => void kernel.end());
  kernel.listen();
}

/** A client that was killed cannot say goodbye: its kernel must not stay behind. */
function endWithParent(end: () => void): void {
  const parent = process.ppid;
  if (Number(process.env.JPY_PARENT_PID) !== parent || process.platform === "win32") return;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, 1000).unref();
}

try {
  await main(process.argv[2] ?? "");
} catch (error) {
  if (!(error instanceof AssayError)) throw error;
  // The cell process that was started ahead would keep this one.
  process.stderr.write(`assay: ${error.message}\n`, () => process.exit(3));
}
