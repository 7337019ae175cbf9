// The FilterLab: how a pixel is made, where everything stands, and what belongs to what.

import assert from "node:assert/strict";
import { test } from "node:test";

import { runs } from "../../cnnlab/views/filterlab/web/build.js";
import { labPlace, labTerms, labTotals } from "../../cnnlab/views/filterlab/web/explain.js";
import { LAB, labLayout } from "../../cnnlab/views/filterlab/web/layout.js";
import { labLinks, labSides, labTarget, labUnder } from "../../cnnlab/views/filterlab/web/touch.js";
import { labCode, sumWords } from "../../cnnlab/views/filterlab/web/words.js";

const say = (key, values = {}) => `${key} ${JSON.stringify(values)}`;

// An array of this shape whose values are counted up from `first`.
function counted(shape, first = 0) {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const count = shape.reduce((a, b) => a * b, 1);
  const values = Array.from({ length: count }, (_, n) => first + n);
  const at = (...place) => values[place.reduce((sum, p, axis) => sum + p * strides[axis], 0)];
  return { shape, values, at };
}

// A grey image of 3 rows and 4 columns under a filter of 3 x 3, padded so that nothing is lost.
const grey = {
  x: counted([3, 4, 1], 1),
  scene: {
    mode: "grey",
    w: counted([1, 3, 3, 1], 1),
    b: counted([1], 5),
    y: counted([3, 4, 1]),
    rows: [-1, 0, 1],
    columns: [-1, 0, 1, 2],
    pads: [
      [1, 1],
      [1, 1],
    ],
    unread: [[], []],
    overhang: [null, null],
    outputs: 12,
    sums: [45],
  },
};

test("pixels are counted row by row", () => {
  assert.deepEqual(labPlace(grey.scene, 6), { i: 1, j: 2 });
});

test("a term in the padding is outside and 0", () => {
  const terms = labTerms(grey, 0, 0, 0);
  assert.equal(terms.length, 9);
  assert.deepEqual(terms[0], { value: 0, weight: 1, inside: false });
  assert.deepEqual(terms[4], { value: 1, weight: 5, inside: true });
  assert.deepEqual(terms[8], { value: 6, weight: 9, inside: true });
});

test("a total is the sum of the products and the bias", () => {
  const sum = labTerms(grey, 5, 0, 0).reduce((all, term) => all + term.value * term.weight, 0);
  assert.deepEqual(labTotals(grey, 5), [sum + 5]);
});

test("image, filter and result stand side by side and inside the drawing", () => {
  const layout = labLayout(grey);
  assert.ok(layout.inputX + 4 * layout.scale <= layout.middleX);
  assert.ok(layout.middleX + layout.middleWide <= layout.resultX);
  assert.ok(layout.resultX + 4 * layout.resultScale <= LAB.wide + 1e-9);
  const mix = { ...grey.scene, mode: "mix", w: counted([3, 1, 1, 3]), y: counted([3, 4, 3]) };
  const rows = labLayout({ scene: mix, x: counted([3, 4, 3]) });
  assert.ok(rows.foot + rows.patch <= LAB.high);
  assert.equal(rows.side, 3);
});

test("a weight of a grey filter belongs to its value and to its product", () => {
  const cell = { kind: "weight", n: 0, u: 1, v: 2 };
  const links = labLinks({ scene: grey.scene, grids: [0, 1] }, cell);
  assert.deepEqual(links.terms, [
    [0, 1, 2],
    [1, 1, 2],
  ]);
  assert.deepEqual(labTarget(grey, cell), { array: "w", place: [0, 1, 2, 0], value: 6 });
  assert.equal(labTarget(grey, { kind: "output", n: 3 }), null);
});

test("in a mix the rows are what comes out and the columns what goes in", () => {
  const scene = { mode: "mix", w: counted([3, 1, 1, 3]), b: counted([3]) };
  const target = labTarget({ scene }, { kind: "weight", n: 0, u: 2, v: 1 });
  assert.deepEqual(target, { array: "w", place: [2, 0, 0, 1], value: 7 });
  assert.deepEqual(labSides(scene), [
    ["u", 3],
    ["v", 3],
  ]);
});

test("a point of the image is the pixel whose window has it in its middle", () => {
  const nothing = { find: () => null };
  const drawing = {
    ...grey,
    slices: [nothing],
    biases: [],
    grids: [nothing],
    result: nothing,
    input: { find: () => ({ row: 1, column: 3 }) },
  };
  assert.deepEqual(labUnder(drawing, 0, 0), { kind: "output", n: 7, i: 1, j: 3 });
});

test("the line of code slices the padded image", () => {
  const line = labCode(grey, 6, say);
  assert.ok(line.startsWith("filterlab.code_padded"));
  const values = JSON.parse(line.slice(line.indexOf(" ")));
  assert.deepEqual([values.row, values.row_end, values.column, values.column_end], [1, 4, 2, 5]);
});

test("weights that add up to one keep the brightness, three thirds too", () => {
  const third = 0.333333;
  assert.ok(sumWords({ sums: [3 * third], b: counted([1]) }, say).startsWith("filterlab.sum_one "));
  const uneven = sumWords({ sums: [1, -1], b: counted([2]) }, say);
  assert.ok(uneven.startsWith("filterlab.sum_zero_grey"));
});

test("rows that follow each other are one run", () => {
  assert.deepEqual(runs([3, 4, 5, 9]), [
    [3, 3],
    [9, 1],
  ]);
  assert.deepEqual(runs([]), []);
});
