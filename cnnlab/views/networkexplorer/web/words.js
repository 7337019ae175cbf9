// What layers and units are called: their places in the net and what they are, and what the pointer is on, in words.

import { number } from "../../shared/web/dom.js";

// The nodes drawn as one column: from the one that computes its maps to the one that is shown.
export function chainOf({ nodes }, { head }, n) {
  const chain = [n];
  while (chain[0] !== (head[n] ?? n)) chain.unshift(nodes[chain[0]].inputs[0]);
  return chain;
}

// "5", or "5–6" for layers that are drawn as one.
export function placesOf({ nodes }, chain) {
  const [first, last] = [nodes[chain[0]].name, nodes[chain.at(-1)].name];
  const block = first.slice(0, first.lastIndexOf(".") + 1);
  return first === last
    ? first
    : `${first}–${last.startsWith(block) ? last.slice(block.length) : last}`;
}

export const layerWords = (say, scene, chain) =>
  say(chain.length > 1 ? "networkexplorer.layers" : "networkexplorer.one_layer", {
    places: placesOf(scene, chain),
  });

// "8 of 3×3" for the "8·3×3" of a convolution.
export function detailWords(say, { words: [, detail] }) {
  const [count, size] = detail.split("·");
  return size ? say("networkexplorer.filters", { count, size }) : detail;
}

// "conv 16 of 3×3 + ReLU".
export function kindWords(say, { nodes }, chain) {
  const [first, ...steps] = chain.map((n) => nodes[n]);
  return [
    `${first.words[0]} ${detailWords(say, first)}`.trim(),
    ...steps.map((step) => step.words[0]),
  ].join(" + ");
}

// What the pointer is on.
export function tellUnit({ scene, say, layout }, { n, position, unit, row, column, score }) {
  const node = scene.nodes[n];
  if (score !== undefined)
    return say("networkexplorer.told_score", {
      name: scene.softmax.classes[score],
      layer: node.name,
    });
  const chain = chainOf(scene, layout, n);
  const words = {
    layers: layerWords(say, scene, chain),
    kind: kindWords(say, scene, chain),
    unit,
    of: node.shape.at(-1),
  };
  if (node.flat)
    return say("networkexplorer.told_flat", {
      ...words,
      value: number(node.values.values[position], 4),
    });
  const place = placeWords(say, node, position, row, column);
  if (chain.length > 1) words.kind = chain.map((at) => scene.nodes[at].words[0]).join(" + "); // the line is short
  if (n === 0) return [say("networkexplorer.told_input", words), place].join(" ");
  return [
    say("networkexplorer.told_map", words),
    place,
    readsWords(say, scene, chain, position),
  ].join(" ");
}

// The value under the pointer, where the map is shown at its own size.
function placeWords(say, node, position, row, column) {
  const [, H, W] = node.values.shape;
  const exact = H === node.shape[0] && W === node.shape[1] && position >= 0 && row < H;
  return exact
    ? say("networkexplorer.told_place", {
        row,
        column,
        value: number(node.values.at(position, row, column), 4),
      })
    : "";
}

// How many maps it reads; of layers drawn as one it is the first that reads them.
function readsWords(say, { nodes }, chain, position) {
  const [head, node] = [nodes[chain[0]], nodes[chain.at(-1)]];
  const size = node.values.shape[1] * node.values.shape[2];
  const dead =
    node.largest[position] === 1 &&
    !node.values.values.subarray(position * size, (position + 1) * size).some(Boolean);
  if (dead) return say("networkexplorer.told_dead");
  const reads = head.edges[position]?.length ?? 0;
  return chain.length > 1
    ? say("networkexplorer.told_reads_first", { reads, kind: head.words[0] })
    : say("networkexplorer.told_reads", { reads });
}
