// The words of the Convolution view about one output: its line of code, its sum, the present multiply.

import { inBrackets, number } from "../../shared/web/dom.js";
import { outputPlace, tapsOf } from "./taps.js";

export function convolutionCode({ scene, say, backward }, n) {
  const place = outputPlace(scene, n);
  const { rows, columns, channels } = scene.code;
  const slices = { rows: rows[place.i], columns: columns[place.j], channels: channels[place.k] };
  return say(backward ? "convolution.code_backward" : "convolution.code", { ...place, ...slices });
}

// The present multiply in words, and what the output has come to so far.
export function multiplyWords({ scene, say }, n, taps) {
  const shown = tapsOf(scene, outputPlace(scene, n)).flat().slice(0, taps);
  const { value, weight, inside } = shown.at(-1);
  const sofar = shown.reduce((sum, tap) => sum + (tap.inside ? tap.value * tap.weight : 0), 0);
  return say("convolution.multiply", {
    value: number(value),
    weight: inBrackets(weight),
    product: number(inside ? value * weight : 0),
    sofar: number(sofar),
  });
}

export function convolutionSentence({ scene, say }, n) {
  const place = outputPlace(scene, n);
  const { i, j, k } = place;
  const [, FH, FW, depth] = scene.w.shape;
  const sums = Array.from({ length: depth }, (_, c) => scene.sums.at(i, j, k, c));
  return say("convolution.sentence", {
    ...place,
    products: FH * FW * depth,
    sum: number(sums.reduce((a, b) => a + b, 0)),
    bias: number(scene.b.at(k)),
    total: number(scene.y.at(i, j, k)),
  });
}
