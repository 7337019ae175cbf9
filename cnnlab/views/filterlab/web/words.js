// The FilterLab in words: the cell that is pointed at, the line of code and the sentence of a pixel, the sum of the weights.

import { number } from "../../shared/web/dom.js";
import { hasKernel } from "../../shared/web/frame.js";
import { labPlace, labTerms, labTotals, precise, sumOf } from "./explain.js";
import { CHANNELS } from "./pixels.js";
import { labTarget } from "./touch.js";

export function labWords(drawing, cell) {
  if (cell.kind === "term") return labTermWords(drawing, cell);
  const target = labTarget(drawing, cell);
  if (!target) return "";
  const words = {
    ...cell,
    value: number(target.value),
    ...(drawing.scene.mode === "mix" ? mixNames(drawing, cell) : {}),
  };
  const kind = `${cell.kind}${drawing.scene.mode === "mix" ? "_mix" : ""}${hasKernel(drawing.parts) ? "" : "_exported"}`;
  return drawing.say(`filterlab.told_${kind}`, words);
}

// Into which channel of the result a row of a mix leads, and from which one a column comes.
function mixNames({ say }, { kind, k, u, v }) {
  const name = (channel) => say(`filterlab.channel_${CHANNELS[channel]}`);
  return kind === "bias" ? { name: name(k) } : { into: name(u), from: name(v) };
}

// A product of the pixel explained: where its value stands in the image, and its weight.
function labTermWords(drawing, { n, u, v }) {
  const { scene, say, explained } = drawing;
  const F = scene.w.shape[1];
  const mix = scene.mode === "mix";
  const [k, c] = mix ? [u, v] : { grey: [0, 0], colour: [0, n], each: [n, 0] }[scene.mode];
  const { value, weight, inside } = labTerms(drawing, explained, k, c)[mix ? 0 : u * F + v];
  const { i, j } = labPlace(scene, explained);
  const place = {
    row: scene.rows[i] + (mix ? 0 : u),
    column: scene.columns[j] + (mix ? 0 : v),
    c: scene.mode === "each" ? n : c,
  };
  const words = {
    ...place,
    value: number(value),
    weight: number(weight),
    product: precise(value * weight),
  };
  return say(inside ? "filterlab.term" : "filterlab.term_padding", words);
}

// The line of NumPy that computes pixel n: rows and columns of the padded image, as NumPy slices it.
export function labCode({ scene }, n, say) {
  const { i, j } = labPlace(scene, n);
  const F = scene.w.shape[1];
  const row = scene.rows[i] - scene.rows[0];
  const column = scene.columns[j] - scene.columns[0];
  const channels = scene.mode === "each" ? "0:1" : ":";
  const line = { i, j, k: 0, row, row_end: row + F, column, column_end: column + F, channels };
  const [[top, bottom], [left, right]] = scene.pads;
  if (!(top + bottom + left + right)) return say("filterlab.code", line);
  return say("filterlab.code_padded", { ...line, top, bottom, left, right });
}

export function labSentence(drawing, n, say) {
  const [, F, , C] = drawing.scene.w.shape;
  const total = labTotals(drawing, n)
    .map((value) => number(value))
    .join(", ");
  return say("filterlab.sentence", { ...labPlace(drawing.scene, n), products: F * F * C, total });
}

// What the sum of the weights does to parts of the image where nothing changes: with slices of different sums, that is
// known for grey parts alone.
export function sumWords({ sums, b }, say) {
  const sum = Number(sumOf(sums).toFixed(4)); // three thirds are 1
  const kind = sum === 1 ? "one" : sum === 0 ? "zero" : sum < 0 ? "negative" : "other";
  const same = sums.every((one) => one === sums[0]);
  const words = say(same ? `filterlab.sum_${kind}` : `filterlab.sum_${kind}_grey`, {
    sum: number(sum),
  });
  return b.shape[0] === 1 && b.at(0) ? say("filterlab.and_bias", { words }) : words;
}
