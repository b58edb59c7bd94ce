import assert from "node:assert/strict";
import { test } from "node:test";
import { frameHead, frameMark } from "../../../kernel/protocol/frame-head.ts";
import type { Frame } from "../../../kernel/protocol/messages.ts";
import { FrameReader, OutOfStepError } from "../../../kernel/session/frames.ts";

function bytesOf(frames: readonly Frame[]): Buffer {
  return Buffer.concat(
    frames.flatMap((frame) => {
      const body = Buffer.from(JSON.stringify(frame));
      const head = Buffer.alloc(frameHead);
      head.writeUInt32LE(frameMark);
      head.writeUInt32LE(body.length, 4);
      return [head, body];
    }),
  );
}

function text(executionId: string, name: "stdout" | "stderr", value: string): Frame {
  return { executionId, output: { type: "stream", name, text: value } };
}

test("frames arrive whole and in order, however the bytes are cut", () => {
  const frames: Frame[] = [
    text("a", "stdout", "ä€𝄞"),
    { executionId: "a", output: { type: "result", data: { "text/plain": "x".repeat(3000) } } },
    { executionId: "a", end: { status: "ok", peakMemory: 1 } },
  ];
  const bytes = bytesOf(frames);
  for (const size of [1, 2, 3, 5, 7, 1000, bytes.length]) {
    const reader = new FrameReader();
    const seen: Frame[] = [];
    for (let at = 0; at < bytes.length; at += size) seen.push(...reader.push(bytes.subarray(at, at + size)));
    assert.deepEqual(seen, frames, `pieces of ${size}`);
  }
});

test("text that one cell writes in a row comes as one, and nothing changes its place", () => {
  const frames = [
    text("a", "stdout", "1"),
    text("a", "stdout", "2"),
    text("a", "stderr", "3"),
    text("b", "stderr", "4"),
    text("b", "stderr", "5"),
  ];
  assert.deepEqual(new FrameReader().push(bytesOf(frames)), [
    text("a", "stdout", "12"),
    text("a", "stderr", "3"),
    text("b", "stderr", "45"),
  ]);
});

test("texts with every kind of character come as one", () => {
  const pieces = ["a\n", 'say "so"', "back\\slash", "\ud83d", "\ude00", "ä€𝄞", "\u0000\u2028", '"}}', ""];
  const frames = pieces.map((piece) => text("a", "stdout", piece));
  const [first, ...others] = new FrameReader().push(
    bytesOf([...frames, { executionId: "a", uncaught: true }, ...frames]),
  );
  assert.deepEqual(first, text("a", "stdout", pieces.join("")));
  assert.deepEqual(others, [{ executionId: "a", uncaught: true }, text("a", "stdout", pieces.join(""))]);
});

test("text that is no JSON inside is refused", () => {
  const broken = Buffer.from('{"executionId":"a","output":{"type":"stream","name":"stdout","text":"x"y"}}');
  const head = Buffer.alloc(frameHead);
  head.writeUInt32LE(frameMark);
  head.writeUInt32LE(broken.length, 4);
  const good = bytesOf([text("a", "stdout", "1")]);
  assert.throws(() => new FrameReader().push(Buffer.concat([good, head, broken, good])), OutOfStepError);
});

test("what is no frame is refused", () => {
  const good = bytesOf([text("a", "stdout", "1")]);
  const noJson = Buffer.from(good);
  noJson[good.length - 1] = 0;
  const nobody = bytesOf([{ executionId: 5, end: {} } as unknown as Frame]);
  for (const bytes of [Buffer.from("garbage garbage"), Buffer.alloc(20, 255), noJson, nobody]) {
    assert.throws(() => new FrameReader().push(bytes), OutOfStepError);
    assert.throws(() => new FrameReader().push(Buffer.concat([good, bytes])), OutOfStepError);
  }
});
