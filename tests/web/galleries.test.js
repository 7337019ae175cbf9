// The galleries: numbers in cells, words that have little room, and what lies under a point of the tiles.

import { shortWord } from "../../cnnlab/views/shared/web/dom.js";
import assert from "node:assert/strict";
import { test } from "node:test";

import { UnitTiles } from "../../cnnlab/views/galleries/web/tiles.js";

// Tiles without their elements: three units in a row, each of two slices of 3 x 3 cells.
const tiles = Object.assign(Object.create(UnitTiles.prototype), {
  box: { x: 10, y: 20 },
  scene: {
    tiles: {},
    units: [4, 7, 9],
    plan: { across: 3, side: 0, label: 16, line: 2, cell: 10, lines: 1, gap: 8 },
  },
  count: 3,
  h: 3,
  w: 3,
  slices: 2,
  wide: 70,
  high: 30,
  stepX: 86,
  stepY: 54,
});

test("a long word is cut", () => {
  assert.equal(shortWord("ankle boot", 6), "ankle…");
  assert.equal(shortWord("bag", 6), "bag");
});

test("a point of a tile is a cell of one of its slices", () => {
  const at = tiles.find(10 + 86 + 45, 20 + 16 + 25);
  assert.deepEqual(at, { n: 1, unit: 7, slice: 1, row: 2, column: 0 });
});

test("between two slices, and on its label, there is only the tile", () => {
  assert.deepEqual(tiles.find(10 + 35, 20 + 20), { n: 0, unit: 4 });
  assert.deepEqual(tiles.find(10 + 5, 20 + 5), { n: 0, unit: 4 });
});

test("beside the tiles there is nothing", () => {
  assert.equal(tiles.find(5, 40), null);
  assert.equal(tiles.find(10 + 75, 40), null);
  assert.equal(tiles.find(50, 20 + 54 + 20), null);
});
