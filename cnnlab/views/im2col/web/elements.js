// The elements of the Im2col view's drawing: the window, the matrices, the products and the threads, built once for a geometry.

import { set, svg } from "../../shared/web/dom.js";
import { around, crossOut, marksOf, Slice } from "../../shared/web/slice.js";
import { SteppedDrawing } from "../../shared/web/stepped_drawing.js";
import { IM, im2colLayout } from "./layout.js";
import { SparseMatrix } from "./sparse.js";
import { ProductStrip } from "./strip.js";
import { ThreadGrid } from "./threads.js";

export class Im2colElements extends SteppedDrawing {
  constructor(parts, model) {
    super(parts, model);
    /** @type {ReturnType<typeof im2colLayout> | null} */
    this.layout = null;
    /** @type {Slice[]} */
    this.inputs = [];
    /** @type {any[]} the window on each of them */
    this.windows = [];
    /** @type {ProductStrip | null} */
    this.strip = null;
    /** @type {Slice | null} */
    this.output = null;
    this.outputTitle = null;
    /** @type {Slice | null} X_col */
    this.columns = null;
    /** @type {any[]} a bar in its hue at each row of X_col */
    this.tapHues = [];
    /** @type {Slice | null} */
    this.product = null;
    /** @type {SparseMatrix | null} */
    this.sparse = null;
    this.sparseTitle = null;
    this.rowMark = null;
    /** @type {ThreadGrid | null} */
    this.threads = null;
    /** @type {any[]} the lines of code of the present thread */
    this.lines = [];
    /** @type {Record<string, any>} the outlines of all that reads a cell */
    this.reads = {};
    /** @type {ReturnType<typeof marksOf> | null} */
    this.marks = null;
  }

  build() {
    this.body?.remove();
    const { scene } = this;
    const layout = (this.layout = im2colLayout(scene));
    set(this.svgElement, {
      viewBox: `-4 0 ${IM.wide + 8} ${IM.high + 4}`,
      preserveAspectRatio: "xMinYMin meet",
    });
    this.body = svg("g", {}, this.svgElement);
    this.heading(0, "im2col.window");
    this.inputs = this.buildInputs();
    for (const slice of this.inputs) this.buildMisfit(slice);
    this.strip = new ProductStrip(this.body, layout.strip, layout.taps, scene.w.shape[0], this.say);
    if (scene.outputs) this.buildOutputs();
    this.reads = Object.fromEntries(
      ["lit", "pinned"].map((kind) => [kind, svg("path", { class: `reads ${kind}` }, this.body)]),
    );
    if (scene.outputs) this.buildWindow();
    this.marks = marksOf(this.body, ["lit", "active", "pair", "pinned", "selected"]);
  }

  heading(x, key, y = 13, values = {}) {
    return svg("text", { x, y, class: "heading" }, this.body, this.say(key, values));
  }

  buildInputs() {
    const { scene, layout, say } = this;
    const [rows, columns, C] = scene.x.shape;
    return Array.from(
      { length: C },
      (_, c) =>
        new Slice(this.body, {
          ...layout.inputAt(c),
          rows,
          columns,
          cell: layout.cell,
          pads: scene.pads,
          title: say("convolution.input", { c }),
        }),
    );
  }

  // Cells that no window reads are crossed out; the window that would hang over the edge is dashed.
  buildMisfit(slice) {
    const { unread, overhang, first } = this.scene;
    crossOut(this.body, slice, unread);
    if (!overhang.some(Boolean)) return;
    const [rows, columns] = overhang.map((places, axis) => places ?? first[axis]);
    const high = rows.at(-1) - rows[0] + 1;
    const wide = columns.at(-1) - columns[0] + 1;
    const d = around(slice, rows[0], columns[0], high, wide).outline();
    svg("path", { d, class: "overhang" }, this.body);
  }

  buildOutputs() {
    const { scene, layout, body } = this;
    const [OH, OW] = scene.y.shape;
    const size = { rows: OH, columns: OW, cell: layout.cell };
    this.output = new Slice(body, { ...layout.outputAt, ...size, title: " " });
    this.outputTitle = this.output.group.querySelector(".slice-title");
    this.buildMatrices();
    this.sparseTitle = this.heading(0, "im2col.sparse", IM.second + 9);
    this.sparse = new SparseMatrix(body, layout.sparse, layout.places, scene.x.values.length);
    this.heading(layout.threads.x, "im2col.threads");
    this.threads = new ThreadGrid(body, layout.threads, scene.threads, [OH, OW]);
    this.rowMark = svg("path", { class: "row-mark" }, body);
    this.lines = [0, 1, 2].map(() => svg("g", {}, body));
  }

  // X_col with the hues of its rows, and its product with the filters.
  buildMatrices() {
    const { scene, layout, body } = this;
    const [K] = scene.w.shape;
    const { columnsX, columnsAt, columnCell: cell } = layout;
    const [rows, columns] = scene.cols.shape;
    this.heading(columnsX, "im2col.columns", 13, { rows, places: columns });
    this.columns = new Slice(body, { ...columnsAt, rows, columns, cell });
    set(this.columns.group, { "data-name": "X_col" });
    const title = this.say("im2col.product");
    this.product = new Slice(body, { ...layout.productAt, rows: K, columns, cell, title });
    const bar = { x: columnsX - 7, width: 4, height: cell - 0.5 };
    this.tapHues = Array.from({ length: rows }, (_, r) =>
      svg("rect", { ...bar, y: IM.heading + r * cell }, body),
    );
  }

  // The window on each input slice, in the hues of the filter's cells.
  buildWindow() {
    const { rows, columns } = this.scene;
    const [top, left, cell] = [rows[0][0], columns[0][0], this.layout.cell];
    const size = {
      width: (columns[0].at(-1) - left + 1) * cell,
      height: (rows[0].at(-1) - top + 1) * cell,
    };
    this.windows = this.inputs.map(() => {
      const group = svg("g", { class: "window" }, this.body);
      rows[0].forEach((row, u) =>
        columns[0].forEach((column, v) => {
          const place = {
            x: (column - left) * cell + 1,
            y: (row - top + 0.85) * cell,
            width: cell - 2,
            height: 0.15 * cell - 0.5,
          };
          svg("rect", { ...place, class: "hue", "data-hue": u * columns[0].length + v }, group);
        }),
      );
      for (const kind of ["mark-back", "mark-front"])
        svg("rect", { ...size, class: `mark ${kind} active` }, group);
      return group;
    });
  }
}
