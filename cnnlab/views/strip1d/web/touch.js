// What lies under the pointer in the Strip1D view, and what belongs to it: looked up in the windows Python sent.

import { hueOf } from "../../shared/web/colour.js";
import { number } from "../../shared/web/dom.js";
import { cellAfter } from "../../shared/web/pointer.js";

export function stripUnder(drawing, x, y) {
  const n = drawing.outputs.findIndex((slice) => slice.find(x, y));
  if (n >= 0) return { kind: "output", n };
  return inputUnder(drawing, x, y) ?? weightUnder(drawing, x, y);
}

function inputUnder({ scene, layout, row }, x, y) {
  const cell = row.find(x, y);
  if (cell) return { kind: "input", place: cell.column, padding: !row.holds(0, cell.column) };
  const place = Math.floor(x / layout.cell) - scene.pad;
  const inRow = y >= layout.rowTop && y < layout.rowTop + layout.cell;
  return scene.past && inRow && place >= 0 && place <= layout.last
    ? { kind: "input", place, past: true }
    : null;
}

// A weight or the bias in the panel, or a weight of the filter that slides.
function weightUnder({ scene, layout, filter, bias, now }, x, y) {
  const weight = filter.find(x, y);
  if (weight) return { kind: "weight", v: weight.column };
  if (bias.find(x, y)) return { kind: "bias" };
  if (!scene.outputs || y < layout.weightTop || y >= layout.rowTop) return null;
  const v = scene.windows[now].indexOf(Math.floor(x / layout.cell) - scene.pad);
  return v < 0 ? null : { kind: "weight", v };
}

// {inputs: places, weights, outputs, biases, wires: [[output, weight], …]}.
export function stripLinks(scene, cell) {
  const links = {
    inputs: [],
    weights: [],
    outputs: [],
    biases: cell.kind === "bias" ? [0] : [],
    wires: [],
  };
  if (cell.kind === "input") links.inputs.push(cell.place);
  if (cell.kind === "weight") links.weights.push(cell.v);
  if (cell.kind === "output") links.inputs.push(...scene.windows[cell.n]);
  (scene.windows ?? []).forEach((window, n) => {
    const taps = window.map((_, v) => v).filter((v) => takesPart1d(cell, n, v, window[v]));
    if (!taps.length) return;
    links.outputs.push(n);
    links.wires.push(...taps.map((v) => [n, v]));
    if (cell.kind === "weight") links.inputs.push(window[cell.v]);
  });
  return links;
}

// Is weight v of output n, which reads that place, what the cell belongs to?
function takesPart1d(cell, n, v, place) {
  if (cell.kind === "input") return cell.place === place;
  if (cell.kind === "weight") return cell.v === v;
  return cell.kind === "bias" || cell.n === n;
}

export function stripLight(drawing, kind, links) {
  if (!drawing.marks) return;
  const { inputs = [], weights = [], outputs = [], biases = [], wires = [] } = links ?? {};
  const { row, filter, bias } = drawing;
  const drawn = (place) => place >= -row.left && place < row.columns + row.right;
  drawing.marks[kind].show([
    ...inputs.filter(drawn).map((place) => [row, [[0, place]]]),
    ...weights.map((v) => [filter, [[0, v]]]),
    ...outputs.map((n) => [drawing.outputs[n], [[0, 0]]]),
    ...biases.map(() => [bias, [[0, 0]]]),
  ]);
  if (kind !== "selected") lightWires(drawing, kind, new Set(wires.map(String)));
}

function lightWires(drawing, kind, strong) {
  const lit = kind === "lit";
  if (lit) drawing.body.classList.toggle("comparing", strong.size > 0);
  drawing.wires.forEach((lines, n) =>
    lines.forEach((line, v) => {
      const on = strong.has(`${n},${v}`);
      line.classList.toggle(kind, on);
      if (lit) line.style.stroke = on ? hueOf(v, lines.length, drawing.dark) : "";
    }),
  );
}

export function stripWords({ scene, say }, cell, links) {
  const counts = { inputs: new Set(links.inputs).size, outputs: links.outputs.length };
  if (cell.past) return say("strip1d.reads_past");
  if (cell.padding) return say("strip1d.reads_padding", counts);
  if (cell.kind === "input")
    return say("strip1d.reads_input", {
      ...counts,
      place: cell.place,
      value: number(scene.x.at(cell.place)),
    });
  if (cell.kind === "weight")
    return say("strip1d.reads_weight", { ...counts, v: cell.v, value: number(scene.w.at(cell.v)) });
  if (cell.kind === "bias")
    return say("strip1d.reads_bias", { ...counts, value: number(scene.b.at(0)) });
  return "";
}

// Which array a cell belongs to and where, if it can be painted.
export function stripTarget({ scene }, cell) {
  if (cell.kind === "input" && !cell.padding && !cell.past)
    return { array: "x", place: [cell.place], value: scene.x.at(cell.place) };
  if (cell.kind === "weight") return { array: "w", place: [cell.v], value: scene.w.at(cell.v) };
  if (cell.kind === "bias") return { array: "b", place: [0], value: scene.b.at(0) };
  return null;
}

export function stripSpot(cell) {
  return {
    inputs: cell.kind === "input" ? [cell.place] : [],
    weights: cell.kind === "weight" ? [cell.v] : [],
    biases: cell.kind === "bias" ? [0] : [],
  };
}

// The cell in which one types after this one.
export function stripAfter({ x, w }, cell) {
  if (cell.kind === "weight") return cellAfter(cell, [["v", w.shape[0]]]);
  return cell.kind === "input" ? cellAfter(cell, [["place", x.shape[0]]]) : null;
}
