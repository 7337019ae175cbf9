// The other views with windows: which cells belong together, on scenes of a few cells.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cellPlace, copiesOf, filterTap, im2colPlace } from "../../cnnlab/views/im2col/web/taps.js";
import { codePieces } from "../../cnnlab/views/im2col/web/threads.js";
import { poolingLinks, poolingSpot } from "../../cnnlab/views/pooling/web/touch.js";
import { cellsOf, pooledPlace, Received } from "../../cnnlab/views/pooling/web/windows.js";
import { stripAfter, stripLinks } from "../../cnnlab/views/strip1d/web/touch.js";

const row = (values) => ({ shape: [1, values.length, 1], values, at: (_, j) => values[j] });

const im2col = {
  x: row([1, 2, 3]),
  y: { shape: [1, 2, 1] },
  w: { shape: [1, 1, 2, 1], values: [5, 6] },
  cols: { shape: [2, 2] },
  rows: [[0]],
  columns: [
    [0, 1],
    [1, 2],
  ],
};

test("a cell that two windows read is copied twice", () => {
  assert.deepEqual(copiesOf(im2col, [0, 1, 0]), [
    [0, 1],
    [1, 0],
  ]);
  assert.deepEqual(copiesOf(im2col, [0, 0, 0]), [[0, 0]]);
});

test("a row of X_col is one weight of the filter, a column one place", () => {
  assert.deepEqual(filterTap(im2col, 1), { u: 0, v: 1, c: 0 });
  assert.deepEqual(im2colPlace(im2col, 1), { k: 0, p: 1, i: 0, j: 1 });
  assert.deepEqual(cellPlace(im2col, 2), [0, 2, 0]);
});

test("code is broken before = and +", () => {
  assert.deepEqual(codePieces("i = a + b"), ["i", "= a", "+ b"]);
});

const pooling = {
  x: row([1, 4, 2, 3]),
  y: row([4, 3]),
  dy: row([10, 20]),
  switches: row([1, 3]),
  mode: "max",
  rows: [[0]],
  columns: [
    [0, 1],
    [2, 3],
  ],
  outputs: 2,
};

test("a max pool sends dY back to the winner", () => {
  assert.deepEqual([...new Received(pooling).upTo(1)], [0, 10, 0, 20]);
});

test("an average pool shares dY evenly", () => {
  assert.deepEqual([...new Received({ ...pooling, mode: "average" }).upTo(1)], [5, 5, 10, 10]);
});

test("dX begins again when an earlier output is shown", () => {
  const received = new Received(pooling);
  received.upTo(1);
  assert.deepEqual([...received.upTo(0)], [0, 10, 0, 0]);
});

test("a pooled output reads the cells of its window", () => {
  const { outputs, inputs } = poolingLinks(pooling, { kind: "output", i: 0, j: 1, c: 0 }, 0);
  assert.deepEqual(outputs, [[0, 1, 0]]);
  assert.deepEqual(inputs, [
    [0, 2, 0],
    [0, 3, 0],
  ]);
  assert.equal(cellsOf(pooling, pooledPlace(pooling, 1)).length, 2);
  assert.deepEqual(poolingSpot({ kind: "output", i: 0, j: 1, c: 0 }).inputs, []);
});

const strip = {
  x: { shape: [4] },
  w: { shape: [2] },
  windows: [
    [0, 1],
    [2, 3],
  ],
};

test("a weight of the strip is in every window", () => {
  const { inputs, outputs, wires } = stripLinks(strip, { kind: "weight", v: 1 });
  assert.deepEqual(inputs, [1, 3]);
  assert.deepEqual(outputs, [0, 1]);
  assert.deepEqual(wires, [
    [0, 1],
    [1, 1],
  ]);
});

test("typing goes along the strip and ends after its last cell", () => {
  assert.equal(stripAfter(strip, { kind: "input", place: 2 }).place, 3);
  assert.equal(stripAfter(strip, { kind: "input", place: 3 }), null);
});
