import { createMessageConnection, ResponseError, StreamMessageReader, StreamMessageWriter } from "vscode-jsonrpc/node";
import { languageMethods } from "./language/methods.ts";
import type { CellSource, NotebookInfo, SessionEvent } from "./protocol/messages.ts";
import { AssayError } from "./protocol/problem.ts";
import type { NotebookMethods } from "./protocol/staleness.ts";
import type { VariableMethods } from "./protocol/variables.ts";
import { type ExecutionSettings, Session } from "./session/session.ts";
import { recordMethods } from "./store/record-methods.ts";

/**
 * The session process: JSON-RPC on stdio for one notebook. Requests `initialize`, `execute`, `interrupt`, `restart`, `answer`,
 * `shutdown`, `variables/…`; notification `event` with what happens. `language/…` and `records/…` are answered also before, or without, `initialize`:
 * `language/open` tells the notebook's folder.
 */
const connection = createMessageConnection(
  new StreamMessageReader(process.stdin),
  new StreamMessageWriter(process.stdout),
);
let session: Session | undefined;
let folder = process.cwd();
const language = languageMethods(() => ({ folder }));

function opened(): Session {
  if (!session) throw new ResponseError(-32002, "initialize must come first");
  return session;
}

/** Problems travel with their parts, so that a front end can show the remedy. */
async function told<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AssayError)) throw error;
    const { code, input, reason, remedy } = error;
    throw new ResponseError(-32000, error.message, { code, input, reason, remedy });
  }
}

async function end(): Promise<void> {
  await Promise.all([session?.close(), language.dispose()]);
  process.exit(0);
}

/** Characters that may wait for a front end which reads slowly before the cells have to wait, and below which they go on. */
const unread = { most: 2_000_000, few: 500_000 };
let waiting = 0;
let held = false;

function send(event: SessionEvent): void {
  const size = sizeOf(event);
  waiting += size;
  const sent = () => {
    waiting -= size;
    hold(held && waiting > unread.few);
  };
  connection.sendNotification("event", event).then(sent, sent);
  hold(held || waiting > unread.most);
}

function hold(wanted: boolean): void {
  if (wanted === held) return;
  held = wanted;
  session?.hold(wanted);
}

/** Characters of an event, about. */
function sizeOf(event: SessionEvent): number {
  if (event.type !== "output") return 200;
  const { output } = event;
  if (output.type === "stream") return 200 + output.text.length;
  if (output.type !== "display" && output.type !== "result") return 2000;
  return Object.values(output.data).reduce<number>(
    (sum, one) => sum + (typeof one === "string" ? one.length : 2000),
    200,
  );
}

connection.onRequest("initialize", (notebook: NotebookInfo) =>
  told(async () => {
    await session?.close();
    session = new Session({
      notebook,
      onEvent: send,
    });
    await session.start();
    return { sessionId: session.id, storeFolder: session.storeFolder, node: process.version };
  }),
);
connection.onRequest("execute", (asked: { cell: CellSource } & ExecutionSettings) =>
  told(() => opened().execute(asked.cell, { mode: asked.mode, seed: asked.seed, automatic: asked.automatic })),
);
connection.onRequest("notebook/cells", ({ cells }: NotebookMethods["cells"]["params"]) =>
  told(() => {
    opened().staleness.setCells(cells);
    return null;
  }),
);
connection.onRequest("notebook/staleness", ({ mode }: NotebookMethods["staleness"]["params"]) =>
  told(() => {
    opened().staleness.setMode(mode);
    return null;
  }),
);
connection.onRequest("interrupt", () => told(async () => ({ settled: await opened().interrupt() })));
connection.onRequest("restart", () => told(async () => void (await opened().restart())));
connection.onRequest("answer", ({ questionId, text }: { questionId: string; text: string | null }) =>
  told(() => opened().answer(questionId, text)),
);
connection.onRequest("variables/list", () => told(() => opened().variables.list()));
connection.onRequest("variables/children", (asked: VariableMethods["children"]["params"]) =>
  told(() => opened().variables.children(asked)),
);
connection.onRequest("language/open", (asked: { folder: string }) => {
  folder = asked.folder;
  return null;
});
for (const [name, handle] of Object.entries({ ...language.handlers, ...recordMethods })) {
  connection.onRequest(name, (params: never) => told(() => handle(params)));
}
connection.onRequest("shutdown", () => {
  setImmediate(() => void end());
  return null;
});
connection.onClose(() => void end());
process.stdin.on("end", () => void end());
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => void end());
connection.listen();
