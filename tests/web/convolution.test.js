// The Convolution view: which cell meets which weight, by a scene of one filter of 1 × 2 with stride 2.

import assert from "node:assert/strict";
import { test } from "node:test";

import { accumulate } from "../../cnnlab/views/convolution/web/entries.js";
import { convolutionLayout } from "../../cnnlab/views/convolution/web/layout.js";
import { convolutionTicks } from "../../cnnlab/views/convolution/web/main.js";
import { outputPlace, tapsOf } from "../../cnnlab/views/convolution/web/taps.js";
import { convolutionAfter, linksOf, spotOf } from "../../cnnlab/views/convolution/web/touch.js";

const array = (shape, values) => {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const at = (...place) => values[place.reduce((sum, p, axis) => sum + p * strides[axis], 0)];
  return { shape, values, at };
};

const scene = {
  x: array([1, 4, 1], [1, 2, 3, 4]),
  w: array([1, 1, 2, 1], [10, 20]),
  b: array([1], [5]),
  y: array([1, 2, 1], [55, 115]),
  dy: array([1, 2, 1], [1, 2]),
  pads: [
    [0, 0],
    [0, 1],
  ],
  rows: [[0]],
  columns: [
    [0, 1],
    [2, 3],
  ],
  outputs: 2,
};

test("outputs are numbered filter by filter, row by row", () => {
  const places = [0, 1, 2, 3, 4, 5].map((n) => outputPlace({ y: { shape: [1, 2, 3] } }, n));
  assert.deepEqual(places[3], { k: 1, i: 0, j: 1 });
  assert.deepEqual(places[4], { k: 2, i: 0, j: 0 });
});

test("the taps of an output are the products it sums", () => {
  const products = tapsOf(scene, { i: 0, j: 1, k: 0 }).flat();
  assert.deepEqual(
    products.map(({ value, weight }) => value * weight),
    [30, 80],
  );
});

test("a cell of the padding is worth 0", () => {
  const padded = {
    ...scene,
    columns: [
      [0, 1],
      [3, 4],
    ],
  };
  const [last] = tapsOf(padded, { i: 0, j: 1, k: 0 }).flat().slice(-1);
  assert.equal(last.inside, false);
  assert.equal(last.value, 0);
});

test("an input cell belongs to the outputs whose windows hold it", () => {
  const links = linksOf(scene, { kind: "input", row: 0, column: 2, channel: 0 }, null);
  assert.deepEqual(links.inputs, [[0, 2, 0]]);
  assert.deepEqual(links.outputs, [[0, 1, 0]]);
});

test("a weight belongs to every output of its filter and the cells it meets there", () => {
  const links = linksOf(scene, { kind: "weight", k: 0, u: 0, v: 1, c: 0 }, null);
  assert.deepEqual(links.inputs, [
    [0, 1, 0],
    [0, 3, 0],
  ]);
  assert.equal(links.outputs.length, 2);
});

test("a term belongs to the output that is shown", () => {
  const links = linksOf(scene, { kind: "term", c: 0, u: 0, v: 0 }, { i: 0, j: 1, k: 0 });
  assert.deepEqual(links.inputs, [[0, 2, 0]]);
  assert.deepEqual(links.outputs, [[0, 1, 0]]);
});

test("without outputs nothing belongs together", () => {
  const links = linksOf({ ...scene, outputs: 0 }, { kind: "bias", k: 0 }, null);
  assert.deepEqual(Object.values(links).flat(), []);
});

test("the backward pass adds dy times what met", () => {
  const { dx, dw, db } = accumulate(scene, 1);
  assert.deepEqual([...dx], [10, 20, 20, 40]);
  assert.deepEqual([...dw], [1 + 2 * 3, 2 + 2 * 4]);
  assert.deepEqual([...db], [3]);
});

test("typing goes along the filter and ends after its last weight", () => {
  const first = { kind: "weight", k: 0, c: 0, u: 0, v: 0 };
  assert.equal(convolutionAfter(scene, first).v, 1);
  assert.equal(convolutionAfter(scene, { ...first, v: 1 }), null);
});

test("a cell by itself is one place", () => {
  assert.deepEqual(spotOf({ kind: "bias", k: 2 }).biases, [2]);
});

test("a tick of a channel shows all of its taps at once", () => {
  const ticks = convolutionTicks(scene, "channel");
  assert.equal(ticks.at(0).taps, 2);
  assert.equal(ticks.count, 4);
});

test("all of the drawing lies within its width and height", () => {
  const layout = convolutionLayout(scene);
  const [x, y] = layout.outputAt(0);
  assert.ok(layout.outputX + x + 2 * layout.outputCell <= layout.width);
  assert.ok(y + layout.outputCell <= layout.height);
});
