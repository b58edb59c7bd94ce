// Makes the tiny models again: `npm run models:build [-- STAGE]`. Takes up to ninety minutes on two cores, and goes on where it stopped.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { bootstrap, root } from "./bootstrap.mjs";

bootstrap();
const entry = join(root, "models/build/main.ts");
const { status } = spawnSync(process.execPath, [entry, ...process.argv.slice(2)], { stdio: "inherit" });
process.exit(status ?? 1);
