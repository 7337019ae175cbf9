// What views share: the next cell to type in, answers, lines of words, movement.

import assert from "node:assert/strict";
import { test } from "node:test";

import { wordLines } from "../../cnnlab/views/shared/web/lines.js";
import { cellAfter } from "../../cnnlab/views/shared/web/pointer.js";
import { isAnswer, mistakeOf } from "../../cnnlab/views/shared/web/predict.js";
import { between, ease } from "../../cnnlab/views/shared/web/slice.js";

test("the next cell counts the last place fastest and ends after the last", () => {
  const ranges = [
    ["row", 2],
    ["column", 3],
  ];
  assert.deepEqual(cellAfter({ row: 0, column: 2 }, ranges), { row: 1, column: 0 });
  assert.equal(cellAfter({ row: 1, column: 2 }, ranges), null);
});

test("an answer may be rounded to the decimals that were typed", () => {
  assert.ok(isAnswer("0.33", 0.33, 1 / 3));
  assert.ok(!isAnswer("0.34", 0.34, 1 / 3));
  assert.ok(isAnswer("12", 12, 12.0001));
});

test("one digit is no rounding of anything", () => {
  assert.ok(!isAnswer("0.3", 0.3, 0.349));
});

test("a wrong answer is recognised by the mistake that makes it", () => {
  const bytes = new Float64Array([7]);
  const y = { shape: [1], type: "float64", data: new DataView(bytes.buffer) };
  assert.equal(mistakeOf([{ name: "flipped", y }], 7, [0]), "flipped");
  assert.equal(mistakeOf([{ name: "flipped", y }], 8, [0]), null);
});

test("words fit their box, in a smaller font where they must", () => {
  const tokens = ["one", "two", "three"].map((text) => ({ text }));
  const wide = wordLines(tokens, { width: 400, height: 40 }, 20);
  const narrow = wordLines(tokens, { width: 60, height: 40 }, 20);
  assert.equal(wide.font, 20);
  assert.equal(wide.lines.length, 1);
  assert.ok(narrow.font < 20);
  assert.deepEqual(
    narrow.lines.flat().map(({ text }) => text),
    ["one", "two", "three"],
  );
});

test("a movement begins and ends where it should", () => {
  assert.deepEqual(between([0, 10], [4, 20], 0), [0, 10]);
  assert.deepEqual(between([0, 10], [4, 20], 1), [4, 20]);
  assert.equal(ease(0.5), 0.5);
});
