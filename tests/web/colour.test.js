// Colours of values: one symmetric scale, readable digits, hues that tell the cells of a filter apart.

import assert from "node:assert/strict";
import { test } from "node:test";

import { colourOf, hueOf, inkOn } from "../../cnnlab/views/shared/web/colour.js";

test("the signed scale is symmetric about its zero", () => {
  assert.deepEqual(colourOf(0, 1, "signed", false), [248, 248, 248]);
  assert.deepEqual(colourOf(2, 1, "signed", false), colourOf(1, 1, "signed", false));
  assert.notDeepEqual(colourOf(1, 1, "signed", false), colourOf(-1, 1, "signed", false));
});

test("a value that is no number has a colour of its own", () => {
  assert.deepEqual(colourOf(NaN, 1, "signed", false), [214, 120, 214]);
});

test("digits are black on light and white on dark", () => {
  assert.equal(inkOn([255, 255, 255]), "#000");
  assert.equal(inkOn([8, 8, 8]), "#fff");
});

test("every cell of a filter has a hue of its own", () => {
  for (const [places, columns] of [
    [9, 3],
    [25, 5],
    [12, 4],
  ]) {
    const hues = new Set(
      Array.from({ length: places }, (_, n) => hueOf(n, places, false, columns)),
    );
    assert.equal(hues.size, places);
  }
});
