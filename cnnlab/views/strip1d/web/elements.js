// The elements of the Strip1D view's drawing: its row, outputs, wires and the filter that slides, built once for a geometry.

import { set, svg } from "../../shared/web/dom.js";
import { marksOf, Slice } from "../../shared/web/slice.js";
import { SteppedDrawing } from "../../shared/web/stepped_drawing.js";
import { STRIP, stripLayout } from "./layout.js";

export class StripElements extends SteppedDrawing {
  constructor(parts, model) {
    super(parts, model);
    /** @type {ReturnType<typeof stripLayout> | null} */
    this.layout = null;
    /** @type {any[][]} the lines of each window */
    this.wires = [];
    /** @type {Slice | null} */
    this.row = null;
    /** @type {Slice | null} */
    this.filter = null;
    /** @type {Slice | null} */
    this.bias = null;
    /** @type {Slice[]} */
    this.outputs = [];
    /** @type {any[]} the stripes in the hues of the weights */
    this.hues = [];
    this.ledger = null;
    this.sliding = null;
    /** @type {any[]} the lines from the weights that slide to their output */
    this.joins = [];
    /** @type {{ box: any, digit: any }[]} the weights that slide */
    this.weights = [];
    /** @type {ReturnType<typeof marksOf> | null} */
    this.marks = null;
  }

  build() {
    this.body?.remove();
    const { scene } = this;
    const layout = (this.layout = stripLayout(scene));
    set(this.svgElement, {
      viewBox: `-3 0 ${STRIP.wide + 6} ${layout.height + 4}`,
      preserveAspectRatio: "xMinYMin meet",
    });
    this.body = svg("g", {}, this.svgElement);
    this.wires = (scene.windows ?? []).map((window) => this.wiresOf(window, "wire"));
    this.buildTitles();
    this.row = new Slice(this.body, {
      x: 0,
      y: layout.rowTop,
      rows: 1,
      columns: scene.x.shape[0],
      cell: layout.cell,
      pads: [
        [0, 0],
        [scene.pad, scene.pad],
      ],
    });
    this.outputs = (scene.windows ?? []).map((window) => this.outputOf(window));
    this.buildPlaces();
    this.buildMisfit();
    this.buildPanel();
    if (scene.outputs) this.buildWindow();
    this.marks = marksOf(this.body, ["lit", "active", "pair", "pinned", "selected"]);
  }

  buildTitles() {
    const { scene, layout, say } = this;
    const input = scene.pad ? "strip1d.input_title_padded" : "strip1d.input_title";
    const outputs = scene.outputs ? "strip1d.outputs" : "strip1d.no_outputs";
    const sizes = { W: scene.x.shape[0], P: scene.pad };
    this.text(0, layout.rowBottom - 3, "slice-title", say(input, sizes));
    this.text(0, STRIP.title - 6, "slice-title", say(outputs, { n: scene.outputs }));
  }

  text(x, y, kind, words, more = {}) {
    return svg("text", { x, y, class: kind, ...more }, this.body, words);
  }

  middleOf(window) {
    return (this.layout.middle(window[0]) + this.layout.middle(window.at(-1))) / 2;
  }

  wiresOf(window, kind) {
    const { layout } = this;
    const from = { x1: this.middleOf(window), y1: layout.outputTop + layout.output };
    return window.map((place) =>
      svg("line", { ...from, x2: layout.middle(place), y2: layout.rowTop, class: kind }, this.body),
    );
  }

  outputOf(window) {
    const { output, outputTop } = this.layout;
    return new Slice(this.body, {
      x: this.middleOf(window) - output / 2,
      y: outputTop,
      rows: 1,
      columns: 1,
      cell: output,
    });
  }

  // Under each cell its place, as Python counts it.
  buildPlaces() {
    const { layout, scene } = this;
    if (layout.cell < 20) return;
    for (let place = 0; place < scene.x.shape[0]; place++)
      this.text(
        layout.middle(place),
        layout.rowTop + layout.cell + 13,
        "small place",
        String(place),
        { "text-anchor": "middle" },
      );
  }

  // Cells that no window reads are crossed out; a window that does not fit is dashed, and so is the output it has not.
  buildMisfit() {
    const { scene } = this;
    for (const place of scene.unread) this.buildUnread(place);
    const ends = scene.past ? [] : (scene.overhang ?? []);
    const edge = scene.x.shape[0] + scene.pad;
    this.buildBeyond(edge, Math.max(scene.past ?? 0, (ends.at(-1) ?? 0) + 1 - edge));
    for (const window of scene.refused ?? []) this.buildGhost(window, false);
    if (!ends.length) return;
    this.buildGhost(ends, true);
    const { cell, rowTop } = this.layout;
    const [x, last] = [this.leftOf(ends[0]), this.leftOf(ends.at(-1))];
    const frame = { x, y: rowTop - 3, width: last - x + cell, height: cell + 6 };
    svg("rect", { ...frame, class: "overhang" }, this.body);
  }

  leftOf(place) {
    return this.layout.middle(place) - this.layout.cell / 2;
  }

  buildUnread(place) {
    const { cell, rowTop } = this.layout;
    const side = cell - 6;
    const d = `M${this.leftOf(place) + 3} ${rowTop + 3}l${side} ${side}m0 ${-side}l${-side} ${side}`;
    for (const kind of ["mark-back", "mark-front"])
      svg("path", { d, class: `mark ${kind} unread` }, this.body);
  }

  // So many cells past the padding, with zeros where they are read.
  buildBeyond(edge, count) {
    const { cell, rowTop, middle } = this.layout;
    const zero = { style: `font-size: ${cell * 0.5}px` };
    for (let place = edge; place < edge + count; place++) {
      const box = { x: this.leftOf(place), y: rowTop, width: cell, height: cell };
      svg("rect", { ...box, class: "beyond" }, this.body);
      if (this.scene.past) this.text(middle(place), rowTop + cell / 2, "digit", "0", zero);
    }
  }

  buildGhost(window, lost) {
    const { outputTop, output } = this.layout;
    this.wiresOf(window, lost ? "wire missing" : "wire ghost");
    const x = this.middleOf(window);
    svg(
      "rect",
      {
        x: x - output / 2,
        y: outputTop,
        width: output,
        height: output,
        class: lost ? "overhang" : "beyond",
      },
      this.body,
    );
    if (lost)
      this.text(x, outputTop + output / 2, "digit lost-output", "✕", {
        style: `font-size: ${output * 0.6}px`,
      });
  }

  buildPanel() {
    const { layout, scene, say } = this;
    const size = { rows: 1, cell: layout.weight };
    const at = (corner) => ({ x: corner[0], y: corner[1], ...size });
    this.filter = new Slice(this.body, {
      ...at(layout.filterAt),
      columns: scene.w.shape[0],
      title: say("strip1d.filter"),
    });
    this.bias = new Slice(this.body, {
      ...at(layout.biasAt),
      columns: 1,
      title: say("strip1d.bias"),
    });
    this.hues = Array.from({ length: scene.w.shape[0] }, (_, v) =>
      stripHue(this.body, ...this.filter.corner(0, v), layout.weight, layout.weight, v),
    );
    this.ledger = svg("g", { class: "ledger" }, this.body);
  }

  // The filter as it slides over the row: each weight above its cell, joined to the output.
  buildWindow() {
    const { layout, scene } = this;
    const F = scene.w.shape[0];
    const window = scene.windows[0];
    this.joins = Array.from({ length: F }, () => svg("line", { class: "join" }, this.body));
    this.sliding = svg("g", { class: "sliding" }, this.body);
    this.weights = window.map((place, v) => {
      const x = (place - window[0]) * layout.cell;
      const box = svg(
        "rect",
        {
          x: x + 1,
          width: layout.cell - 2,
          height: layout.weightHigh,
          rx: 4,
          class: "cell weight",
        },
        this.sliding,
      );
      const digit = svg(
        "text",
        { x: x + layout.cell / 2, y: layout.weightHigh * 0.44, class: "digit" },
        this.sliding,
      );
      this.hues.push(stripHue(this.sliding, x, 0, layout.cell, layout.weightHigh, v));
      return { box, digit };
    });
    const span = (window.at(-1) - window[0] + 1) * layout.cell;
    for (const kind of ["mark-back", "mark-front"])
      svg(
        "rect",
        { width: span, height: layout.weightHigh + layout.cell, class: `mark ${kind}` },
        this.sliding,
      );
  }
}

// A stripe at the foot of a weight, in its hue.
function stripHue(parent, x, y, wide, high, v) {
  const thick = Math.max(high * 0.16, 3);
  return svg(
    "rect",
    {
      x: x + 2,
      y: y + high - thick - 1,
      width: wide - 4,
      height: thick,
      "data-hue": v,
      class: "hue",
    },
    parent,
  );
}
