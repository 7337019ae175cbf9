// What lies under the pointer in the Im2col view, and what belongs to it: looked up in the copies Python sent. A cell with
// a number n moves the cursor to that output.

import { inBrackets, number, set } from "../../shared/web/dom.js";
import { around } from "./paint.js";

export function im2colUnder(picture, x, y) {
  const { scene, strip, layout } = picture;
  for (const [channel, slice] of picture.inputs.entries()) {
    const at = slice.find(x, y);
    if (at) return { kind: "input", ...at, channel, padding: !slice.holds(at.row, at.column) };
  }
  if (!scene.outputs) return weightUnder(strip.find(x, y));
  const step = picture.model.get("step");
  return (
    matrixUnder(picture, x, y, picture.place(step).k) ??
    stripUnder(picture, x, y, step % layout.places)
  );
}

// The place of an output, a thread, X_col, its product or the sparse matrix under a point, for filter k.
function matrixUnder(picture, x, y, k) {
  const { scene, layout } = picture;
  const OW = scene.y.shape[1];
  const cell = (kind, p, more = {}, filter = k) => ({
    kind,
    p,
    k: filter,
    n: filter * layout.places + p,
    ...more,
  });
  const output = picture.output.find(x, y);
  if (output) return cell("output", output.row * OW + output.column);
  const thread = picture.threads.find(x, y);
  if (thread)
    return thread.i < scene.y.shape[0] && thread.j < OW
      ? cell("thread", thread.i * OW + thread.j, thread)
      : { kind: "idle", ...thread };
  const entry = picture.columns.find(x, y);
  if (entry) return cell("entry", entry.column, { r: entry.row });
  const product = picture.product.find(x, y);
  if (product) return cell("output", product.column, {}, product.row);
  const sparse = picture.sparse.find(x, y);
  if (sparse) return cell("sparse", sparse.p, sparse);
  return null;
}

// A weight, a bias or a product of the strip, or a cell of the sparse matrix's present row.
function stripUnder(picture, x, y, p) {
  const at = picture.strip.find(x, y);
  const weight = weightUnder(at);
  if (weight) return { ...weight, n: weight.k * picture.layout.places + p };
  const now = picture.place(picture.now);
  if (at) return { kind: "term", r: at.r, p: now.p, k: now.k };
  const cell = picture.sparse.findCell(x, y);
  if (cell === null) return null;
  const r = picture.tapAt[now.p].get(cell);
  return r === undefined
    ? { kind: "hole", cell, p: now.p, k: now.k }
    : { kind: "term", r, p: now.p, k: now.k };
}

function weightUnder(at) {
  if (at?.part === "weights") return { kind: "weight", k: at.k, r: at.r };
  return at?.part === "biases" ? { kind: "bias", k: at.k } : null;
}

// {inputs: [[row, column, channel], …], entries: [[r, p], …], weights: [[k, r], …], biases: [k], places: [p],
// readers: [p, …]}: places of the output that the cell belongs to, and of all outputs that read it.
export function im2colLinks(picture, cell) {
  const { kind, r, p, k } = cell;
  const links = {
    inputs: [],
    entries: [],
    weights: [],
    biases: kind === "bias" ? [k] : [],
    places: p === undefined ? [] : [p],
    readers: [],
  };
  if (kind === "input") links.inputs = [[cell.row, cell.column, cell.channel]];
  if (!picture.scene.outputs) return { ...links, weights: kind === "weight" ? [[k, r]] : [] };
  if (kind === "entry" || kind === "term") links.inputs = [picture.source(r, p)];
  if (kind === "sparse" || kind === "hole") links.inputs = [cellOf(picture, cell.cell)];
  if (kind === "input" || kind === "entry") links.entries = copiesOf(picture, links.inputs[0]);
  if (kind === "term") links.entries = [[r, p]];
  if (kind === "sparse" && picture.tapAt[p].has(cell.cell))
    links.entries = [[picture.tapAt[p].get(cell.cell), p]];
  if (kind === "weight")
    links.entries = Array.from({ length: picture.layout.places }, (_, place) => [r, place]);
  if (kind === "weight" || kind === "term") links.weights = [[k, r]];
  if (kind === "input") links.readers = links.entries.map(([, place]) => place);
  return links;
}

// The place of an input cell of which one knows the number in the flat input.
function cellOf({ scene }, cell) {
  const [, W, C] = scene.x.shape;
  return [Math.floor(cell / (W * C)), Math.floor(cell / C) % W, cell % C];
}

// The entries of X_col that are copies of this cell of the padded input.
function copiesOf(picture, cell) {
  const found = [];
  for (let r = 0; r < picture.layout.taps; r++)
    for (let p = 0; p < picture.layout.places; p++)
      if (picture.source(r, p).every((at, axis) => at === cell[axis])) found.push([r, p]);
  return found;
}

export function im2colLight(picture, kind, links) {
  if (!picture.marks) return;
  const { strip, sparse } = picture;
  const pairs = [
    ...(links?.inputs ?? []).map(([row, column, channel]) => [
      picture.inputs[channel],
      [[row, column]],
    ]),
    ...(links?.entries ?? []).map((entry) => [picture.columns, [entry]]),
    ...(links?.weights ?? []).map((weight) => [strip.weights, [weight]]),
    ...(links?.biases ?? []).map((k) => [strip.biases, [[k, 0]]]),
  ];
  for (const [r, p] of links?.entries ?? [])
    if (p === links.places[0])
      pairs.push([strip.column, [[0, r]]], ...drawnIn(sparse, picture.scene.copies.at(r, p)));
  picture.marks[kind].show(pairs);
  if (picture.reads[kind])
    set(picture.reads[kind], {
      d: (links?.readers ?? []).map((p) => readerPath(picture, p)).join(""),
    });
}

// A cell of the sparse matrix's present row; the padding has none.
const drawnIn = (sparse, cell) => (cell < 0 ? [] : [[sparse, [cell]]]);

// The column, the row, the thread and the output of place p, as one path.
function readerPath(picture, p) {
  const { i, j } = picture.place(p);
  const column = around(picture.columns, 0, p, picture.layout.taps, 1).outline();
  return (
    column +
    picture.sparse.rowPath(p) +
    picture.threads.outline([[i, j]]) +
    picture.output.outline([[i, j]])
  );
}

export function im2colWords(picture, cell, links) {
  const { scene, say } = picture;
  const { kind, r, p, k } = cell;
  const copies = links.entries.length;
  if (kind === "bias") return say("convolution.reads_bias", { k, value: number(scene.b.at(k)) });
  if (kind === "idle")
    return say("im2col.reads_idle", {
      i: cell.i,
      j: cell.j,
      OH: scene.y.shape[0],
      OW: scene.y.shape[1],
    });
  if (kind === "thread") return threadWords(picture, cell);
  if (kind === "weight")
    return say("im2col.reads_weight", {
      k,
      r,
      ...picture.tap(r),
      value: number(picture.weight(k, r)),
    });
  if (kind === "output") return "";
  const [row, column, c] = links.inputs[0];
  const padding = !picture.inputs[c].holds(row, column);
  const place = {
    r,
    p,
    k,
    row,
    column,
    c,
    copies,
    value: padding ? "0" : number(scene.x.at(row, column, c)),
  };
  if (kind === "input") return say(padding ? "im2col.reads_padding" : "im2col.reads_input", place);
  if (kind === "entry")
    return say(padding ? "im2col.reads_padded_entry" : "im2col.reads_entry", place);
  if (kind === "term") return termWords(picture, cell, padding);
  const tap = picture.tapAt[p].get(cell.cell);
  if (tap === undefined) return say("im2col.reads_hole", { ...place, cell: cell.cell });
  return say("im2col.reads_sparse", {
    ...place,
    cell: cell.cell,
    ...picture.tap(tap),
    value: number(picture.weight(k, tap)),
  });
}

// A thread leaves out the products with padding.
function threadWords(picture, { i, j, k }) {
  const products = picture.layout.taps;
  const padding = products - picture.tapAt[i * picture.scene.y.shape[1] + j].size;
  return picture.say(padding ? "im2col.reads_thread_padded" : "im2col.reads_thread", {
    i,
    j,
    k,
    products,
    padding,
  });
}

function termWords(picture, { r, p, k }, padding) {
  const { value, weight, product } = picture.terms(k * picture.layout.places + p)[r];
  const hidden = picture.model.get("predict");
  const words = {
    r,
    value: number(value),
    weight: inBrackets(weight),
    product: hidden ? "?" : number(product),
  };
  return picture.say(padding ? "im2col.reads_padded_term" : "im2col.reads_term", words);
}

// Which array a cell belongs to and where, if it can be painted.
export function im2colTarget(picture, cell) {
  const { x, b } = picture.scene;
  if (cell.kind === "input" && !cell.padding)
    return {
      array: "x",
      place: [cell.row, cell.column, cell.channel],
      value: x.at(cell.row, cell.column, cell.channel),
    };
  if (cell.kind === "bias") return { array: "b", place: [cell.k], value: b.at(cell.k) };
  if (cell.kind !== "weight") return null;
  const { u, v, c } = picture.tap(cell.r);
  return { array: "w", place: [cell.k, u, v, c], value: picture.weight(cell.k, cell.r) };
}

export function im2colSpot(cell) {
  return {
    inputs: cell.kind === "input" ? [[cell.row, cell.column, cell.channel]] : [],
    weights: cell.kind === "weight" ? [[cell.k, cell.r]] : [],
    biases: cell.kind === "bias" ? [cell.k] : [],
  };
}
