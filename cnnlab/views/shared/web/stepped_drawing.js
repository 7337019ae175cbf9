// The drawing of a view whose outputs are played one after another: what is painted already is not painted again.

import { Drawing } from "./frame.js";

export class SteppedDrawing extends Drawing {
  /**
   * @param {import("./types.js").Parts} parts
   * @param {import("./types.js").Model} model
   */
  constructor(parts, model) {
    super(parts, model);
    /** @type {any} */
    this.scene = null;
    this.now = 0; // the output shown
    /** @type {string | null} the tick that is painted */
    this.painted = null;
    /** @type {import("./types.js").SteppedDrawingHooks} what the subclass adds */
    this.own = /** @type {any} */ (this);
  }

  // at = {n, taps, total, upto}: output n with its first taps multiplied, its total if it is complete; share is how far
  // the window has moved there from the output before.
  paint(at, share = 1) {
    if (!this.scene.outputs) return;
    this.own.moveWindow(at, share);
    const key = JSON.stringify(at);
    if (key === this.painted) return;
    this.painted = key;
    this.now = at.n;
    this.own.paintTick(at);
  }
}
