// Hovering, pinning and painting in any drawing. The view says which cell lies under a point and what belongs to it.

import { sendMessage } from "./controls.js";
import { hasKernel, pointIn } from "./frame.js";

const DRAG = 10; // pixels of the mouse for one increment of a value
const PAUSE = 1200; // milliseconds after which typing begins anew

// hooks: under(x, y) the cell at a point of the drawing, or null; links(cell) all that it takes part in, as lists of
//        places; spot(cell) the cell itself, as such lists; light(kind, lists or null) marks them as "lit", "pinned" or
//        "selected"; words(cell, links); show(cell or null) while it is hovered; chosen(cell) by a click;
//        target(cell) {array, place, value} if it can be painted, else null; increment() of a value; caption(sentence);
//        send(message) to Python, if not just as it comes; after(cell) the one to type in after it, or null.
// Returns key(event), which paints the selected cell, release(), refresh() and consider(cell).
export function attachPointer(model, parts, hooks) {
  const state = { pinned: null, selected: null, typed: "", at: 0, drag: null };
  const send = hooks.send ?? ((message) => sendMessage(model, message));

  const select = (cell) => {
    Object.assign(state, { selected: cell, typed: "" });
    hooks.light("selected", cell && hooks.spot(cell));
  };

  const release = () => {
    Object.assign(state, { pinned: null, selected: null, typed: "" });
    for (const kind of ["lit", "pinned", "selected"]) hooks.light(kind, null);
    hooks.show(null);
    hooks.caption("");
  };

  const consider = (cell, kind = "lit") => {
    if (!cell) {
      hooks.light("lit", null);
      parts.drawing.dataset.lit = "";
      hooks.show(null);
      return hooks.caption("");
    }
    const links = hooks.links(cell);
    parts.drawing.dataset.lit = JSON.stringify(links);
    hooks.light(kind, links);
    hooks.show(cell);
    hooks.caption(hooks.words(cell, links));
  };

  // The next cell to type in, marked as if it had been clicked.
  const choose = (cell) => {
    state.pinned = cell;
    consider(cell, "pinned");
    select(cell);
  };

  const targetOf = (cell) =>
    cell && hasKernel(parts) && !model.get("predict") ? hooks.target(cell) : null;
  const paint = (value) => {
    const target = targetOf(state.selected);
    if (!target || !Number.isFinite(value)) return;
    // Only the cell itself stays marked: what it changes must be seen.
    for (const kind of ["lit", "pinned"]) hooks.light(kind, null);
    send({ kind: "paint", array: target.array, place: target.place, value });
  };
  const stepped = (value, count) => Number((value + count * hooks.increment()).toFixed(6));
  const under = (event) => hooks.under(...pointIn(parts.drawing, event));

  const down = (event) => {
    const cell = under(event);
    if (!cell) return release();
    parts.root.focus({ preventScroll: true });
    // A click on an output goes there and keeps nothing, or the clock could not go on.
    state.pinned = "n" in cell ? null : cell;
    hooks.light("pinned", null);
    consider(cell, state.pinned ? "pinned" : "lit");
    hooks.chosen(cell);
    const target = targetOf(cell);
    select(target ? cell : null);
    if (!target) return;
    state.drag = { y: event.clientY, value: target.value };
    parts.drawing.setPointerCapture(event.pointerId);
  };

  const move = (event) => {
    if (!state.drag) return consider(under(event));
    const target = targetOf(state.selected);
    const value = stepped(state.drag.value, Math.round((state.drag.y - event.clientY) / DRAG));
    if (target && value !== target.value) paint(value);
  };

  const up = () => (state.drag = null);
  const leave = () => !state.drag && consider(null);
  const wire = (name, listener) => {
    parts.drawing.addEventListener(name, listener);
    parts.later(() => parts.drawing.removeEventListener(name, listener));
  };
  for (const [name, listener] of [
    ["pointerdown", down],
    ["pointermove", move],
    ["pointerup", up],
    ["pointercancel", up],
    ["pointerleave", leave],
  ])
    wire(name, listener);

  // Keys while a cell is selected: digits type its value, up and down change it by an increment.
  const key = (event) => {
    const target = targetOf(state.selected);
    if (!target) return false;
    if (event.timeStamp - state.at > PAUSE || !/^[0-9.,]$|^Backspace$/.test(event.key))
      state.typed = "";
    state.at = event.timeStamp;
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      paint(stepped(target.value, event.key === "ArrowUp" ? 1 : -1));
      return true;
    }
    if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) {
      const next = hooks.after?.(state.selected) ?? null;
      if (!next && event.key === "Tab") return false;
      if (next) choose(next);
      state.typed = "";
      return true;
    }
    if (event.key === "Delete") {
      state.typed = "";
      paint(0);
      return true;
    }
    if (/^[0-9.,\-]$/.test(event.key)) state.typed += event.key.replace(",", ".");
    else if (event.key === "Backspace") state.typed = state.typed.slice(0, -1);
    else return false;
    if (state.typed !== "" && state.typed !== "-") paint(Number(state.typed));
    return true;
  };

  const refresh = () => state.selected && hooks.light("selected", hooks.spot(state.selected));
  return { key, release, refresh, consider };
}

// The cell after this one, its places counted up in ranges [[name, count], …], the last one fastest; null at the end.
export function cellAfter(cell, ranges) {
  const next = { ...cell };
  for (const [name, count] of [...ranges].reverse()) {
    next[name] += 1;
    if (next[name] < count) return next;
    next[name] = 0;
  }
  return null;
}
