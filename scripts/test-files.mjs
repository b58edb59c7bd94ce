// Runs files of tests, each in a process of its own, so that none can hold up the others: a test that does not end fails, a file that
// does not end is killed with all that it started, and fails. What the files print comes in one piece each, as they end.
import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Milliseconds that processes which a file of tests leaves behind have to end by themselves. */
const patience = 10_000;

/**
 * Runs the files, `concurrency` at a time. `limit` is the most milliseconds for one file, half of it for one test, `deadline` the time
 * (of `Date.now`) when the last has to be over. Prints as it goes, and at the end the numbers and every test that failed. Gives whether all passed.
 */
export async function runTestFiles(files, { concurrency, limit, deadline }) {
  const folder = mkdtempSync(join(tmpdir(), "assay-tests-"));
  const waiting = files.entries();
  const results = [];
  const running = new Set();
  const stop = () => {
    for (const child of running) killGroup(child);
    process.exit(1);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, stop);
  const inTurn = async () => {
    for (const [index, file] of waiting) {
      const result = await runFile(file, join(folder, `${index}.log`), Math.min(limit, deadline - Date.now()), running);
      results.push(result);
      console.error(`${result.body}${result.failed ? "✖" : "✔"} ${file} (${results.length} of ${files.length})\n`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, inTurn));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.off(signal, stop);
  rmSync(folder, { recursive: true, force: true });
  return tell(results);
}

async function runFile(file, log, limit, running) {
  if (limit <= 0)
    return { file, failed: true, body: "", numbers: {}, failures: "Not run: the tests had no time left\n" };
  const output = openSync(log, "w");
  // Not a pipe: what a test leaves behind would keep that open.
  const child = spawn(process.execPath, ["--test-reporter=spec", `--test-timeout=${Math.ceil(limit / 2)}`, file], {
    stdio: ["ignore", output, output],
    detached: process.platform !== "win32",
  });
  closeSync(output);
  running.add(child);
  let ending = "";
  const timer = setTimeout(() => {
    ending = `Killed: it had not ended after ${Math.round(limit / 1000)} s\n`;
    killGroup(child);
  }, limit);
  const { code, signal } = await new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: error.message, signal: null }));
    child.on("exit", (code, signal) => resolve({ code, signal }));
  });
  clearTimeout(timer);
  await leave(child);
  running.delete(child);
  if (ending === "" && signal) ending = `Ended by ${signal}\n`;
  if (code !== 0) ending ||= `Ended with ${code}\n`;
  return { file, failed: code !== 0, ...parts(readFileSync(log, "utf8"), ending) };
}

/** What the reporter prints: the tests, the numbers, and the failures. `ending` tells how the file ended when not all passed. */
function parts(text, ending) {
  const [body, failures] = text.split(/^✖ failing tests:$/m);
  const numbers = {};
  const kept = body.replace(/^ℹ (\w+) ([\d.]+)\n/gm, (_, name, value) => {
    numbers[name] = Number(value);
    return "";
  });
  if (ending === "" || failures !== undefined) return { body: kept, numbers, failures };
  // A file that was cut short has told of no failures: its last words say where it was.
  return { body: kept, numbers: { ...numbers, fail: 1 }, failures: `${kept.slice(-1000)}\n${ending}` };
}

function tell(results) {
  const failed = results.filter((one) => one.failed);
  for (const name of ["tests", "pass", "fail", "cancelled", "skipped", "todo"])
    console.error(`ℹ ${name} ${results.reduce((sum, { numbers }) => sum + (numbers[name] ?? 0), 0)}`);
  if (failed.length === 0) return true;
  console.error("\n✖ failing tests:");
  for (const { file, failures } of failed) console.error(`\n${file}\n${failures.trimEnd()}`);
  return false;
}

/** Ends what a file of tests has left running, after a moment in which that may end by itself. */
async function leave(child) {
  const until = Date.now() + patience;
  while (isGroupAlive(child) && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
  killGroup(child);
}

function isGroupAlive(child) {
  return signalGroup(child, 0);
}

function killGroup(child) {
  signalGroup(child, "SIGKILL");
}

/** Sends a signal to the process and all that it started; gives whether there was any. */
function signalGroup({ pid }, signal) {
  if (pid === undefined) return false;
  try {
    return process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    return false;
  }
}
