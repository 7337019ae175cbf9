// The Trainer: its axes, its tiles, its words, and the bytes that come beside a message.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  highest,
  nearestCheckpoint,
  nearestPoint,
  powersOfTen,
  roundUp,
  smooth,
  stepAxis,
} from "../../cnnlab/views/trainer/web/axis.js";
import { trainerSentence } from "../../cnnlab/views/trainer/web/status.js";
import { accuracyPercent, thousands } from "../../cnnlab/views/trainer/web/text.js";
import { tilePlan } from "../../cnnlab/views/trainer/web/tiles.js";
import { withBuffers } from "../../cnnlab/views/trainer/web/wire.js";

const say = (key) => key;

test("steps that grow by factors lie about evenly", () => {
  assert.equal(stepAxis(0), 0);
  const apart = [10, 100, 1000].map((step) => stepAxis(10 * step) - stepAxis(step));
  assert.ok(Math.max(...apart) - Math.min(...apart) < 0.1);
});

test("the end of an axis is the next of 1, 2, 5, 10", () => {
  assert.deepEqual([0.13, 1, 1.2, 2.01, 7].map(roundUp), [0.2, 1, 2, 5, 10]);
});

test("ticks stand at the powers of ten up to the last step", () => {
  assert.deepEqual(powersOfTen(1000), [1, 10, 100, 1000]);
  assert.deepEqual(powersOfTen(999), [1, 10, 100]);
  assert.deepEqual(powersOfTen(1), [1]);
});

test("points that crowd become their mean", () => {
  const points = [
    [0, 1],
    [1, 3],
    [40, 5],
  ];
  assert.deepEqual(smooth(points), [
    [0.5, 2],
    [40, 5],
  ]);
});

test("the highest value of all lines, and 1 where there is none", () => {
  const line = { shape: [2, 2], values: [10, 20, 0.5, 3] };
  assert.equal(highest(line), 3);
  assert.equal(highest(), 1);
});

test("the nearest checkpoint and the nearest point are found along the axis, not along the steps", () => {
  assert.equal(nearestCheckpoint([0, 10, 1000], 60), 1);
  assert.equal(nearestCheckpoint([0, 10, 1000], 600), 2);
  assert.equal(nearestCheckpoint([], 5), 0);
  const line = { shape: [2, 3], values: [0, 10, 1000, 0.1, 0.2, 0.3] };
  assert.deepEqual(nearestPoint(line, 60), [10, 0.2]);
  assert.equal(nearestPoint({ shape: [2, 0], values: [] }, 60), undefined);
});

test("shares and counts as people write them", () => {
  assert.equal(accuracyPercent(0.1234), "12.3 %");
  assert.equal(accuracyPercent(null), "–");
  assert.equal(thousands(12345), "12,345");
});

test("tiles fill their box, and the slices of a filter stand in its column", () => {
  const box = { width: 430, height: 100 };
  const maps = tilePlan([8, 1, 12, 12], box, false);
  assert.ok(maps.rows * maps.columns >= 8 && !maps.slices);
  assert.ok(maps.columns * (maps.w + maps.gap) * maps.scale <= box.width + maps.gap * maps.scale);
  const filters = tilePlan([6, 4, 3, 3], box, false);
  assert.deepEqual([filters.columns, filters.rows, filters.slices], [6, 4, true]);
  assert.equal(tilePlan([6, 3, 5, 5], box, true).slices, false);
});

test("bytes that came beside a message take their places in it", () => {
  const bytes = new Uint8Array([1, 2, 3]).buffer;
  const message = { look: [{ data: { buffer: 0 } }], buffer: { buffer: 1, more: 2 } };
  const whole = withBuffers(message, [bytes]);
  assert.equal(whole.look[0].data.byteLength, 3);
  assert.deepEqual(whole.buffer, { buffer: 1, more: 2 });
});

test("a sentence says of which step its accuracies are, where not of this one", () => {
  const metrics = {
    step: 20,
    accuracy: 0.5,
    test_accuracy: 0.4,
    test_step: 10,
    evaluated_images: 0,
  };
  assert.equal(
    trainerSentence({ metrics }, say, { held_out: true }),
    "trainer.spoken (trainer.at_step)",
  );
  const now = { ...metrics, test_step: 20 };
  assert.equal(
    trainerSentence({ metrics: now }, say, { held_out: false }),
    "trainer.spoken_trained",
  );
});
