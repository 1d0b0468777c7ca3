// The chord of a month is drawn from the very table that stands beside it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { layout } from "../../cowopass/static/treasury/chord.js";

const WORKED_EXAMPLE = [
  [0, 2000, 4500],
  [600, 0, 6000],
  [7200, 4000, 0],
];

test("a ribbon joins every two that owe each other, in the colour of who owes most", () => {
  const { arcs, bands } = layout(WORKED_EXAMPLE);
  assert.deepEqual(
    bands.map(({ from, to }) => [from, to]).sort(),
    [
      [0, 1],
      [1, 2],
      [2, 0],
    ],
  );
  assert.equal(arcs.length, 3);
  for (const { d } of [...arcs, ...bands]) assert.match(d, /^M[-\d.,eALQZ]+$/);
});

test("who owes nothing has an arc of no length, and no ribbon without a debt", () => {
  const { bands } = layout([
    [0, 100],
    [0, 0],
  ]);
  assert.deepEqual(bands.map(({ from, to }) => [from, to]), [[0, 1]]);
});

test("a month in which nobody owes anything draws no ribbon", () => {
  assert.deepEqual(layout([[0, 0], [0, 0]]).bands, []);
});
