import { readFileSync } from "node:fs";
import { kernelProblem } from "../session/problems.ts";

/** The five sockets of a Jupyter kernel. */
export const channels = ["shell", "control", "iopub", "stdin", "hb"] as const;
export type Channel = (typeof channels)[number];

/** What a Jupyter client writes into the file that it starts a kernel with. */
export interface ConnectionFile {
  /** Where each socket is bound, as ZeroMQ names it. */
  readonly addresses: Readonly<Record<Channel, string>>;
  /** Empty when messages are not signed. */
  readonly key: string;
  /** Name of the hash of the signatures, `sha256` as a rule. */
  readonly hash: string;
}

/** Reads a connection file. Throws an `AssayError` that says what is wrong with it. */
export function readConnectionFile(path: string): ConnectionFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw kernelProblem.connectionFile(path, `it cannot be read (${codeOf(error)})`, error);
  }
  let given: Readonly<Record<string, unknown>>;
  try {
    given = JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw kernelProblem.connectionFile(path, `it is not JSON (${codeOf(error)})`, error);
  }
  const { transport = "tcp", ip = "127.0.0.1", key = "", signature_scheme: scheme = "hmac-sha256" } = given ?? {};
  const [, hash] = /^hmac-([\w-]+)$/.exec(String(scheme)) ?? [];
  if (transport !== "tcp" && transport !== "ipc")
    throw kernelProblem.connectionFile(path, `its transport is ${JSON.stringify(transport)}, not "tcp" or "ipc"`);
  if (hash === undefined)
    throw kernelProblem.connectionFile(path, `its signature_scheme is ${JSON.stringify(scheme)}, not "hmac-sha256"`);
  const address = (channel: Channel): string => {
    const port = given[`${channel}_port`];
    if (!Number.isInteger(port)) throw kernelProblem.connectionFile(path, `${channel}_port is missing`);
    return transport === "tcp" ? `tcp://${ip}:${port}` : `ipc://${ip}-${port}`;
  };
  return {
    addresses: {
      shell: address("shell"),
      control: address("control"),
      iopub: address("iopub"),
      stdin: address("stdin"),
      hb: address("hb"),
    },
    key: String(key),
    hash,
  };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error ? String(error.code) : error.message;
}
