// Runs cells in a session, one after another, until it is killed: node session-process.ts <notebook> <store folder>.
// Prints one line of JSON for each cell process and each reply.
import { writeSync } from "node:fs";
import { Session } from "../../kernel/session/session.ts";

const [path = "", store = ""] = process.argv.slice(2);
const say = (what: object) => writeSync(1, `${JSON.stringify(what)}\n`);
const session = new Session({ notebook: { path, id: "killed", mode: "open_source_only", seed: 0, store } });
await session.start();
for (let n = 1; ; n++) {
  say({ cellProcess: session.cellProcessId });
  const source = `for (let i = 0; i < 40; i++) { console.log("${n}", i); await new Promise((r) => setTimeout(r, 1)); }`;
  const { executionId, status, contentId } = await session.execute({ id: `cell-${n}`, index: n, source });
  say({ executionId, status, contentId });
}
