// The parts that a unit is made of: the arrays that Python sends, as functions of places, and the order of their rows.

import { unpack } from "../../shared/web/dom.js";

/**
 * @typedef {import("../../shared/web/types.js").Unpacked} Unpacked
 * @typedef {object} Decomposed  How a unit is computed, its arrays unpacked; see explain.decompose.
 * @property {string} layer
 * @property {number} unit
 * @property {number} node  its number in the net
 * @property {string} kind
 * @property {string} rule  "sum", "window" or "value"
 * @property {number[]} sources  the node that each part reads
 * @property {number[]} units  and the unit of it
 * @property {number[][][]} rows  for each row of the result, pairs of a row that is read and a row of the window
 * @property {number[][][]} columns
 * @property {number[]} start  the place at which it was opened
 * @property {number} left  parts that are not sent
 * @property {string} formula  the name of its words
 * @property {boolean} [largest]  is it the largest value of its window?
 * @property {boolean} [dense]  does the window span the whole map?
 * @property {boolean} [hands_on]  does it only hand values on?
 * @property {any} [y]  (parts, OH, OW), what each part gives
 * @property {any} [w]  (parts, FH, FW), or (parts, OH, OW, FH, FW) where weights are not shared
 * @property {Unpacked} [bias]
 * @property {Unpacked} [rest]  what the parts give that are not sent
 * @property {Unpacked} [divisors]
 * @property {Unpacked} result
 * @property {number} [p]
 * @property {any[]} then  what the layers after it make of the result
 * @property {number[]} size  of the maps that are read
 * @property {Float32Array[]} maps  of the parts
 * @property {number[]} out  the size of the result
 */

/** @returns {Decomposed} */
export function decoded(packed, scene) {
  const arrays = {};
  for (const name of ["x", "y", "w", "bias", "rest", "result", "divisors", "scale"])
    if (packed[name]) arrays[name] = unpack(packed[name]);
  const size = arrays.x?.shape.slice(1) ?? scene.nodes[packed.sources[0]].shape.slice(0, 2);
  const cells = size[0] * size[1];
  const part = (values, p) => values.subarray(p * cells, (p + 1) * cells);
  const ofScene = (p) => {
    const node = scene.nodes[packed.sources[p]];
    return part(node.values.values, node.units.indexOf(packed.units[p]));
  };
  const maps = packed.units.map((_, p) => (arrays.x ? part(arrays.x.values, p) : ofScene(p)));
  const then = packed.then.map((step) => ({
    ...step,
    y: unpack(step.y),
    scale: step.scale && unpack(step.scale),
  }));
  return { ...packed, ...arrays, then, size, maps, out: arrays.result.shape };
}

// The output whose window lies nearest to a place of the input.
export function nearestOutput(windows, at) {
  const far = windows.map((pairs) =>
    pairs.length ? Math.abs((pairs[0][0] + pairs.at(-1)[0]) / 2 - at) : Infinity,
  );
  return Math.max(0, far.indexOf(Math.min(...far)));
}

// The parts in the order of the rows: all in their own order, or of very many the strongest at the place first.
export function strongestAt(u, [i, j], rows) {
  const order = u.units.map((_, p) => p);
  if (u.rule !== "sum" || order.length <= rows) return order;
  const size = (p) => Math.abs(u.y.at(p, Math.min(i, u.out[0] - 1), Math.min(j, u.out[1] - 1)));
  return order.sort((a, b) => size(b) - size(a) || a - b);
}
