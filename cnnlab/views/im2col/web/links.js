// All that a cell of the Im2col view takes part in, and the words about it.

import { inBrackets, number } from "../../shared/web/dom.js";
import { cellPlace, copiesOf, filterTap, sourceOf, termsOf, weightAt } from "./taps.js";

const NONE = { inputs: [], entries: [], weights: [], biases: [], places: [], readers: [] };

// By the kind of a cell. drawing.tapAt[p] has for each input cell the tap that reads it.
const LINKS = {
  input({ scene }, { row, column, channel }) {
    const inputs = [[row, column, channel]];
    const entries = scene.outputs ? copiesOf(scene, inputs[0]) : [];
    return { inputs, entries, readers: entries.map(([, p]) => p) };
  },
  entry({ scene }, { r, p }) {
    const source = sourceOf(scene, r, p);
    return { inputs: [source], entries: copiesOf(scene, source) };
  },
  term({ scene }, { r, p, k }) {
    return { inputs: [sourceOf(scene, r, p)], entries: [[r, p]], weights: [[k, r]] };
  },
  sparse({ scene, tapAt }, { p, cell }) {
    const entries = tapAt[p].has(cell) ? [[tapAt[p].get(cell), p]] : [];
    return { inputs: [cellPlace(scene, cell)], entries };
  },
  hole({ scene }, { cell }) {
    return { inputs: [cellPlace(scene, cell)] };
  },
  weight({ scene }, { k, r }) {
    const places = scene.outputs ? scene.cols.shape[1] : 0;
    return { weights: [[k, r]], entries: Array.from({ length: places }, (_, p) => [r, p]) };
  },
  bias(_, { k }) {
    return { biases: [k] };
  },
};

// {inputs: [[row, column, channel], …], entries: [[r, p], …], weights: [[k, r], …], biases: [k], places: [p],
// readers: [p, …]}: places of the output that the cell belongs to, and of all outputs that read it.
export function im2colLinks(drawing, cell) {
  const places = cell.p === undefined ? [] : [cell.p];
  return { ...NONE, places, ...LINKS[cell.kind]?.(drawing, cell) };
}

export function im2colWords(drawing, cell, links) {
  const words = WORDS[cell.kind];
  return words ? drawing.say(...words(drawing, cell, links)) : "";
}

// By the kind of a cell: the key of its words and their values.
const WORDS = {
  bias: ({ scene }, { k }) => ["convolution.reads_bias", { k, value: number(scene.b.at(k)) }],
  idle({ scene }, { i, j }) {
    const [OH, OW] = scene.y.shape;
    return ["im2col.reads_idle", { i, j, OH, OW }];
  },
  // A thread leaves out the products with padding.
  thread({ scene, tapAt }, { i, j, k }) {
    const products = scene.cols.shape[0];
    const padding = products - tapAt[i * scene.y.shape[1] + j].size;
    const key = padding ? "im2col.reads_thread_padded" : "im2col.reads_thread";
    return [key, { i, j, k, products, padding }];
  },
  weight({ scene }, { k, r }) {
    const value = number(weightAt(scene, k, r));
    return ["im2col.reads_weight", { k, r, ...filterTap(scene, r), value }];
  },
  input(drawing, cell, links) {
    const { padding, ...place } = sourceWords(drawing, cell, links);
    return [padding ? "im2col.reads_padding" : "im2col.reads_input", place];
  },
  entry(drawing, cell, links) {
    const { padding, ...place } = sourceWords(drawing, cell, links);
    return [padding ? "im2col.reads_padded_entry" : "im2col.reads_entry", place];
  },
  term(drawing, cell, links) {
    const { padding } = sourceWords(drawing, cell, links);
    return [padding ? "im2col.reads_padded_term" : "im2col.reads_term", termValues(drawing, cell)];
  },
  sparse(drawing, cell, links) {
    const { scene, tapAt } = drawing;
    const place = { ...sourceWords(drawing, cell, links), cell: cell.cell };
    const tap = tapAt[cell.p].get(cell.cell);
    if (tap === undefined) return ["im2col.reads_hole", place];
    const value = number(weightAt(scene, cell.k, tap));
    return ["im2col.reads_sparse", { ...place, ...filterTap(scene, tap), value }];
  },
  hole: (drawing, cell, links) => WORDS.sparse(drawing, cell, links),
};

// The input cell behind a cell, and how often it is copied.
function sourceWords({ scene, inputs }, { r, p, k }, links) {
  const [row, column, c] = links.inputs[0];
  const padding = !inputs[c].holds(row, column);
  const value = padding ? "0" : number(scene.x.at(row, column, c));
  return { r, p, k, row, column, c, copies: links.entries.length, value, padding };
}

function termValues({ scene, model }, { r, p, k }) {
  const { value, weight, product } = termsOf(scene, k * scene.cols.shape[1] + p)[r];
  return {
    r,
    value: number(value),
    weight: inBrackets(weight),
    product: model.get("predict") ? "?" : number(product),
  };
}
