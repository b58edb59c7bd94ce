import { CellProcess } from "./cell-process.ts";

/** The process in which the cells of one notebook run. Its settings come as JSON in its first argument. */
const settings = process.argv[2];
if (settings === undefined || !process.send) throw new Error("The cell process is started by a session");
process.argv.length = 1;
new CellProcess(JSON.parse(settings)).listen();
