import type { ProcessEnd } from "./cell-process.ts";

/** How a cell process ended, in one clause: for the record, and for people. */
export function describeEnd({ code, signal, reason, lastWords = "" }: ProcessEnd): string {
  if (reason !== undefined) return `Assay stopped it, because ${reason}`;
  const how = signal ? `signal ${signal}` : code === null ? "no exit code" : `exit code ${code}`;
  if (/JavaScript heap out of memory/.test(lastWords))
    return `${how}: the JavaScript heap was full. Keep large data in typed arrays, work on it in pieces, or start with NODE_OPTIONS=--max-old-space-size=MEGABYTES`;
  const own = /^File descriptor 3\b.*$/m.exec(lastWords)?.[0];
  if (own) return `${how}: ${own.charAt(0).toLowerCase()}${own.slice(1).replace(/\.$/, "")}`;
  if (signal === "SIGKILL") return `${how}: another process ended it, or the system did because memory ran out`;
  return how;
}
