// Pointer and keys of the explorer: they point, draw, decompose, keep a place and lead back.

import { hasKernel, keyboard, pointIn, speak } from "../../shared/web/frame.js";
import { REST } from "./drawing.js";
import { requestTrait } from "../../shared/web/controls.js";
import { clamp } from "../../shared/web/dom.js";

export function explorerPointer(exploration) {
  const { picture, parts } = exploration;
  const { drawing } = parts;
  const wire = (name, listener) => {
    drawing.addEventListener(name, listener);
    parts.later(() => drawing.removeEventListener(name, listener));
  };
  wire("pointermove", (event) => {
    const [x, y] = pointIn(drawing, event);
    if (picture.pad.last) picture.pad.move(onSheet(picture, x, y));
    else if (exploration.decomposed) hoverParts(exploration, x, y);
    else exploration.point(picture.find(x, y));
  });
  wire("pointerdown", (event) => {
    parts.root.focus({ preventScroll: true });
    const [x, y] = pointIn(drawing, event);
    if (exploration.decomposed) pressPart(exploration, event.target, x, y);
    else press(exploration, event, x, y);
  });
  for (const name of ["pointerup", "pointercancel"]) wire(name, () => picture.pad.up());
  wire("pointerleave", () => {
    if (exploration.decomposed)
      picture.decomposition.paint(
        exploration.place,
        exploration.kept ? picture.decomposition.focus : null,
      );
    else if (!picture.pad.last) exploration.point(null);
  });
}

// A place on the picture, in its pixels.
function onSheet({ overview, shift }, x, y) {
  const { map } = overview.tiles.find(({ n }) => n === 0);
  return [((y - map.y) / map.height) * map.rows, ((x + shift - map.x) / map.width) * map.columns];
}

function press(exploration, event, x, y) {
  const { picture, parts } = exploration;
  const at = picture.find(x, y);
  if (at?.n === 0 && picture.pad.on) {
    parts.drawing.setPointerCapture(event.pointerId);
    picture.pad.down(onSheet(picture, x, y));
  } else if (at?.n > 0) exploration.open(at, true);
}

// A place that is kept stays, and so does the row last looked at: only what is written out changes.
function hoverParts({ picture: { decomposition }, place, kept }, x, y) {
  const at = decomposition.find(x, y);
  const part = at?.part ?? (at || kept ? decomposition.focus : null);
  decomposition.paint(kept ? place : (at?.place ?? place), part);
}

function pressPart(exploration, target, x, y) {
  const {
    picture: { decomposition },
    model,
    place,
  } = exploration;
  const back = target.closest?.(".back");
  if (back?.dataset.part) return goBack(exploration, Number(back.dataset.part));
  const at = decomposition.find(x, y);
  if (at?.part === REST) decomposition.turn(1, place);
  else if (at && !decomposition.isNumber) requestTrait(model, "place", at.place);
}

// To what a part of the decomposed unit reads.
function goBack(exploration, part) {
  const {
    picture: {
      decomposition: { u },
      scene,
    },
  } = exploration;
  if (u.sources[part] > 0) exploration.choose([scene.nodes[u.sources[part]].name, u.units[part]]);
}

const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

export function explorerKeys(exploration) {
  const { parts, model } = exploration;
  const picture = (by) =>
    hasKernel(parts) &&
    requestTrait(model, "picture", clamp(model.get("picture") + by, 0, model.get("pictures") - 1));
  keyboard(parts.root, {
    ...Object.fromEntries(
      Object.entries(ARROWS).map(([key, by]) => [key, () => step(exploration, ...by)]),
    ),
    Enter: () =>
      !exploration.decomposed &&
      exploration.cursor?.n > 0 &&
      exploration.open(exploration.cursor, false),
    Escape: () => leave(exploration),
    PageDown: () => turn(exploration, 1),
    PageUp: () => turn(exploration, -1),
    n: () => picture(1),
    p: () => picture(-1),
  });
}

// More parts of the decomposed unit, or more maps of every layer.
function turn(exploration, by) {
  if (exploration.decomposed) exploration.picture.decomposition.turn(by, exploration.place);
  else if (hasKernel(exploration.parts)) exploration.turn(by);
}

function leave(exploration) {
  if (exploration.kept) return requestTrait(exploration.model, "place", []);
  if (exploration.decomposed) return exploration.choose([]);
  exploration.cursor = null;
  exploration.point(null);
}

// One layer on, or one map on.
function step(exploration, across, down) {
  const {
    picture: { layout },
    cursor,
  } = exploration;
  if (exploration.decomposed) return stepUnit(exploration, across, down);
  if (!cursor) return land(exploration, layout.shown[0], 0);
  const at =
    layout.shown[clamp(layout.shown.indexOf(cursor.n) + across, 0, layout.shown.length - 1)];
  land(exploration, at, Math.max(0, cursor.score ?? cursor.position) + down);
}

function land(exploration, n, position) {
  const { picture, parts, model } = exploration;
  const { scene, layout } = picture;
  const node = scene.nodes[n];
  const isScore = n === layout.last;
  const count = isScore
    ? scene.softmax.numbers.length
    : node.flat
      ? node.shape[0]
      : node.units.length;
  const at = clamp(position, 0, count - 1);
  const unit = isScore ? scene.softmax.numbers[at] : node.flat ? at : node.units[at];
  showColumn(exploration, n);
  const found = {
    n,
    position: isScore ? unit : at,
    unit,
    row: 0,
    column: 0,
    ...(isScore ? { score: at } : {}),
  };
  speak(parts, model, exploration.point(found));
}

// Bring a column into view, where not all of them fit.
function showColumn(exploration, n) {
  const { picture } = exploration;
  const box = picture.layout.boxes.find((one) => one.n === n);
  if (!box) return;
  const { x, width } = box.area;
  if (x < picture.shift) picture.panTo(x - 10);
  if (x + width > picture.shift + picture.layout.right)
    picture.panTo(x + width + 20 - picture.layout.right);
  exploration.update();
}

// Keys may be faster than the answers of Python: they go on from the unit chosen, not from the one drawn.
function stepUnit(exploration, across, down) {
  const { nodes } = exploration.picture.scene;
  const [layer, unit] = exploration.model.get("unit");
  const n = nodes.findIndex((node) => node.name === layer);
  const next = !across
    ? n
    : across < 0
      ? nodes[n].inputs[0]
      : nodes.findIndex((node) => node.inputs.includes(n));
  if (next > 0)
    exploration.choose([nodes[next].name, clamp(unit + down, 0, nodes[next].shape.at(-1) - 1)]);
}
