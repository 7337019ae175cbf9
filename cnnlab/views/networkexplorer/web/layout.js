// Where the columns of a net stand: maps as large as fits, strips for rows of numbers, lanes for branches, and the scores
// at the right. Units are those of the drawing's viewBox.

import { clamp } from "../../shared/web/dom.js";

export const NE = {
  wide: 1100,
  high: 474,
  head: 64,
  foot: 30,
  line: 14,
  scores: 262,
  input: 100,
  pad: 236,
  strip: 20,
  pitch: 66,
  most: 92,
  arcs: 20,
};
const STRIP_GAP = 26;

// The nodes drawn, folded or not: those that hand their maps to one that changes values one by one are folded into it.
function visibleNodes({ nodes }, folded) {
  const hidden = nodes.map((node) => folded && node.folds);
  const head = nodes.map((_, n) => n);
  nodes.forEach((node, n) => node.inputs.forEach((from) => hidden[from] && (head[n] = head[from])));
  const shown = nodes.map((_, n) => n).filter((n) => !hidden[n]);
  const column = [];
  for (const n of shown) {
    const inputs = nodes[head[n]].inputs;
    column[n] = inputs.length ? 1 + Math.max(...inputs.map((from) => column[from])) : 0;
  }
  return { shown, head, column };
}

// Does the net fit the width without folding?
export const fitsWide = (scene) => !columnsOf(scene, visibleNodes(scene, false), false).panned;

function columnsOf(scene, { shown, column }, drawing) {
  const last = scene.softmax ? scene.nodes.length - 1 : -1;
  const count = 1 + Math.max(...shown.filter((n) => n !== last).map((n) => column[n]));
  const strips = Array.from({ length: count }, (_, at) =>
    shown.every((n) => column[n] !== at || n === last || scene.nodes[n].flat),
  );
  const input = strips[0] ? 70 : drawing ? NE.pad : NE.input;
  const right = scene.softmax ? NE.wide - NE.scores : NE.wide;
  const room = right - input - 12;
  const flat = strips.slice(1).filter(Boolean).length;
  const full = count - 1 - flat;
  const fair = full ? (room - flat * (NE.strip + STRIP_GAP) - 16) / full : 0;
  const panned = full > 0 && fair < NE.pitch;
  const pitch = full ? clamp(fair, NE.pitch, 190) : 0;
  const gap = clamp(pitch * 0.26, 14, 40);
  const stripGap = full ? STRIP_GAP : clamp(room / (flat + 1) - NE.strip, STRIP_GAP, 160);
  let x = 6 + input;
  const places = strips.map((strip, at) => {
    if (at === 0) return { x: 6, width: input };
    const before = strip ? stripGap : gap;
    const width = strip ? NE.strip : pitch - gap;
    x += before + width;
    return { x: x - width, width };
  });
  return { places, panned, right, gap, end: x };
}

// {tiles: [{n, at, x, y, width, height, header…}], …}: for each visible node the boxes of its maps.
export function overviewLayout(scene, folded, drawing) {
  const visible = visibleNodes(scene, folded);
  const columns = columnsOf(scene, visible, drawing);
  const last = scene.softmax ? scene.nodes.length - 1 : -1;
  const arcs = skips(scene, visible);
  const foot = NE.foot + (scene.nodes.some(isSome) ? NE.line : 0);
  const boxes = visible.shown
    .filter((n) => n !== last)
    .map((n) =>
      nodeBox(scene.nodes[n], n, columns.places[visible.column[n]], arcs.length > 0, folded, foot),
    );
  return { ...visible, ...columns, boxes, arcs, last, folded };
}

// The inputs that pass over columns in between: [from, to].
function skips({ nodes }, { shown, head, column }) {
  return shown.flatMap((n) =>
    nodes[head[n]].inputs.filter((from) => column[n] - column[from] > 1).map((from) => [from, n]),
  );
}

// Are only some of its maps shown?
export const isSome = (node) => !node.flat && node.units.length < node.shape[2];

function nodeBox(node, n, { x, width }, arcs, folded, most) {
  const offset = arcs ? NE.arcs : 0;
  const all = NE.high - offset;
  const [top, bottom] = node.lane.map((share) => offset + share * all);
  const low = bottom - top < 150;
  const head = low ? 20 : NE.head + (folded ? 15 : 0);
  const foot = low ? 4 : most;
  const area = { x, y: top + head, width, height: bottom - top - head - foot };
  return { n, low, top, area, maps: node.flat ? [stripBox(area)] : mapBoxes(node, n, area) };
}

function stripBox({ x, y, width, height }) {
  const wide = Math.min(width, NE.strip);
  return { x: x + (width - wide) / 2, y, width: wide, height };
}

// Boxes of true proportions in as many columns as make them largest.
function mapBoxes(node, n, area) {
  const [H, W] = node.shape;
  const count = node.units.length + (n === 0 && node.units.length === 3 ? 1 : 0); // a coloured image before its channels
  const size = (across) => {
    const down = Math.ceil(count / across);
    const scale = Math.min(
      (area.width - 4 * (across - 1)) / across / W,
      (area.height - 5 * (down - 1)) / down / H,
    );
    return Math.min(scale, (n === 0 ? 400 : NE.most) / Math.max(H, W));
  };
  const across = [1, 2, 3, 4].reduce((best, tried) =>
    size(tried) > 1.12 * size(best) ? tried : best,
  );
  const [scale, down] = [size(across), Math.ceil(count / across)];
  const [width, height] = [W * scale, H * scale];
  const left = area.x + (area.width - across * width - 4 * (across - 1)) / 2;
  const step = down > 1 ? Math.min((area.height - height) / (down - 1), height + 16) : 0;
  const top = area.y + (area.height - height - step * (down - 1)) / 2;
  return Array.from({ length: count }, (_, at) => ({
    x: left + (at % across) * (width + 4),
    y: top + Math.floor(at / across) * step,
    width,
    height,
  }));
}
