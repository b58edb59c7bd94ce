import type { Reply, Router, XPublisher } from "zeromq";
import { kernelProblem } from "../session/problems.ts";
import type { ConnectionFile } from "./connection-file.ts";

/** The sockets of a kernel, bound. */
export interface Sockets {
  readonly shell: Router;
  readonly control: Router;
  readonly stdin: Router;
  readonly iopub: XPublisher;
  readonly heartbeat: Reply;
  close(): void;
}

/** Messages that ZeroMQ itself keeps for a client that does not read. */
const highWaterMark = 128;
/** Milliseconds that messages may still take to leave after their socket was closed. */
const linger = 1000;

/** Binds the sockets of a connection. Throws an `AssayError` when ZeroMQ is not there, or an address is taken. */
export async function bindSockets({ addresses }: ConnectionFile): Promise<Sockets> {
  const zmq = await import("zeromq").catch((error: unknown) => {
    throw kernelProblem.noZeroMq(String(error), error);
  });
  const router = () => new zmq.Router({ linger, sendHighWaterMark: 0, receiveHighWaterMark: 0 });
  const [shell, control, stdin] = [router(), router(), router()];
  const iopub = new zmq.XPublisher({ linger, sendHighWaterMark: highWaterMark, noDrop: true, verbosity: "allSubs" });
  const heartbeat = new zmq.Reply({ linger: 0 });
  const all: readonly [Router | XPublisher | Reply, string][] = [
    [iopub, addresses.iopub],
    [shell, addresses.shell],
    [control, addresses.control],
    [stdin, addresses.stdin],
    [heartbeat, addresses.hb],
  ];
  const close = () => {
    for (const [socket] of all) if (!socket.closed) socket.close();
  };
  try {
    await Promise.all(
      all.map(([socket, address]) =>
        socket.bind(address).catch((error: unknown) => {
          throw kernelProblem.bind(address, error instanceof Error ? error.message : String(error), error);
        }),
      ),
    );
  } catch (error) {
    close();
    throw error;
  }
  return { shell, control, stdin, iopub, heartbeat, close };
}
