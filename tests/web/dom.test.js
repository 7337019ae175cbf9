// Numbers and words as people read them. The cases of numbers are those that Python reads too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import {
  equals,
  interpolate,
  inBrackets,
  number,
  percent,
  absMax,
  unpack,
} from "../../cnnlab/views/shared/web/dom.js";

const cases = JSON.parse(
  readFileSync(new URL("../helpers/numbers.json", import.meta.url), "utf-8"),
);

for (const [value, words] of cases["three digits"])
  test(`${value} is written ${words}`, () => assert.equal(number(Number(value)), words));

for (const [share, words] of cases["per cent"])
  test(`a share of ${share} is written ${words}`, () =>
    assert.equal(percent(Number(share)), words));

test("a negative number stands in brackets", () => {
  assert.equal(inBrackets(-0.5), "(−0.5)");
  assert.equal(inBrackets(2), "2");
});

test("gaps of a sentence are filled, and what is unknown stays", () => {
  assert.equal(interpolate("row {row} of {rows}", { row: 2 }), "row 2 of {rows}");
});

test("an array comes back from its bytes, at whatever place they begin", () => {
  const bytes = new Uint8Array(3 + 24);
  const numbers = Float32Array.from([1, 2, 3, 4, 5, 6]);
  bytes.set(new Uint8Array(numbers.buffer), 3);
  const data = new DataView(bytes.buffer, 3, 24);
  const array = unpack({ shape: [2, 3], type: "float32", data });
  assert.deepEqual([...array.values], [1, 2, 3, 4, 5, 6]);
  assert.equal(array.at(1, 2), 6);
});

test("the largest magnitude can be divided by", () => {
  assert.equal(absMax([1, -3, NaN, Infinity]), 3);
  assert.equal(absMax([0, 0]), 1);
});

test("a total is about the sum of addends that are rounded where they are written", () => {
  assert.equal(equals([0.26667, 0.14667, 0.11], 0.52334, 4), "≈");
  assert.equal(equals([0.25, -0.5, 1.25], 1, 4), "=");
  assert.equal(equals([0.1, 0.2], 0.1 + 0.2), "=");
  assert.equal(equals([1 / 3, 2 / 3, 1234], 1235), "=");
  assert.equal(equals([NaN, 1], NaN), "=");
});
