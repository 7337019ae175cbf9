// Drawing on the image itself, at the net's own size: a pencil with a soft edge, an eraser, a clean sheet. Every stroke
// is painted at once and sent to Python, which answers with all maps.

import { flush } from "../../shared/web/controls.js";
import { clamp } from "../../shared/web/dom.js";
import { hasKernel } from "../../shared/web/frame.js";

const DRAWN_EVERY = 60; // milliseconds, at least
const BRUSH = 0.05; // of the larger side

export class Pad {
  constructor(drawing) {
    this.drawing = drawing;
    this.eraser = false;
    this.colour = [1, 1, 1];
    this.last = null; // where the pencil is, while it is down
    this.timer = null; // until the sheet is sent
    this.sent = 0; // when it was sent last
    this.ahead = false; // of what Python shows
    /** @type {Float32Array} */
    this.values = null; // of the sheet, (H, W, C)
    this.H = 0;
    this.W = 0;
    this.C = 0;
    this.ends = [0, 1]; // of its values
  }

  // What Python shows now; while a stroke is on its way to it, the sheet is ahead.
  take(scene) {
    const [H, W, C] = scene.x.shape;
    this.ahead = this.timer !== null || this.last !== null;
    if (!this.ahead || this.values?.length !== H * W * C)
      this.values = Float32Array.from(scene.x.values);
    this.H = H;
    this.W = W;
    this.C = C;
    this.ends = scene.ends;
  }

  get on() {
    return (
      this.drawing.model.get("source") === "draw" && hasKernel(this.drawing.parts) && this.H > 0
    );
  }

  down(at) {
    this.last = at;
    this.stroke(at);
  }

  move(at) {
    if (this.last) this.stroke(at);
  }

  up() {
    this.last = null;
  }

  clear() {
    this.values.fill(this.ends[0]);
    this.changed();
  }

  // From the last place to this one, in steps of half a pixel; places are in pixels, and may lie between them.
  stroke([row, column]) {
    const [from, to] = [this.last, [row, column]];
    const steps = Math.ceil(2 * Math.hypot(to[0] - from[0], to[1] - from[1])) || 1;
    for (let n = 0; n <= steps; n++)
      this.dab(
        from[0] + ((to[0] - from[0]) * n) / steps,
        from[1] + ((to[1] - from[1]) * n) / steps,
      );
    this.last = to;
    this.changed();
  }

  dab(row, column) {
    const {
      H,
      W,
      C,
      values,
      ends: [low, high],
    } = this;
    const radius = Math.max(0.9, BRUSH * Math.max(H, W)) * (this.eraser ? 1.6 : 1);
    for (
      let r = Math.max(0, Math.floor(row - radius - 1));
      r <= Math.min(H - 1, row + radius + 1);
      r++
    )
      for (
        let q = Math.max(0, Math.floor(column - radius - 1));
        q <= Math.min(W - 1, column + radius + 1);
        q++
      ) {
        const ink = clamp(radius + 0.5 - Math.hypot(r + 0.5 - row, q + 0.5 - column), 0, 1);
        for (let c = 0; c < C; c++) {
          const at = (r * W + q) * C + c;
          const wanted = this.eraser ? low : low + (high - low) * (C === 3 ? this.colour[c] : 1);
          const mixed = values[at] + (wanted - values[at]) * ink;
          // A second dab beside the first must not wash it out.
          values[at] =
            C === 3
              ? mixed
              : this.eraser
                ? Math.min(values[at], mixed)
                : Math.max(values[at], mixed);
        }
      }
  }

  changed() {
    this.drawing.paintSheet(this);
    const wait = this.sent + DRAWN_EVERY - performance.now();
    if (this.timer === null) this.timer = setTimeout(() => this.send(), Math.max(0, wait));
  }

  send() {
    const { model } = this.drawing;
    this.timer = null;
    this.sent = performance.now();
    model.send({ kind: "drawn" }, undefined, [Float32Array.from(this.values).buffer]);
    flush(model);
  }

  close() {
    clearTimeout(this.timer);
  }
}
