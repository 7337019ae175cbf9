// The elements of the Pooling view's drawing: its slices, windows and lenses, built once for a geometry.

import { set, svg } from "../../shared/web/dom.js";
import { crossOut, DIGITS_FROM, marksOf, Slice } from "../../shared/web/slice.js";
import { SteppedDrawing } from "../../shared/web/stepped_drawing.js";
import { POOL, poolingLayout } from "./layout.js";
import { PoolingLens, Ring } from "./lens.js";

const IMAGE_BELOW = DIGITS_FROM; // cells without digits are pixels of an image

export class PoolingElements extends SteppedDrawing {
  constructor(parts, model) {
    super(parts, model);
    this.F = 1;
    this.backward = false;
    /** @type {ReturnType<typeof poolingLayout> | null} */
    this.layout = null;
    // inputs[c] and outputs[c] hold one slice, or two where the image is moved.
    /** @type {Slice[][]} */
    this.inputs = [];
    /** @type {Slice[][]} */
    this.outputs = [];
    /** @type {any[]} {group, lines} of the image and of the moved one */
    this.windows = [];
    /** @type {PoolingLens[]} */
    this.lenses = [];
    /** @type {Ring | null} */
    this.ring = null;
    /** @type {ReturnType<typeof marksOf> | null} */
    this.marks = null;
    this.wires = null;
    this.dots = null;
    this.pointer = null;
    this.head = null;
  }

  build() {
    this.body?.remove();
    const { scene } = this;
    const lenses = scene.shift || this.backward ? 2 : 1;
    const layout = (this.layout = poolingLayout(scene, lenses, this.F));
    set(this.svgElement, {
      viewBox: `-3 0 ${POOL.wide + 6} ${layout.height + 4}`,
      preserveAspectRatio: "xMinYMin meet",
    });
    this.body = svg("g", {}, this.svgElement);
    this.inputs = this.buildInputs();
    this.outputs = scene.outputs ? this.buildOutputs() : [];
    if (!scene.outputs)
      svg(
        "text",
        { x: layout.lensX, y: POOL.title - 6, class: "slice-title" },
        this.body,
        this.say("pooling.no_outputs"),
      );
    this.inputs.flat().forEach((slice) => this.buildMisfit(slice));
    this.wires = svg("g", { class: "wires" }, this.body);
    this.dots = svg("g", { class: "dots" }, this.body);
    if (scene.outputs) this.buildWindows(lenses);
    this.ring = new Ring(this.body);
    // What changed is framed within its cell, to be seen beside the frame of the present output.
    const kinds = ["changed", "lit", "active", "pinned", "selected"];
    this.marks = marksOf(this.body, kinds, { changed: 0.13 });
  }

  buildInputs() {
    const { scene, layout, say } = this;
    const [rows, columns, C] = scene.x.shape;
    const names = [this.backward ? "pooling.d_input" : "pooling.input", "pooling.moved"];
    return this.columnsOf(
      C,
      names,
      layout.inputAt,
      { rows, columns, cell: layout.cell, pads: scene.pads, padded: "–" },
      say,
    );
  }

  buildOutputs() {
    const { scene, layout, say } = this;
    const [rows, columns, C] = scene.y.shape;
    const names = [this.backward ? "pooling.d_output" : "pooling.output", "pooling.after"];
    return this.columnsOf(
      C,
      names,
      layout.outputAt,
      { rows, columns, cell: layout.outputCell },
      say,
    );
  }

  columnsOf(C, names, placeOf, sizes, say) {
    const size = { ...sizes, asImage: sizes.cell < IMAGE_BELOW };
    return Array.from({ length: C }, (_, c) =>
      names.slice(0, this.scene.shift ? 2 : 1).map((name, n) => {
        const [x, y] = placeOf(c, n);
        return new Slice(this.body, { x, y, ...size, title: say(name, { c }) });
      }),
    );
  }

  // Rows and columns that no window reads are crossed out; a window that does not fit, or holds padding only, is dashed.
  buildMisfit(slice) {
    const { scene } = this;
    crossOut(this.body, slice, scene.unread);
    this.buildBeyond(slice);
    const ends =
      scene.empty ?? scene.overhang.map((places, axis) => (scene.past?.[axis] ? null : places));
    if (!ends.some(Boolean)) return;
    const [rows, columns] = ends.map((places, axis) => places ?? this.firstWindow(axis));
    const [x, y] = slice.corner(rows[0], columns[0]);
    const size = { width: columns.length * slice.cell, height: rows.length * slice.cell };
    svg("rect", { x, y, ...size, class: "overhang" }, this.body);
  }

  // What the windows read past the padding, below and at the right.
  buildBeyond(slice) {
    const [down, right] = (this.scene.past ?? [0, 0]).map((cells) => cells * slice.cell);
    const { width, height } = slice;
    const [x, y] = slice.corner(-slice.top, -slice.left);
    const below = { x, y: y + height, width: width + right, height: down };
    const atRight = { x: x + width, y, width: right, height };
    if (down) svg("rect", { ...below, class: "beyond" }, this.body);
    if (right) svg("rect", { ...atRight, class: "beyond" }, this.body);
  }

  firstWindow(axis) {
    return Array.from({ length: this.F }, (_, u) => u - this.scene.pads[axis][0]);
  }

  buildWindows(lenses) {
    const { layout, F } = this;
    const side = F * layout.cell;
    this.windows = Array.from({ length: this.scene.shift ? 2 : 1 }, () => {
      const group = svg("g", { class: "window" }, this.body);
      for (const kind of ["mark-back", "mark-front"])
        svg("rect", { width: side, height: side, class: `mark ${kind}` }, group);
      return { group, lines: Array.from({ length: 2 }, () => svg("line", {}, this.wires)) };
    });
    this.lenses = Array.from(
      { length: lenses },
      (_, n) => new PoolingLens(this.body, layout, n, F),
    );
    this.pointer = svg("path", { class: "pointer" }, this.body);
    this.head = svg("path", { class: "pointer-head" }, this.body);
  }
}
