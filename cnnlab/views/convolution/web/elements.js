// The elements of the Convolution view's drawing: its slices, window and ledger, built once for a geometry.

import { clamp, set, svg } from "../../shared/web/dom.js";
import { crossOut, marksOf, Slice } from "../../shared/web/slice.js";
import { SteppedDrawing } from "../../shared/web/stepped_drawing.js";
import { convolutionLayout } from "./layout.js";
import { Ledger } from "./ledger.js";

const STRIPES_FROM = 6; // in smaller cells a stripe would hide the value

export class ConvolutionElements extends SteppedDrawing {
  constructor(parts, model) {
    super(parts, model);
    this.backward = false;
    /** @type {ReturnType<typeof convolutionLayout> | null} */
    this.layout = null;
    /** @type {Slice[]} */
    this.inputs = [];
    /** @type {{ slices: Slice[], bias: Slice }[]} */
    this.filters = [];
    /** @type {Slice[]} */
    this.outputs = [];
    /** @type {any[]} of each slice of the filter {over, under, lines, size} */
    this.windows = [];
    this.wires = null;
    /** @type {Ledger | null} */
    this.ledger = null;
    this.pointer = null;
    /** @type {number | null} the filter that is drawn where there are many */
    this.active = null;
    /** @type {ReturnType<typeof marksOf> | null} */
    this.marks = null;
  }

  build() {
    this.body?.remove();
    const { scene } = this;
    const layout = (this.layout = convolutionLayout(scene));
    set(this.svgElement, {
      viewBox: `-3 0 ${layout.width + 3} ${layout.height}`,
      preserveAspectRatio: "xMinYMin meet",
    });
    this.body = svg("g", {}, this.svgElement);
    this.wires = svg("g", { class: "wires" }, this.body);
    this.active = null;
    this.inputs = this.buildInputs();
    this.filters = this.buildFilters();
    this.outputs = scene.outputs ? this.buildOutputs() : [];
    this.buildMisfit();
    this.ledger = scene.outputs ? new Ledger(this.body, scene, layout) : null;
    if (scene.outputs) this.buildWindow();
    this.showFilter(0);
    this.marks = marksOf(this.body, ["lit", "active", "pair", "pinned", "selected"]);
  }

  buildInputs() {
    const { scene, layout, say } = this;
    const [rows, columns, C] = scene.x.shape;
    const name = this.backward ? "convolution.d_input" : "convolution.input";
    const size = { y: layout.inputTop, rows, columns, cell: layout.cell, pads: scene.pads };
    return Array.from(
      { length: C },
      (_, c) => new Slice(this.body, { ...size, x: c * layout.column, title: say(name, { c }) }),
    );
  }

  buildFilters() {
    const { scene, layout, say } = this;
    const [K, rows, columns, depth] = scene.w.shape;
    const names = this.backward
      ? ["convolution.d_filter", "convolution.d_bias"]
      : ["convolution.filter", "convolution.bias"];
    return Array.from({ length: K }, (_, k) => {
      const [x, y] = layout.filterAt(k);
      const size = { y, rows, columns, cell: layout.small };
      const slices = Array.from({ length: depth }, (__, c) => {
        const left = x + (layout.first[k] + c) * layout.column;
        return new Slice(this.body, { ...size, x: left, title: say(names[0], { k, c }) });
      });
      const bias = new Slice(this.body, {
        x: layout.biasX,
        y: layout.biasAt(k),
        rows: 1,
        columns: 1,
        cell: clamp(layout.small, 22, 26),
        title: say(names[1], { k }),
      });
      return { slices, bias };
    });
  }

  buildOutputs() {
    const { scene, layout, say } = this;
    const [rows, columns, K] = scene.y.shape;
    const name = this.backward ? "convolution.d_output" : "convolution.output";
    return Array.from({ length: K }, (_, k) => {
      const [x, y] = layout.outputAt(k);
      return new Slice(this.body, {
        x: layout.outputX + x,
        y,
        rows,
        columns,
        cell: layout.outputCell,
        title: say(name, { k }),
      });
    });
  }

  // Cells that no window reads are crossed out; the window that would hang over the edge is dashed.
  buildMisfit() {
    const { scene } = this;
    for (const slice of this.inputs) {
      crossOut(this.body, slice, scene.unread ?? [[], []]);
      if (scene.overhang?.some(Boolean))
        svg("rect", { ...this.overhang(slice), class: "overhang" }, this.body);
    }
  }

  overhang(slice) {
    const rows = this.scene.overhang[0] ?? this.scene.rows[0];
    const columns = this.scene.overhang[1] ?? this.scene.columns[0];
    const [x, y] = slice.corner(rows[0], columns[0]);
    return {
      x,
      y,
      width: (columns.at(-1) - columns[0] + 1) * slice.cell,
      height: (rows.at(-1) - rows[0] + 1) * slice.cell,
    };
  }

  // For each slice of the filter: the window over the input in the hues of the filter's cells, and four lines between.
  buildWindow() {
    const { scene, layout } = this;
    const [, FH, FW, depth] = scene.w.shape;
    const [rows, columns] = [scene.rows[0], scene.columns[0]];
    const size = {
      width: (columns.at(-1) - columns[0] + 1) * layout.cell,
      height: (rows.at(-1) - rows[0] + 1) * layout.cell,
    };
    const small = { width: FW * layout.small, height: FH * layout.small };
    this.windows = Array.from({ length: depth }, () => {
      const over = svg("g", { class: "window" }, this.body);
      const under = svg("g", { class: "window" }, this.body);
      this.buildStripes(over, under);
      for (const kind of ["mark-back", "mark-front"]) {
        svg("rect", { ...size, class: `mark ${kind}` }, over);
        svg("rect", { ...small, class: `mark ${kind}` }, under);
      }
      const lines = Array.from({ length: 4 }, () => svg("line", {}, this.wires));
      return { over, under, lines, size };
    });
    this.pointer = svg("path", { class: "pointer" }, this.body);
  }

  buildStripes(over, under) {
    const { cell, small } = this.layout;
    const [rows, columns] = [this.scene.rows[0], this.scene.columns[0]];
    rows.forEach((row, u) =>
      columns.forEach((column, v) => {
        const hue = { "data-hue": u * columns.length + v, class: "hue" };
        stripe(over, (column - columns[0]) * cell, (row - rows[0]) * cell, cell, hue);
        stripe(under, v * small, u * small, small, hue);
      }),
    );
  }

  filterShown(k) {
    return this.layout.stacked || k === this.active;
  }

  // Of many filters only the active one is drawn.
  showFilter(active) {
    if (this.active === active) return;
    this.active = active;
    this.filters.forEach(({ slices, bias }, k) => {
      for (const slice of [...slices, bias])
        slice.group.style.display = this.filterShown(k) ? "" : "none";
    });
  }
}

function stripe(parent, x, y, side, attributes) {
  if (side < STRIPES_FROM) return;
  const thick = Math.max(side * 0.14, 1.5);
  svg(
    "rect",
    { x: x + 1, y: y + side - thick - 1, width: side - 2, height: thick, ...attributes },
    parent,
  );
}
