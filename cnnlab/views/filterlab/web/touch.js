// What lies under the pointer in the FilterLab, and what belongs to it.

import { clamp } from "../../shared/web/dom.js";

export function labUnder(drawing, x, y) {
  const { scene } = drawing;
  for (const [n, slice] of drawing.slices.entries()) {
    const at = slice.find(x, y);
    if (at) return { kind: "weight", n, u: at.row, v: at.column };
  }
  for (const [k, slice] of drawing.biases.entries())
    if (slice.find(x, y)) return { kind: "bias", k };
  for (const [n, grid] of drawing.grids.entries()) {
    const at = grid.find(x, y);
    if (at) return { kind: "term", n, u: at.row, v: at.column };
  }
  if (!scene.outputs) return null;
  const result = drawing.result.find(x, y);
  if (result) return labPixel(drawing, result.row, result.column);
  const seen = drawing.input.find(x, y);
  return (
    seen &&
    labPixel(
      drawing,
      nearestWindow(scene.rows, scene.w, seen.row),
      nearestWindow(scene.columns, scene.w, seen.column),
    )
  );
}

function labPixel({ scene }, i, j) {
  return { kind: "output", n: i * scene.y.shape[1] + j, i, j };
}

// The window whose middle lies nearest to a cell of the image.
function nearestWindow(starts, w, at) {
  const middle = (w.shape[1] - 1) / 2;
  const S = starts.length > 1 ? starts[1] - starts[0] : 1;
  return clamp(Math.round((at - middle - starts[0]) / S), 0, starts.length - 1);
}

export function labLight(drawing, kind, links) {
  const pairs = (links?.weights ?? []).map(([n, u, v]) => [drawing.slices[n], [[u, v]]]);
  for (const k of links?.biases ?? []) pairs.push([drawing.biases[k], [[0, 0]]]);
  for (const [n, u, v] of links?.terms ?? []) pairs.push([drawing.grids[n], [[u, v]]]);
  drawing.marks?.[kind].show(pairs);
}

// The cell alone, without what belongs to it.
export function labSpot(cell) {
  return {
    weights: cell.kind === "weight" ? [[cell.n, cell.u, cell.v]] : [],
    biases: cell.kind === "bias" ? [cell.k] : [],
    outputs: cell.kind === "output" ? [[cell.i, cell.j]] : [],
  };
}

// A weight belongs to its products, and a product to its weight; in one slice also to its value.
export function labLinks({ scene, grids }, cell) {
  const links = labSpot(cell);
  const { n, u, v } = cell;
  const all = grids.map((_, grid) => [grid, u, v]);
  if (cell.kind === "weight")
    return { ...links, terms: scene.mode === "colour" ? [[n, u, v]] : all };
  if (cell.kind !== "term") return links;
  return {
    ...links,
    weights: [[scene.mode === "colour" ? n : 0, u, v]],
    terms: scene.mode === "grey" ? all : [[n, u, v]],
  };
}

// Which array a cell belongs to and where.
export function labTarget({ scene }, cell) {
  if (cell.kind === "bias") return { array: "b", place: [cell.k], value: scene.b.at(cell.k) };
  if (cell.kind !== "weight") return null;
  const place = scene.mode === "mix" ? [cell.u, 0, 0, cell.v] : [0, cell.u, cell.v, cell.n];
  return { array: "w", place, value: scene.w.at(...place) };
}

// The rows and columns of the grid in which weights are typed one after another.
export const labSides = ({ mode, w }) =>
  mode === "mix"
    ? [
        ["u", w.shape[0]],
        ["v", w.shape[3]],
      ]
    : [
        ["u", w.shape[1]],
        ["v", w.shape[2]],
      ];
