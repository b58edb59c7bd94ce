import assert from "node:assert/strict";
import { test } from "node:test";
import { CardLayout } from "../../renderers/images/card-layout.ts";

const sizes = { columns: 4, across: 100, down: 50, heading: 20 };
const indices = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

test("rows of all sections follow each other; a card is found by its position without drawing", () => {
  const layout = new CardLayout(
    [
      { name: "a", indices: indices(0, 6) },
      { name: "b", indices: indices(6, 3) },
    ],
    sizes,
  );
  // By hand: 20 + two rows, 20 + one row.
  assert.equal(layout.height, 20 + 100 + 20 + 50);
  assert.deepEqual(
    layout.headings.map(({ name, count, top, first }) => [name, count, top, first]),
    [
      ["a", 6, 0, 0],
      ["b", 3, 120, 6],
    ],
  );
  assert.deepEqual(layout.corner(0), { left: 0, top: 20 });
  assert.deepEqual(layout.corner(5), { left: 100, top: 70 });
  assert.deepEqual(layout.corner(6), { left: 0, top: 140 });
  assert.deepEqual(layout.between(0, 21), { first: 0, last: 4 });
  assert.deepEqual(layout.between(70, 139), { first: 4, last: 6 });
  assert.deepEqual(layout.between(-100, 10_000), { first: 0, last: 9 });
  assert.equal(layout.below(1, 1), 5, "the same column");
  assert.equal(layout.below(3, 1), 5, "the last of a shorter row");
  assert.equal(layout.below(5, 1), 7, "over the border of sections");
  assert.equal(layout.below(8, 9), 8);
  assert.equal(layout.below(0, -3), 0);
});

test("what is in view agrees with a look at every card", () => {
  const layout = new CardLayout([{ name: "x", indices: indices(0, 37) }, { indices: indices(37, 14) }], sizes);
  for (let top = -60; top < layout.height + 60; top += 7) {
    const bottom = top + 83;
    const seen = layout.order
      .map((_, position) => position)
      .filter((position) => layout.corner(position).top + sizes.down > top && layout.corner(position).top < bottom);
    const { first, last } = layout.between(top, bottom);
    assert.deepEqual(indices(first, last - first), seen, `from ${top}`);
  }
});

test("nothing has no height, and a hundred thousand images have one", () => {
  assert.deepEqual(new CardLayout([], sizes).between(0, 100), { first: 0, last: 0 });
  const many = new CardLayout([{ indices: indices(0, 100_000) }], sizes);
  assert.equal(many.height, 25_000 * 50);
  assert.deepEqual(many.between(1_000_000, 1_000_100), { first: 80_000, last: 80_008 });
});
