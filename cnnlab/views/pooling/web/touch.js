// What lies under the pointer in the Pooling view, and what belongs to it: looked up in the windows Python sent.

import { number } from "../../shared/web/dom.js";
import { cellAfter } from "../../shared/web/pointer.js";
import { cellsOf, pooledPlace } from "./windows.js";

export function poolingUnder(drawing, x, y) {
  const { scene } = drawing;
  for (const [c, slices] of drawing.inputs.entries())
    for (const [n, slice] of slices.entries()) {
      const at = slice.find(x, y);
      if (at)
        return {
          kind: "input",
          ...at,
          c,
          moved: n === 1,
          padding: !slice.holds(at.row, at.column),
        };
    }
  for (const [c, slices] of drawing.outputs.entries())
    for (const slice of slices) {
      const at = slice.find(x, y);
      const [OH, OW] = scene.y.shape;
      if (at)
        return {
          kind: "output",
          i: at.row,
          j: at.column,
          c,
          n: (c * OH + at.row) * OW + at.column,
        };
    }
  for (const [n, lens] of (scene.outputs ? drawing.lenses : []).entries()) {
    const at = lens.slice.find(x, y);
    if (at)
      return { kind: "lens", u: at.row, v: at.column, moved: n === 1 && Boolean(scene.shift) };
  }
  return null;
}

// {inputs: [[row, column, c], …], outputs: [[i, j, c], …]}; now is the number of the output shown.
export function poolingLinks(scene, cell, now) {
  if (!scene.outputs)
    return { inputs: cell.kind === "input" ? [[cell.row, cell.column, cell.c]] : [], outputs: [] };
  if (cell.kind === "output") {
    const inside = cellsOf(scene, cell).filter((other) => other.inside);
    return {
      inputs: inside.map(({ row, column }) => [row, column, cell.c]),
      outputs: [[cell.i, cell.j, cell.c]],
    };
  }
  if (cell.kind === "lens") {
    const { i, j, c } = pooledPlace(scene, now);
    return { inputs: [[scene.rows[i][cell.u], scene.columns[j][cell.v], c]], outputs: [[i, j, c]] };
  }
  const outputs = [];
  scene.rows.forEach((rows, i) =>
    scene.columns.forEach(
      (columns, j) =>
        rows.includes(cell.row) && columns.includes(cell.column) && outputs.push([i, j, cell.c]),
    ),
  );
  return { inputs: [[cell.row, cell.column, cell.c]], outputs };
}

export function poolingLight(drawing, kind, links) {
  if (!drawing.marks) return;
  const [H, W] = drawing.scene.x.shape;
  const [[top, bottom], [left, right]] = drawing.scene.pads;
  const drawn = ([row, column]) =>
    row >= -top && row < H + bottom && column >= -left && column < W + right;
  drawing.marks[kind].show([
    ...(links?.inputs ?? [])
      .filter(drawn)
      .flatMap(([row, column, c]) => drawing.inputs[c].map((slice) => [slice, [[row, column]]])),
    ...(links?.outputs ?? []).flatMap(([i, j, c]) =>
      drawing.outputs[c].map((slice) => [slice, [[i, j]]]),
    ),
  ]);
}

export function poolingWords(drawing, cell, links) {
  const { scene, say } = drawing;
  const outputs = links.outputs.length;
  if (cell.kind !== "input") return "";
  if (cell.padding) return say("pooling.reads_padding", { outputs });
  const place = { row: cell.row, column: cell.column, c: cell.c };
  const value = (cell.moved ? scene.shift.x : scene.x).at(cell.row, cell.column, cell.c);
  const words = [say("pooling.reads_input", { ...place, outputs, value: number(value) })];
  if (drawing.backward) {
    const [, W, C] = scene.x.shape;
    const received = drawing.received.upTo(drawing.now)[(cell.row * W + cell.column) * C + cell.c];
    words.push(say("pooling.adds_up", { ...place, value: number(received) }));
  } else if (scene.switches && !drawing.model.get("predict"))
    words.push(...winnings(drawing, cell, links));
  return words.join(" ");
}

function winnings({ scene, say }, cell, links) {
  const switches = cell.moved ? scene.shift.switches : scene.switches;
  const place = cell.row * scene.x.shape[1] + cell.column;
  const wins = links.outputs.filter((output) => switches.at(...output) === place).length;
  return wins
    ? [say("pooling.wins", { wins }), say("pooling.switch", { switch: place })]
    : [say("pooling.wins", { wins })];
}

// Which array a cell belongs to and where, if it can be painted.
export function poolingTarget({ scene, backward }, cell) {
  if (backward)
    return cell.kind === "output"
      ? { array: "dy", place: [cell.i, cell.j, cell.c], value: scene.dy.at(cell.i, cell.j, cell.c) }
      : null;
  if (cell.kind !== "input" || cell.padding || cell.moved) return null;
  return {
    array: "x",
    place: [cell.row, cell.column, cell.c],
    value: scene.x.at(cell.row, cell.column, cell.c),
  };
}

export function poolingSpot(cell) {
  return {
    inputs: cell.kind === "input" ? [[cell.row, cell.column, cell.c]] : [],
    outputs: cell.kind === "output" ? [[cell.i, cell.j, cell.c]] : [],
  };
}

// The cell in which one types after this one.
export function poolingAfter({ x }, cell) {
  const [H, W] = x.shape;
  const ranges = [
    ["row", H],
    ["column", W],
  ];
  return cell.kind === "input" ? cellAfter(cell, ranges) : null;
}
