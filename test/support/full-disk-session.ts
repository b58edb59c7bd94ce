// Runs cells that print much in a session: node full-disk-session.ts <notebook> <store folder>. Prints one line of JSON for each reply,
// with what was said on stderr. Meant to run under a limit on the size of files, which stands for a full disk.
import { writeSync } from "node:fs";
import { Session } from "../../kernel/session/session.ts";

const [path = "", store = ""] = process.argv.slice(2);
let said = "";
const session = new Session({
  notebook: { path, id: "full", mode: "open_source_only", seed: 0, store },
  onEvent: (event) => {
    if (event.type === "output" && event.output.type === "stream" && event.output.name === "stderr")
      said += event.output.text;
  },
});
await session.start();
for (let n = 1; n <= 25; n++) {
  const source = `for (let i = 0; i < 2000; i++) console.log("line ".repeat(20), i, ${n}); const done${n} = ${n}; done${n}`;
  const { executionId, status } = await session.execute({ id: `cell-${n}`, index: n, source });
  writeSync(1, `${JSON.stringify({ executionId, status, said })}\n`);
  said = "";
}
await session.close();
