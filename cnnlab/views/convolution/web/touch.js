// Hovering, pinning and painting. What a cell takes part in is looked up in the windows that Python sent.

import { number } from "../../shared/web/dom.js";
import { cellAfter } from "../../shared/web/pointer.js";
import { firstChannel, outputPlace, tapOf } from "./taps.js";

// The cell under a point of the drawing: {kind, …its place}, or null.
export function cellUnder(drawing, x, y) {
  const { scene } = drawing;
  for (const [c, slice] of drawing.inputs.entries()) {
    const at = slice.find(x, y);
    if (at) return { kind: "input", ...at, channel: c, padding: !slice.holds(at.row, at.column) };
  }
  for (const [k, { slices, bias }] of drawing.filters.entries()) {
    if (!drawing.filterShown(k)) continue;
    for (const [c, slice] of slices.entries()) {
      const at = slice.find(x, y);
      if (at) return { kind: "weight", k, u: at.row, v: at.column, c };
    }
    if (bias.find(x, y)) return { kind: "bias", k };
  }
  for (const [k, slice] of drawing.outputs.entries()) {
    const at = slice.find(x, y);
    if (at)
      return {
        kind: "output",
        k,
        i: at.row,
        j: at.column,
        n: (k * slice.rows + at.row) * slice.columns + at.column,
      };
  }
  return scene.outputs ? termUnder(drawing, x, y) : null;
}

function termUnder({ layout, scene }, x, y) {
  const [, FH, FW, depth] = scene.w.shape;
  for (let c = 0; c < depth; c++) {
    const [left, top] = layout.blockAt(c);
    const v = Math.floor((x - layout.ledgerX - left) / layout.termWidth);
    const u = Math.floor((y - top) / layout.termHeight);
    if (v >= 0 && v < FW && u >= 0 && u < FH) return { kind: "term", c, u, v };
  }
  return null;
}

// All that a cell takes part in: {inputs: [[row, column, channel]…], weights: [[k, u, v, c]…], outputs: [[i, j, k]…],
// biases: [k…]}; now is the place of the output shown.
export function linksOf(scene, cell, now) {
  const none = { inputs: [], weights: [], outputs: [], biases: [] };
  if (!scene.outputs) return none;
  if (cell.kind === "output") return { ...none, outputs: [[cell.i, cell.j, cell.k]] };
  if (cell.kind === "term") return { ...none, ...termLinks(scene, cell, now) };
  const outputs = outputPlaces(scene).filter((place) => takesPart(scene, cell, place));
  return { ...none, ...spotOf(cell), outputs, ...weightLinks(scene, cell, outputs) };
}

function termLinks(scene, { u, v, c }, now) {
  const { row, column, channel } = tapOf(scene, now, u, v, c);
  return {
    inputs: [[row, column, channel]],
    weights: [[now.k, u, v, c]],
    outputs: [[now.i, now.j, now.k]],
  };
}

// All outputs in the order of the trace: [[i, j, k], …].
function outputPlaces(scene) {
  return Array.from({ length: scene.outputs }, (_, n) => {
    const { i, j, k } = outputPlace(scene, n);
    return [i, j, k];
  });
}

// Does an output need this input cell, weight or bias?
function takesPart(scene, cell, place) {
  const [i, j, k] = place;
  if (cell.kind !== "input") return k === cell.k;
  const c = cell.channel - firstChannel(scene, k);
  const read = scene.rows[i].includes(cell.row) && scene.columns[j].includes(cell.column);
  return read && c >= 0 && c < scene.w.shape[3];
}

// A weight also lights the input cells that it multiplies.
function weightLinks(scene, { kind, u, v, c }, outputs) {
  if (kind !== "weight") return {};
  const inputs = outputs.map(([i, j, k]) => {
    const { row, column, channel } = tapOf(scene, { i, j, k }, u, v, c);
    return [row, column, channel];
  });
  return { inputs };
}

// Light the cells of `links` with the marks of that kind.
export function light(drawing, kind, links) {
  const { inputs = [], weights = [], outputs = [], biases = [] } = links ?? {};
  const { filters, marks } = drawing;
  const drawn = weights.filter(([k]) => drawing.filterShown(k));
  marks[kind].show([
    ...inputs.map(([row, column, channel]) => [drawing.inputs[channel], [[row, column]]]),
    ...drawn.map(([k, u, v, c]) => [filters[k].slices[c], [[u, v]]]),
    ...outputs.map(([i, j, k]) => [drawing.outputs[k], [[i, j]]]),
    ...biases.map((k) => [filters[k].bias, [[0, 0]]]),
  ]);
}

export function sentenceOf(drawing, cell, links) {
  const { scene, say } = drawing;
  const counts = { inputs: links.inputs.length, outputs: links.outputs.length };
  if (cell.kind === "input" && cell.padding) return say("convolution.reads_padding", counts);
  if (cell.kind === "input")
    return say("convolution.reads_input", {
      ...cell,
      ...counts,
      value: number(scene.x.at(cell.row, cell.column, cell.channel)),
    });
  if (cell.kind === "weight")
    return say("convolution.reads_weight", {
      ...cell,
      ...counts,
      value: number(scene.w.at(cell.k, cell.u, cell.v, cell.c)),
    });
  if (cell.kind === "bias")
    return say("convolution.reads_bias", { ...cell, ...counts, value: number(scene.b.at(cell.k)) });
  return "";
}

// Which array a cell belongs to and where, if it can be painted; null if not.
export function paintable(drawing, cell) {
  if (drawing.backward)
    return cell.kind === "output"
      ? {
          array: "dy",
          place: [cell.i, cell.j, cell.k],
          value: drawing.scene.dy.at(cell.i, cell.j, cell.k),
        }
      : null;
  const { x, w, b } = drawing.scene;
  if (cell.kind === "input" && !cell.padding)
    return {
      array: "x",
      place: [cell.row, cell.column, cell.channel],
      value: x.at(cell.row, cell.column, cell.channel),
    };
  if (cell.kind === "weight")
    return {
      array: "w",
      place: [cell.k, cell.u, cell.v, cell.c],
      value: w.at(cell.k, cell.u, cell.v, cell.c),
    };
  if (cell.kind === "bias") return { array: "b", place: [cell.k], value: b.at(cell.k) };
  return null;
}

// A cell by itself, as `light` takes it.
export function spotOf(cell) {
  const { kind, k } = cell;
  return {
    inputs: kind === "input" ? [[cell.row, cell.column, cell.channel]] : [],
    weights: kind === "weight" ? [[k, cell.u, cell.v, cell.c]] : [],
    outputs: kind === "output" ? [[cell.i, cell.j, k]] : [],
    biases: kind === "bias" ? [k] : [],
  };
}

// The cell in which one types after this one: along the row, then in the next, then in the next slice of the filter.
export function convolutionAfter({ x, w }, cell) {
  const [H, W] = x.shape;
  const [K, FH, FW, depth] = w.shape;
  if (cell.kind === "weight")
    return cellAfter(cell, [
      ["c", depth],
      ["u", FH],
      ["v", FW],
    ]);
  if (cell.kind === "bias") return cellAfter(cell, [["k", K]]);
  return cell.kind === "input"
    ? cellAfter(cell, [
        ["row", H],
        ["column", W],
      ])
    : null;
}
