import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Broadcast, type PublishingSocket } from "../../../kernel/jupyter/broadcast.ts";
import { noParent, Wire } from "../../../kernel/jupyter/wire.ts";

/** A client that reads nothing until it is told to. */
function slowClient() {
  const sent: { type: string; content: Record<string, unknown>; parent: string }[] = [];
  const socket = { noDrop: true, open: true } as PublishingSocket & { open: boolean };
  socket.send = async (frames) => {
    if (!socket.open && socket.noDrop) throw Object.assign(new Error("would block"), { code: "EAGAIN" });
    const [, , , header, parent, , content] = frames.map(String);
    if (socket.open)
      sent.push({
        type: (JSON.parse(header!) as { msg_type: string }).msg_type,
        content: JSON.parse(content!),
        parent: parent!,
      });
  };
  const slow: boolean[] = [];
  const wire = new Wire({ key: "secret", hash: "sha256" }, "session");
  const broadcast = new Broadcast(socket, wire, { topic: "t", onSlow: (is) => slow.push(is), patience: 50 });
  return { socket, sent, slow, broadcast };
}

describe("the broadcast", () => {
  test("keeps the order, and joins text of one cell that has to wait", async () => {
    const { socket, sent, broadcast } = slowClient();
    socket.open = false;
    broadcast.status("busy", '{"a":1}');
    for (const text of ["1\n", "2\n", "3\n"]) broadcast.stream("stdout", text, '{"a":1}');
    broadcast.stream("stderr", "e\n", '{"a":1}');
    broadcast.stream("stderr", "other cell\n", '{"b":1}');
    broadcast.publish("error", { ename: "E" }, '{"b":1}');
    socket.open = true;
    await broadcast.flushed(60_000);
    assert.deepEqual(sent, [
      { type: "status", content: { execution_state: "busy" }, parent: '{"a":1}' },
      { type: "stream", content: { name: "stdout", text: "1\n2\n3\n" }, parent: '{"a":1}' },
      { type: "stream", content: { name: "stderr", text: "e\n" }, parent: '{"a":1}' },
      { type: "stream", content: { name: "stderr", text: "other cell\n" }, parent: '{"b":1}' },
      { type: "error", content: { ename: "E" }, parent: '{"b":1}' },
    ]);
  });
  test("asks the cells to wait, and lets them go on", async () => {
    const { socket, sent, slow, broadcast } = slowClient();
    socket.open = false;
    const text = "x".repeat(1_000_000);
    for (let n = 0; n < 10; n++) broadcast.stream("stdout", text, noParent);
    assert.deepEqual(slow, [true]);
    socket.open = true;
    await broadcast.flushed(60_000);
    assert.deepEqual(slow, [true, false]);
    assert.equal(sent.map(({ content }) => String(content.text)).join("").length, 10_000_000);
  });
  test("a client that never reads holds nobody up, until another one comes", async () => {
    const { socket, broadcast } = slowClient();
    socket.open = false;
    broadcast.status("busy", noParent);
    await broadcast.flushed(60_000);
    assert.equal(socket.noDrop, false);
    broadcast.joined();
    assert.equal(socket.noDrop, true);
  });
});
