// Hovering, pinning and painting in any drawing. The view says which cell lies under a point and what belongs to it.

import { sendMessage } from "./controls.js";
import { hasKernel, pointIn } from "./frame.js";

/** @typedef {import("./types.js").Cell} Cell */

const DRAG = 10; // pixels of the mouse for one increment of a value
const PAUSE = 1200; // milliseconds after which typing begins again
const UP_DOWN = { ArrowUp: 1, ArrowDown: -1 };

/**
 * Returns the pointer: key(event), which paints the selected cell, release(), refresh() and consider(cell).
 * @param {import("./types.js").Model} model
 * @param {import("./types.js").Parts} parts
 * @param {import("./types.js").PointerHooks} hooks
 */
export function attachPointer(model, parts, hooks) {
  const pointer = new CellPointer(model, parts, hooks);
  const listeners = {
    pointerdown: (event) => pointer.down(event),
    pointermove: (event) => pointer.move(event),
    pointerup: () => pointer.up(),
    pointercancel: () => pointer.up(),
    pointerleave: () => pointer.leave(),
  };
  for (const [name, listener] of Object.entries(listeners)) {
    parts.svgElement.addEventListener(name, listener);
    parts.later(() => parts.svgElement.removeEventListener(name, listener));
  }
  return pointer;
}

class CellPointer {
  constructor(model, parts, hooks) {
    this.model = model;
    this.parts = parts;
    this.hooks = hooks;
    /** @type {Cell | null} */
    this.selected = null;
    this.typed = "";
    this.typedAt = 0;
    /** @type {{ y: number, value: number } | null} */
    this.drag = null;
  }

  select(cell) {
    this.selected = cell;
    this.typed = "";
    this.hooks.light("selected", cell && this.hooks.spot(cell));
  }

  release() {
    this.selected = null;
    this.typed = "";
    for (const kind of ["lit", "pinned", "selected"]) this.hooks.light(kind, null);
    this.hooks.show(null);
    this.hooks.caption("");
  }

  refresh() {
    if (this.selected) this.hooks.light("selected", this.hooks.spot(this.selected));
  }

  consider(cell, kind = "lit") {
    const { hooks, parts } = this;
    const links = cell && hooks.links(cell);
    parts.svgElement.dataset.lit = cell ? JSON.stringify(links) : "";
    hooks.light(cell ? kind : "lit", links);
    hooks.show(cell);
    hooks.caption(cell ? hooks.words(cell, links) : "");
  }

  target(cell) {
    const changeable = cell && hasKernel(this.parts) && !this.model.get("predict");
    return changeable ? this.hooks.target(cell) : null;
  }

  stepped(value, count) {
    return Number((value + count * this.hooks.increment()).toFixed(6));
  }

  paint(value) {
    const target = this.target(this.selected);
    if (!target || !Number.isFinite(value)) return;
    // Only the cell itself stays marked: what it changes must be seen.
    for (const kind of ["lit", "pinned"]) this.hooks.light(kind, null);
    const message = { kind: "paint", array: target.array, place: target.place, value };
    if (this.hooks.send) this.hooks.send(message);
    else sendMessage(this.model, message);
  }

  under(event) {
    const [x, y] = pointIn(this.parts.svgElement, event);
    return this.hooks.under(x, y);
  }

  down(event) {
    const cell = this.under(event);
    if (!cell) return this.release();
    this.parts.root.focus({ preventScroll: true });
    // A click on an output goes there and keeps nothing, or the clock could not go on.
    this.hooks.light("pinned", null);
    this.consider(cell, "n" in cell ? "lit" : "pinned");
    this.hooks.chosen(cell);
    const target = this.target(cell);
    this.select(target ? cell : null);
    if (!target) return;
    this.drag = { y: event.clientY, value: target.value };
    this.parts.svgElement.setPointerCapture(event.pointerId);
  }

  move(event) {
    if (!this.drag) return this.consider(this.under(event));
    const target = this.target(this.selected);
    const value = this.stepped(this.drag.value, Math.round((this.drag.y - event.clientY) / DRAG));
    if (target && value !== target.value) this.paint(value);
  }

  up() {
    this.drag = null;
  }

  leave() {
    if (!this.drag) this.consider(null);
  }

  // Keys while a cell is selected: digits type its value, up and down change it by an increment.
  key(event) {
    const target = this.target(this.selected);
    if (!target) return false;
    if (event.timeStamp - this.typedAt > PAUSE || !/^[0-9.,]$|^Backspace$/.test(event.key))
      this.typed = "";
    this.typedAt = event.timeStamp;
    if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey))
      return this.choose(event.key);
    if (event.key in UP_DOWN) this.paint(this.stepped(target.value, UP_DOWN[event.key]));
    else if (event.key === "Delete") this.paint(0);
    else return this.type(event.key);
    return true;
  }

  // The next cell to type in, marked as if it had been clicked; after the last, Tab leaves the drawing.
  choose(key) {
    const next = this.hooks.after?.(this.selected) ?? null;
    if (!next) return key !== "Tab";
    this.consider(next, "pinned");
    this.select(next);
    return true;
  }

  type(key) {
    if (/^[0-9.,\-]$/.test(key)) this.typed += key.replace(",", ".");
    else if (key === "Backspace") this.typed = this.typed.slice(0, -1);
    else return false;
    if (this.typed !== "" && this.typed !== "-") this.paint(Number(this.typed));
    return true;
  }
}

/**
 * The cell after this one, its places counted up in ranges, the last one fastest; null at the end.
 * @param {Cell} cell
 * @param {any[][]} ranges [[name, count], …] of its places
 */
export function cellAfter(cell, ranges) {
  const next = { ...cell };
  for (const [name, count] of [...ranges].reverse()) {
    next[name] += 1;
    if (next[name] < count) return next;
    next[name] = 0;
  }
  return null;
}
