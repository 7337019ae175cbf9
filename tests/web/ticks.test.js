// The ticks of a play bar: which output is shown, how far, and which outputs are known before it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { outputTicks } from "../../cnnlab/views/shared/web/ticks.js";

test("an output takes a tick for each of its parts and one for its total", () => {
  const ticks = outputTicks(4, "multiply", 3);
  assert.equal(ticks.count, 16);
  assert.deepEqual(ticks.at(0), { n: 0, taps: 1, total: false, upto: 0 });
  assert.deepEqual(ticks.at(3), { n: 0, taps: 3, total: true, upto: 0 });
  for (let n = 0; n < 4; n++) assert.equal(ticks.at(ticks.tickOf(n)).n, n);
});

test("a tick of rows shows the last output of its row", () => {
  const ticks = outputTicks(6, "row", 9, 3);
  assert.equal(ticks.count, 2);
  assert.equal(ticks.at(1).n, 5);
  assert.equal(ticks.tickOf(4), 1);
});

test("without outputs there is one tick, and nothing is shown", () => {
  const ticks = outputTicks(0, "output", 9);
  assert.equal(ticks.count, 1);
  assert.equal(ticks.at(0).total, false);
});
