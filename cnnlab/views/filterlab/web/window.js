// The window on the image and the pixel it gives, with lines between them and how that pixel is made.

import { set, svg } from "../../shared/web/dom.js";
import { labPlace } from "./explain.js";
import { LAB } from "./layout.js";

const LEAST_SPOT = 5; // units of the drawing: a smaller outline of a pixel could not be seen

export class LabWindow {
  constructor(body, { scene, layout, result }) {
    this.scene = scene;
    this.layout = layout;
    this.result = result;
    this.side = scene.w.shape[1] * layout.scale;
    this.spotSide = Math.max(layout.resultScale, LEAST_SPOT);
    this.covers = [0, 1].map(() => svg("rect", { class: "cover" }, body));
    const wires = svg("g", { class: "wires" }, body);
    this.lines = Array.from({ length: 4 }, () => svg("line", {}, wires));
    this.window = outlined(body, this.side);
    this.spot = outlined(body, this.spotSide);
  }

  // Hides the pixels after this one; null hides none.
  cover(upto) {
    const { x, y } = this.result;
    const [OH, OW] = this.scene.y.shape;
    const s = this.layout.resultScale;
    const i = upto === null ? OH : Math.floor(upto / OW);
    const j = upto === null ? OW : (upto % OW) + 1;
    set(this.covers[0], {
      x: x + j * s,
      y: y + i * s,
      width: Math.max(0, (OW - j) * s),
      height: i < OH ? s : 0,
    });
    set(this.covers[1], {
      x,
      y: y + Math.min(OH, i + 1) * s,
      width: OW * s,
      height: Math.max(0, OH - i - 1) * s,
    });
  }

  move(n) {
    const { layout, scene, spotSide } = this;
    const { i, j } = labPlace(scene, n);
    const x = layout.inputX + scene.columns[j] * layout.scale;
    const y = layout.inputY + scene.rows[i] * layout.scale;
    const off = (layout.resultScale - spotSide) / 2;
    const spotX = layout.resultX + j * layout.resultScale + off;
    const spotY = LAB.top + i * layout.resultScale + off;
    for (const box of this.window) set(box, { x, y });
    for (const box of this.spot) set(box, { x: spotX, y: spotY });
    this.moveLines([x + this.side, y], [spotX, spotY]);
  }

  // From the window to its cells in the middle, and from the pixel in the middle to its place in the result.
  moveLines([windowX, windowY], [spotX, spotY]) {
    const { layout, side, spotSide } = this;
    const [left, top] = layout.patch ? [layout.middleX, layout.foot] : layout.gridAt(0);
    const high = layout.patch || layout.side * layout.ledgerCell;
    const right = layout.middleX + layout.middleWide;
    for (const down of [0, 1]) {
      set(this.lines[down], {
        x1: windowX,
        y1: windowY + down * side,
        x2: left,
        y2: top + down * high,
      });
      set(this.lines[2 + down], {
        x1: right,
        y1: layout.foot + down * layout.swatch,
        x2: spotX,
        y2: spotY + down * spotSide,
      });
    }
  }
}

// A square in a white and a dark stroke, so that it shows on every colour.
const outlined = (body, side) =>
  ["mark-back", "mark-front"].map((kind) =>
    svg("rect", { width: side, height: side, class: `mark ${kind}` }, body),
  );
