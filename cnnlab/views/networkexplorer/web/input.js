// Pointer and keys of the explorer: they point, draw, decompose, keep a place and lead back.

import { hasKernel, keyboard, pointIn, speak } from "../../shared/web/frame.js";
import { REST } from "./decomposition_elements.js";
import { requestTrait } from "../../shared/web/controls.js";
import { clamp } from "../../shared/web/dom.js";

export function explorerPointer(view) {
  const { drawing, parts } = view;
  const { svgElement } = parts;
  const wire = (name, listener) => {
    svgElement.addEventListener(name, listener);
    parts.later(() => svgElement.removeEventListener(name, listener));
  };
  wire("pointermove", (event) => {
    const [x, y] = pointIn(svgElement, event);
    if (drawing.pad.last) drawing.pad.move(onSheet(drawing, x, y));
    else if (view.decomposed) hoverParts(view, x, y);
    else view.point(drawing.find(x, y));
  });
  wire("pointerdown", (event) => {
    parts.root.focus({ preventScroll: true });
    const [x, y] = pointIn(svgElement, event);
    if (view.decomposed) pressPart(view, event.target, x, y);
    else press(view, event, x, y);
  });
  for (const name of ["pointerup", "pointercancel"]) wire(name, () => drawing.pad.up());
  wire("pointerleave", () => {
    if (view.decomposed)
      drawing.decomposition.paint(view.place, view.kept ? drawing.decomposition.focus : null);
    else if (!drawing.pad.last) view.point(null);
  });
}

// A place on the image, in its pixels.
function onSheet({ overview, shift }, x, y) {
  const { map } = overview.tiles.find(({ n }) => n === 0);
  return [((y - map.y) / map.height) * map.rows, ((x + shift - map.x) / map.width) * map.columns];
}

function press(view, event, x, y) {
  const { drawing, parts } = view;
  const at = drawing.find(x, y);
  if (at?.n === 0 && drawing.pad.on) {
    parts.svgElement.setPointerCapture(event.pointerId);
    drawing.pad.down(onSheet(drawing, x, y));
  } else if (at?.n > 0) view.open(at, true);
}

// A place that is kept stays, and so does the row last looked at: only what is written out changes.
function hoverParts({ drawing: { decomposition }, place, kept }, x, y) {
  const at = decomposition.find(x, y);
  const part = at?.part ?? (at || kept ? decomposition.focus : null);
  decomposition.paint(kept ? place : (at?.place ?? place), part);
}

function pressPart(view, target, x, y) {
  const {
    drawing: { decomposition },
    model,
    place,
  } = view;
  const back = target.closest?.(".back");
  if (back?.dataset.part) return goBack(view, Number(back.dataset.part));
  const at = decomposition.find(x, y);
  if (at?.part === REST) decomposition.turn(1, place);
  else if (at && !decomposition.isNumber) requestTrait(model, "place", at.place);
}

// To what a part of the decomposed unit reads.
function goBack(view, part) {
  const {
    drawing: {
      decomposition: { u },
      scene,
    },
  } = view;
  if (u.sources[part] > 0) view.choose([scene.nodes[u.sources[part]].name, u.units[part]]);
}

const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

export function explorerKeys(view) {
  const { parts, model } = view;
  const goTo = (by) =>
    hasKernel(parts) &&
    requestTrait(model, "picture", clamp(model.get("picture") + by, 0, model.get("pictures") - 1));
  keyboard(parts.root, {
    ...Object.fromEntries(
      Object.entries(ARROWS).map(([key, by]) => [key, () => step(view, ...by)]),
    ),
    Enter: () => !view.decomposed && view.cursor?.n > 0 && view.open(view.cursor, false),
    Escape: () => leave(view),
    PageDown: () => turn(view, 1),
    PageUp: () => turn(view, -1),
    n: () => goTo(1),
    p: () => goTo(-1),
  });
}

// More parts of the decomposed unit, or more maps of every layer.
function turn(view, by) {
  if (view.decomposed) view.drawing.decomposition.turn(by, view.place);
  else if (hasKernel(view.parts)) view.turn(by);
}

function leave(view) {
  if (view.kept) return requestTrait(view.model, "place", []);
  if (view.decomposed) return view.choose([]);
  view.cursor = null;
  view.point(null);
}

// One layer on, or one map on.
function step(view, across, down) {
  const {
    drawing: { layout },
    cursor,
  } = view;
  if (view.decomposed) return stepUnit(view, across, down);
  if (!cursor) return land(view, layout.shown[0], 0);
  const at =
    layout.shown[clamp(layout.shown.indexOf(cursor.n) + across, 0, layout.shown.length - 1)];
  land(view, at, Math.max(0, cursor.score ?? cursor.position) + down);
}

function land(view, n, position) {
  const { drawing, parts, model } = view;
  const { scene, layout } = drawing;
  const node = scene.nodes[n];
  const isScore = n === layout.last;
  const count = isScore
    ? scene.softmax.numbers.length
    : node.flat
      ? node.shape[0]
      : node.units.length;
  const at = clamp(position, 0, count - 1);
  const unit = isScore ? scene.softmax.numbers[at] : node.flat ? at : node.units[at];
  showColumn(view, n);
  const found = {
    n,
    position: isScore ? unit : at,
    unit,
    row: 0,
    column: 0,
    ...(isScore ? { score: at } : {}),
  };
  speak(parts, model, view.point(found));
}

// Bring a column into view, where not all of them fit.
function showColumn(view, n) {
  const { drawing } = view;
  const box = drawing.layout.boxes.find((one) => one.n === n);
  if (!box) return;
  const { x, width } = box.area;
  if (x < drawing.shift) drawing.panTo(x - 10);
  if (x + width > drawing.shift + drawing.layout.right)
    drawing.panTo(x + width + 20 - drawing.layout.right);
  view.update();
}

// Keys may be faster than the answers of Python: they go on from the unit chosen, not from the one drawn.
function stepUnit(view, across, down) {
  const { nodes } = view.drawing.scene;
  const [layer, unit] = view.model.get("unit");
  const n = nodes.findIndex((node) => node.name === layer);
  const next = !across
    ? n
    : across < 0
      ? nodes[n].inputs[0]
      : nodes.findIndex((node) => node.inputs.includes(n));
  if (next > 0)
    view.choose([nodes[next].name, clamp(unit + down, 0, nodes[next].shape.at(-1) - 1)]);
}
