// Hovering, pinning and painting. What a cell takes part in is looked up in the windows that Python sent.

import { number } from "../../shared/web/dom.js";
import { cellAfter } from "../../shared/web/pointer.js";

// The cell under a point of the drawing: {kind, …its place}, or null.
export function cellUnder(picture, x, y) {
  const { scene, layout } = picture;
  for (const [c, slice] of picture.inputs.entries()) {
    const at = slice.find(x, y);
    if (at) return { kind: "input", ...at, channel: c, padding: !slice.holds(at.row, at.column) };
  }
  for (const [k, { slices, bias }] of picture.filters.entries()) {
    if (!picture.filterShown(k)) continue;
    for (const [c, slice] of slices.entries()) {
      const at = slice.find(x, y);
      if (at) return { kind: "weight", k, u: at.row, v: at.column, c };
    }
    if (bias.find(x, y)) return { kind: "bias", k };
  }
  for (const [k, slice] of picture.outputs.entries()) {
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
  return scene.outputs ? termUnder(picture, x, y) : null;
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
// biases: [k…]}.
export function linksOf(picture, cell) {
  const { scene } = picture;
  if (!scene.outputs) return { inputs: [], weights: [], outputs: [], biases: [] };
  const [OH, OW, K] = scene.y.shape;
  const depth = scene.w.shape[3];
  if (cell.kind === "term") {
    const now = picture.place(picture.now);
    const { row, column, channel } = picture.taps(now)[cell.c][cell.u * scene.w.shape[2] + cell.v];
    return {
      inputs: [[row, column, channel]],
      weights: [[now.k, cell.u, cell.v, cell.c]],
      outputs: [[now.i, now.j, now.k]],
    };
  }
  if (cell.kind === "output")
    return { inputs: [], weights: [], outputs: [[cell.i, cell.j, cell.k]] };
  const outputs = [];
  const inputs = [];
  for (let k = 0; k < K; k++)
    for (let i = 0; i < OH; i++)
      for (let j = 0; j < OW; j++) {
        if (cell.kind === "input") {
          const reads =
            cell.channel >= picture.layout.first[k] &&
            cell.channel < picture.layout.first[k] + depth;
          if (reads && scene.rows[i].includes(cell.row) && scene.columns[j].includes(cell.column))
            outputs.push([i, j, k]);
        } else if (k === cell.k) {
          outputs.push([i, j, k]);
          if (cell.kind === "weight")
            inputs.push([
              scene.rows[i][cell.u],
              scene.columns[j][cell.v],
              picture.layout.first[k] + cell.c,
            ]);
        }
      }
  if (cell.kind === "input")
    return { inputs: [[cell.row, cell.column, cell.channel]], weights: [], outputs };
  const biases = cell.kind === "bias" ? [cell.k] : [];
  return {
    inputs,
    weights: cell.kind === "weight" ? [[cell.k, cell.u, cell.v, cell.c]] : [],
    outputs,
    biases,
  };
}

// Light the cells of `links` with the marks of that kind.
export function light(picture, kind, links) {
  const pairs = [];
  const add = (slice, row, column) => pairs.push([slice, [[row, column]]]);
  for (const [row, column, channel] of links?.inputs ?? [])
    add(picture.inputs[channel], row, column);
  for (const [k, u, v, c] of links?.weights ?? [])
    if (picture.filterShown(k)) add(picture.filters[k].slices[c], u, v);
  for (const [i, j, k] of links?.outputs ?? []) add(picture.outputs[k], i, j);
  for (const k of links?.biases ?? []) add(picture.filters[k].bias, 0, 0);
  picture.marks[kind].show(pairs);
}

export function sentenceOf(picture, cell, links) {
  const { scene, say } = picture;
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
export function paintable(picture, cell) {
  if (picture.backward)
    return cell.kind === "output"
      ? {
          array: "dy",
          place: [cell.i, cell.j, cell.k],
          value: picture.scene.dy.at(cell.i, cell.j, cell.k),
        }
      : null;
  const { x, w, b } = picture.scene;
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
  const spot = { inputs: [], weights: [], outputs: [] };
  if (cell.kind === "input") spot.inputs.push([cell.row, cell.column, cell.channel]);
  if (cell.kind === "weight") spot.weights.push([cell.k, cell.u, cell.v, cell.c]);
  if (cell.kind === "bias") spot.biases = [cell.k];
  if (cell.kind === "output") spot.outputs.push([cell.i, cell.j, cell.k]);
  return spot;
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
