// What lies under the pointer in the Strip1D view, and what belongs to it: looked up in the windows Python sent.

import { hueOf } from "../../shared/web/colour.js";
import { number } from "../../shared/web/dom.js";

export function stripUnder(picture, x, y) {
  const { scene, layout } = picture;
  for (const [n, slice] of picture.outputs.entries())
    if (slice.find(x, y)) return { kind: "output", n };
  const cell = picture.row.find(x, y);
  if (cell)
    return { kind: "input", place: cell.column, padding: !picture.row.holds(0, cell.column) };
  const past = Math.floor(x / layout.cell) - scene.pad;
  const inRow = y >= layout.rowTop && y < layout.rowTop + layout.cell;
  if (scene.past && inRow && past >= 0 && past <= layout.last)
    return { kind: "input", place: past, past: true };
  const weight = picture.filter.find(x, y);
  if (weight) return { kind: "weight", v: weight.column };
  if (picture.bias.find(x, y)) return { kind: "bias" };
  return scene.outputs && y >= layout.weightTop && y < layout.rowTop
    ? slidingWeight(picture, x)
    : null;
}

// The weight of the sliding filter at this place.
function slidingWeight({ scene, layout, now }, x) {
  const v = scene.windows[now()].indexOf(Math.floor(x / layout.cell) - scene.pad);
  return v < 0 ? null : { kind: "weight", v };
}

// {inputs: places, weights, outputs, biases, wires: [[output, weight], …]}.
export function stripLinks({ scene }, cell) {
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
    const met = window.map((_, v) => v).filter((v) => isMet(cell, n, v, window[v]));
    if (!met.length) return;
    links.outputs.push(n);
    links.wires.push(...met.map((v) => [n, v]));
    if (cell.kind === "weight") links.inputs.push(window[cell.v]);
  });
  return links;
}

function isMet(cell, n, v, place) {
  if (cell.kind === "input") return cell.place === place;
  if (cell.kind === "weight") return cell.v === v;
  return cell.kind === "bias" || cell.n === n;
}

export function stripLight(picture, kind, links) {
  if (!picture.marks) return;
  const shown = (place) =>
    picture.row.holds(0, place) ||
    (place >= -picture.scene.pad && place < picture.scene.x.shape[0] + picture.scene.pad);
  const pairs = [
    ...(links?.inputs ?? []).filter(shown).map((place) => [picture.row, [[0, place]]]),
    ...(links?.weights ?? []).map((v) => [picture.filter, [[0, v]]]),
    ...(links?.outputs ?? []).map((n) => [picture.outputs[n], [[0, 0]]]),
    ...(links?.biases ?? []).map(() => [picture.bias, [[0, 0]]]),
  ];
  picture.marks[kind].show(pairs);
  if (kind === "selected") return;
  const strong = new Set((links?.wires ?? []).map(String));
  if (kind === "lit") picture.body.classList.toggle("comparing", strong.size > 0);
  picture.wires.forEach((lines, n) =>
    lines.forEach((line, v) => {
      const on = strong.has(`${n},${v}`);
      line.classList.toggle(kind, on);
      if (kind === "lit") line.style.stroke = on ? hueOf(v, lines.length, picture.dark) : "";
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
