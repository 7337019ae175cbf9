// The explorer: columns of a net, the terms behind a value, and what layers are called.

import assert from "node:assert/strict";
import { test } from "node:test";

import { curve } from "../../cnnlab/views/networkexplorer/web/edges.js";
import { fitsWide, NE, overviewLayout } from "../../cnnlab/views/networkexplorer/web/layout.js";
import { nearestOutput, strongestAt } from "../../cnnlab/views/networkexplorer/web/parts.js";
import {
  addend,
  bySize,
  sumsAt,
  termsAt,
  valueWords,
  winnerOf,
} from "../../cnnlab/views/networkexplorer/web/terms.js";
import { tiny } from "../../cnnlab/views/networkexplorer/web/text.js";
import { chainOf, detailWords, placesOf } from "../../cnnlab/views/networkexplorer/web/words.js";

const say = (key, values) => ({ key, ...values });

const node = (name, inputs, shape, more = {}) => ({
  name,
  inputs,
  shape,
  flat: shape.length === 1,
  units: Array.from({ length: shape.at(-1) }, (_, n) => n),
  lane: [0, 1],
  folds: false,
  ...more,
});

// An image, a convolution, a ReLU that can be folded, and the scores.
const net = {
  nodes: [
    node("", [], [8, 8, 1]),
    node("0", [0], [8, 8, 4], { folds: true }),
    node("1", [1], [8, 8, 4]),
    node("2", [2], [10]),
  ],
  softmax: { numbers: [0, 1] },
};

test("a folded layer is drawn with the one after it", () => {
  const open = overviewLayout(net, false, false);
  assert.deepEqual(open.shown, [0, 1, 2, 3]);
  const folded = overviewLayout(net, true, false);
  assert.deepEqual(folded.shown, [0, 2, 3]);
  assert.equal(folded.head[2], 1);
  assert.deepEqual(chainOf(net, folded, 2), [1, 2]);
  assert.ok(fitsWide(net));
});

test("columns follow each other and leave room for the scores", () => {
  const { boxes, right } = overviewLayout(net, false, false);
  const places = boxes.map(({ area }) => area);
  places.slice(1).forEach((area, n) => assert.ok(area.x >= places[n].x + places[n].width));
  assert.ok(places.at(-1).x + places.at(-1).width <= right);
  assert.equal(right, NE.wide - NE.scores);
  assert.deepEqual(
    boxes.map(({ maps }) => maps.length),
    [1, 4, 4],
  );
});

const unit = {
  size: [2, 2],
  units: [0, 1],
  rows: [
    [
      [-1, 0],
      [0, 1],
    ],
  ],
  columns: [[[1, 0]]],
  maps: [Float32Array.from([1, 2, 3, 4]), Float32Array.from([5, 6, 7, 8])],
  w: {
    shape: [2, 2, 1],
    at: (p, a) =>
      [
        [10, 20],
        [30, 40],
      ][p][a],
  },
  y: { at: (p) => [40, 240][p] },
  bias: { shape: [1, 1], at: () => 2 },
  result: { at: () => 282 },
  rest: null,
};

test("the terms of a window are 0 where it hangs over the edge", () => {
  const terms = termsAt(unit, 1, 0, 0);
  assert.deepEqual(
    terms.map(({ inside, value, weight, product }) => [inside, value, weight, product]),
    [
      [false, 0, 30, 0],
      [true, 6, 40, 240],
    ],
  );
});

test("the sums of all parts and the bias make the total", () => {
  const { sums, rest, bias, total } = sumsAt(unit, 0, 0);
  assert.equal(sums[0] + sums[1] + rest + bias, total);
});

test("the winner of a pool is the first largest, or the first that is no number", () => {
  const cells = (values) => values.map((value) => ({ inside: value !== null, value }));
  assert.equal(winnerOf({ largest: true }, cells([null, 1, 3, 3])), 2);
  assert.equal(winnerOf({ largest: true }, cells([1, NaN, 3])), 1);
  assert.equal(winnerOf({ largest: false }, cells([1, 2])), -1);
});

test("parts stand in their own order, or of very many the strongest first", () => {
  const u = { ...unit, rule: "sum", out: [1, 1] };
  assert.deepEqual(strongestAt(u, [0, 0], 8), [0, 1]);
  assert.deepEqual(strongestAt(u, [0, 0], 1), [1, 0]);
});

test("the output whose window lies nearest to a row", () => {
  const windows = [0, 2, 4].map((top) => [
    [top, 0],
    [top + 1, 1],
  ]);
  assert.equal(nearestOutput(windows, 3), 1);
  assert.equal(nearestOutput([[], ...windows], 5), 3);
});

test("a formula has the numbers of its layer, negative ones in brackets", () => {
  const words = valueWords(say, { formula: "norm", mean: -1, eps: 1e-5 }, { x: -2, y: 3 }, 0, 0);
  assert.deepEqual(
    [words.key, words.mean, words.eps],
    ["networkexplorer.value_norm", "(−1)", "0.00001"],
  );
  assert.equal(words.x, addend(-2));
});

test("the largest come first, whatever their sign", () => {
  const sorted = [{ sum: 1 }, { sum: -3 }, { sum: 2 }].sort(bySize("sum"));
  assert.deepEqual(
    sorted.map(({ sum }) => sum),
    [-3, 2, 1],
  );
});

test("small numbers of the scores", () => {
  assert.equal(tiny(0.0001), "<.001");
});

test("layers that are drawn as one are called by their first and last", () => {
  assert.equal(placesOf(net, [1, 2]), "0–1");
  assert.equal(placesOf({ nodes: [{ name: "3.a.0" }, { name: "3.a.1" }] }, [0, 1]), "3.a.0–1");
  const words = detailWords(say, { words: ["conv", "8·3×3"] });
  assert.deepEqual([words.count, words.size], ["8", "3×3"]);
});

test("a curve leads from the right of one box to the left of the other", () => {
  const d = curve({ x: 0, y: 0, width: 10, height: 4 }, { x: 50, y: 10, width: 5, height: 2 });
  assert.ok(d.startsWith("M10 2C") && d.endsWith("50 11"));
});
