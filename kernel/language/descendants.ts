import type TS from "typescript";
import { ts } from "./compiler.ts";

/** A node and all below it, in the order of the text. It needs no stack of calls: a sum of thousands of terms is thousands of levels deep. */
export function* descendants(root: TS.Node): Generator<TS.Node> {
  const waiting = [root];
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    yield node;
    const children: TS.Node[] = [];
    ts.forEachChild(node, (child) => {
      children.push(child);
    });
    for (const child of children.reverse()) waiting.push(child);
  }
}
