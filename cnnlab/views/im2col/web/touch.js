// What lies under the pointer in the Im2col view, and what belongs to it: looked up in the copies Python sent. A cell with
// a number n moves the cursor to that output.

import { set } from "../../shared/web/dom.js";
import { cellAfter } from "../../shared/web/pointer.js";
import { around } from "../../shared/web/slice.js";
import { filterTap, im2colPlace, weightAt } from "./taps.js";

const NOTHING = { inputs: [], entries: [], weights: [], biases: [], readers: [] };

export function im2colUnder(drawing, x, y) {
  const { scene, strip, layout } = drawing;
  for (const [channel, slice] of drawing.inputs.entries()) {
    const at = slice.find(x, y);
    if (at) return { kind: "input", ...at, channel, padding: !slice.holds(at.row, at.column) };
  }
  if (!scene.outputs) return rowUnder(strip.find(x, y));
  const step = drawing.model.get("step");
  return (
    matrixUnder(drawing, x, y, im2colPlace(scene, step).k) ??
    productUnder(drawing, x, y, step % layout.places)
  );
}

// The place of an output, a thread, X_col, its product or the sparse matrix under a point, for filter k.
function matrixUnder(drawing, x, y, k) {
  const { layout } = drawing;
  const OW = drawing.scene.y.shape[1];
  const cell = (kind, p, more = {}, filter = k) => {
    return { kind, p, k: filter, n: filter * layout.places + p, ...more };
  };
  const output = drawing.output.find(x, y);
  if (output) return cell("output", output.row * OW + output.column);
  const thread = drawing.threads.find(x, y);
  if (thread) {
    const works = thread.i < drawing.scene.y.shape[0] && thread.j < OW;
    return works ? cell("thread", thread.i * OW + thread.j, thread) : { kind: "idle", ...thread };
  }
  const entry = drawing.columns.find(x, y);
  if (entry) return cell("entry", entry.column, { r: entry.row });
  const product = drawing.product.find(x, y);
  if (product) return cell("output", product.column, {}, product.row);
  const sparse = drawing.sparse.find(x, y);
  return sparse && cell("sparse", sparse.p, sparse);
}

// A weight, a bias or a product of the strip, or a cell of the sparse matrix's present row.
function productUnder(drawing, x, y, p) {
  const at = drawing.strip.find(x, y);
  const weight = rowUnder(at);
  if (weight) return { ...weight, n: weight.k * drawing.layout.places + p };
  const now = im2colPlace(drawing.scene, drawing.now);
  if (at) return { kind: "term", r: at.r, p: now.p, k: now.k };
  const cell = drawing.sparse.findCell(x, y);
  if (cell === null) return null;
  const r = drawing.tapAt[now.p].get(cell);
  return r === undefined
    ? { kind: "hole", cell, p: now.p, k: now.k }
    : { kind: "term", r, p: now.p, k: now.k };
}

function rowUnder(at) {
  if (at?.part === "weights") return { kind: "weight", k: at.k, r: at.r };
  return at?.part === "biases" ? { kind: "bias", k: at.k } : null;
}

export function im2colLight(drawing, kind, links) {
  if (!drawing.marks) return;
  const { strip, columns } = drawing;
  const { inputs, entries, weights, biases, readers } = { ...NOTHING, ...links };
  drawing.marks[kind].show([
    ...inputs.map(([row, column, channel]) => [drawing.inputs[channel], [[row, column]]]),
    ...entries.map((entry) => [columns, [entry]]),
    ...weights.map((weight) => [strip.weights, [weight]]),
    ...biases.map((k) => [strip.biases, [[k, 0]]]),
    ...entries.filter(([, p]) => p === links.places[0]).flatMap((entry) => drawn(drawing, entry)),
  ]);
  const d = readers.map((p) => readerPath(drawing, p)).join("");
  if (drawing.reads[kind]) set(drawing.reads[kind], { d });
}

// An entry of the present column in the strip, and in the sparse matrix's present row unless it is padding.
function drawn({ strip, sparse, scene }, [r, p]) {
  const cell = scene.copies.at(r, p);
  const column = [strip.column, [[0, r]]];
  return cell < 0 ? [column] : [column, [sparse, [cell]]];
}

// The column, the row, the thread and the output of place p, as one path.
function readerPath(drawing, p) {
  const { i, j } = im2colPlace(drawing.scene, p);
  const column = around(drawing.columns, 0, p, drawing.layout.taps, 1).outline();
  return (
    column +
    drawing.sparse.rowPath(p) +
    drawing.threads.outline([[i, j]]) +
    drawing.output.outline([[i, j]])
  );
}

// Which array a cell belongs to and where, if it can be painted.
export function im2colTarget(drawing, cell) {
  const { x, b } = drawing.scene;
  if (cell.kind === "input" && !cell.padding)
    return {
      array: "x",
      place: [cell.row, cell.column, cell.channel],
      value: x.at(cell.row, cell.column, cell.channel),
    };
  if (cell.kind === "bias") return { array: "b", place: [cell.k], value: b.at(cell.k) };
  if (cell.kind !== "weight") return null;
  const { u, v, c } = filterTap(drawing.scene, cell.r);
  return { array: "w", place: [cell.k, u, v, c], value: weightAt(drawing.scene, cell.k, cell.r) };
}

export function im2colSpot(cell) {
  return {
    inputs: cell.kind === "input" ? [[cell.row, cell.column, cell.channel]] : [],
    weights: cell.kind === "weight" ? [[cell.k, cell.r]] : [],
    biases: cell.kind === "bias" ? [cell.k] : [],
  };
}

// The cell in which one types after this one.
export function im2colAfter({ x, w }, cell) {
  const [H, W] = x.shape;
  const ranges = [
    ["row", H],
    ["column", W],
  ];
  if (cell.kind === "weight") return cellAfter(cell, [["r", w.values.length / w.shape[0]]]);
  return cell.kind === "input" ? cellAfter(cell, ranges) : null;
}
