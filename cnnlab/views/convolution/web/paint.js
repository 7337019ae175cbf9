// The painting of the Convolution view: built once for a geometry, after that only attributes change.

import { absMax, clamp, set, svg, unpack } from "../../shared/web/dom.js";
import { Painting } from "../../shared/web/frame.js";
import { convolutionLayout } from "./layout.js";
import { Ledger } from "./ledger.js";
import { hueOf, legend } from "../../shared/web/colour.js";
import { Marks, Slice } from "../../shared/web/slice.js";
import { accumulate, backwardEntries, forwardEntries } from "./entries.js";

export class ConvolutionPicture extends Painting {
  // Take a new scene. Where only numbers changed, the drawing stays.
  take(scene) {
    for (const name of ["x", "w", "b", "y", "sums", "dy", "dx", "dw", "db"])
      if (scene[name]) scene[name] = unpack(scene[name]);
    this.scene = scene;
    this.backward = this.model.get("backward") && scene.outputs > 0;
    const key = JSON.stringify([
      scene.x.shape,
      scene.w.shape,
      scene.pads,
      scene.rows,
      scene.columns,
      scene.outputs,
      this.backward,
    ]);
    if (key !== this.key) this.build();
    this.key = key;
    this.guessed = new Map();
    this.recolour();
  }

  build() {
    this.body?.remove();
    const { scene } = this;
    const layout = (this.layout = convolutionLayout(scene));
    set(this.drawing, {
      viewBox: `-3 0 ${layout.width + 3} ${layout.height}`,
      preserveAspectRatio: "xMinYMin meet",
    });
    this.body = svg("g", {}, this.drawing);
    this.wires = svg("g", { class: "wires" }, this.body);
    this.active = null;
    this.inputs = this.buildInputs();
    this.filters = this.buildFilters();
    this.outputs = scene.outputs ? this.buildOutputs() : [];
    this.buildMisfit();
    this.ledger = scene.outputs ? new Ledger(this.body, scene, layout, this.say) : null;
    if (scene.outputs) this.buildWindow();
    this.showFilter(0);
    this.marks = Object.fromEntries(
      ["lit", "active", "pair", "pinned", "selected"].map((kind) => [
        kind,
        new Marks(this.body, kind),
      ]),
    );
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
      const slices = Array.from(
        { length: depth },
        (_, c) =>
          new Slice(this.body, {
            ...size,
            x: x + (layout.first[k] + c) * layout.column,
            title: say(names[0], { k, c }),
          }),
      );
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
      const s = slice.cell;
      const [x, y] = slice.corner(-slice.top, -slice.left);
      for (const row of scene.unread?.[0] ?? [])
        svg(
          "rect",
          { x, y: slice.corner(row, 0)[1], width: slice.width, height: s, class: "dropped" },
          this.body,
        );
      for (const column of scene.unread?.[1] ?? [])
        svg(
          "rect",
          { x: slice.corner(0, column)[0], y, width: s, height: slice.height, class: "dropped" },
          this.body,
        );
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
    this.window = Array.from({ length: depth }, () => {
      const over = svg("g", { class: "window" }, this.body);
      const under = svg("g", { class: "window" }, this.body);
      for (let u = 0; u < FH; u++)
        for (let v = 0; v < FW; v++) {
          const hue = { "data-hue": u * FW + v, class: "hue" };
          stripe(
            over,
            (columns[v] - columns[0]) * layout.cell,
            (rows[u] - rows[0]) * layout.cell,
            layout.cell,
            hue,
          );
          stripe(under, v * layout.small, u * layout.small, layout.small, hue);
        }
      const size = {
        width: (columns.at(-1) - columns[0] + 1) * layout.cell,
        height: (rows.at(-1) - rows[0] + 1) * layout.cell,
      };
      for (const kind of ["mark-back", "mark-front"]) {
        svg("rect", { ...size, class: `mark ${kind}` }, over);
        svg(
          "rect",
          { width: FW * layout.small, height: FH * layout.small, class: `mark ${kind}` },
          under,
        );
      }
      const lines = Array.from({ length: 4 }, () => svg("line", {}, this.wires));
      return { over, under, lines, size };
    });
    this.pointer = svg("path", { class: "pointer" }, this.body);
  }

  // Colours and digits of everything but the outputs, which depend on the tick.
  recolour() {
    const { scene, dark } = this;
    if (!this.backward) {
      this.inputs.forEach((slice, c) =>
        slice.paint((r, q) => scene.x.at(r, q, c), scene.limits.x, scene.palette, dark),
      );
      this.filters.forEach(({ slices, bias }, k) => {
        slices.forEach((slice, c) =>
          slice.paint((u, v) => scene.w.at(k, u, v, c), scene.limits.w, "signed", dark),
        );
        bias.paint(() => scene.b.at(k), scene.limits.w, "signed", dark);
      });
    }
    for (const element of this.body.querySelectorAll(".hue")) {
      const [, FH, FW] = scene.w.shape;
      element.style.fill = hueOf(Number(element.dataset.hue), FH * FW, dark, FW);
    }
    this.paintScales();
    this.painted = null;
  }

  paintScales() {
    const { scene, dark } = this;
    this.parts.scales.replaceChildren();
    if (!scene.outputs) return;
    const { x, w, y } = scene.limits;
    const ends = this.backward
      ? [
          ["dX", absMax(scene.dx.values), "signed"],
          ["dW", absMax(scene.dw.values), "signed"],
          ["dY", absMax(scene.dy.values), "signed"],
        ]
      : [
          ["x", x, scene.palette],
          ["W", w, "signed"],
          ["V", y, "signed"],
        ];
    for (const [name, limit, palette] of ends)
      legend(this.parts.scales, name, limit, palette, dark);
  }

  // The place of output number n, in the order of the trace: filter by filter, row by row.
  place(n) {
    const [OH, OW] = this.scene.y.shape;
    return { k: Math.floor(n / (OH * OW)), i: Math.floor(n / OW) % OH, j: n % OW };
  }

  // at = {n, taps, total}: output n with its first `taps` products shown, the total if it is complete; share is how far
  // the window has moved there from the output before.
  paint(at, share = 1) {
    if (!this.scene.outputs) return;
    this.now = at.n;
    this.moveWindow(at, share);
    const key = JSON.stringify(at);
    if (key === this.painted) return;
    this.painted = key;
    if (this.backward) this.paintBackward(at);
    else this.paintOutputs(at);
    this.paintLedger(at);
    const { i, j, k } = this.place(at.n);
    this.marks.active.show([[this.outputs[k], [[i, j]]]]);
    this.markPair(at);
  }

  // While a step is one multiply: the input cell and the weight that meet.
  markPair(at) {
    const single = !at.total && this.model.get("granularity") === "multiply";
    const place = this.place(at.n);
    const tap = single ? this.taps(place).flat()[at.taps - 1] : null;
    const pair = tap && [
      [this.inputs[tap.channel], [[tap.row, tap.column]]],
      [this.filters[place.k].slices[tap.c], [[tap.u, tap.v]]],
    ];
    this.marks.pair.show(pair ?? []);
    this.ledger.point(tap);
  }

  paintOutputs(at) {
    const { scene, dark } = this;
    const [OH, OW] = scene.y.shape;
    const hidden = this.model.get("predict");
    this.outputs.forEach((slice, k) =>
      slice.paint(
        (i, j) => {
          const n = (k * OH + i) * OW + j;
          if (hidden) return this.guessed.get(n) ?? "?";
          const known = n < at.upto || (n === at.n && at.total);
          return known ? scene.y.at(i, j, k) : null;
        },
        scene.limits.y,
        "signed",
        dark,
      ),
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

  moveWindow(at, share) {
    const { scene, layout } = this;
    const now = this.place(at.n);
    const before = this.place(Math.max(0, at.n - 1));
    const same = before.k === now.k;
    this.showFilter(now.k);
    this.window.forEach(({ over, under, lines, size }, c) => {
      const slice = this.inputs[layout.first[now.k] + c];
      const to = slice.corner(scene.rows[now.i][0], scene.columns[now.j][0]);
      const from = same ? slice.corner(scene.rows[before.i][0], scene.columns[before.j][0]) : to;
      const ease = share * share * (3 - 2 * share);
      const [x, y] = [0, 1].map((axis) => from[axis] + (to[axis] - from[axis]) * ease);
      over.setAttribute("transform", `translate(${x},${y})`);
      const filter = this.filters[now.k].slices[c];
      under.setAttribute("transform", `translate(${filter.x},${filter.y})`);
      join(
        lines,
        [x, y, size.width, size.height],
        [filter.x, filter.y, filter.width, filter.height],
      );
    });
  }

  // The taps of output n: [[{value, weight, inside, row, column}, …] for each channel of the filter].
  taps({ i, j, k }) {
    const { scene } = this;
    const [H, W] = scene.x.shape;
    const [, FH, FW, depth] = scene.w.shape;
    return Array.from({ length: depth }, (_, c) =>
      Array.from({ length: FH * FW }, (_, n) => {
        const [u, v] = [Math.floor(n / FW), n % FW];
        const [row, column] = [scene.rows[i][u], scene.columns[j][v]];
        const inside = row >= 0 && row < H && column >= 0 && column < W;
        const channel = this.layout.first[k] + c;
        return {
          u,
          v,
          c,
          row,
          column,
          channel,
          inside,
          value: inside ? scene.x.at(row, column, channel) : 0,
          weight: scene.w.at(k, u, v, c),
        };
      }),
    );
  }

  paintLedger(at) {
    const place = this.place(at.n);
    const taps = this.taps(place);
    const predict = this.model.get("predict") && !this.guessed.has(at.n);
    const show = this.backward
      ? backwardEntries(this, place, taps)
      : forwardEntries(this, place, taps, at, predict);
    this.ledger.show({ ...show, dark: this.dark });
    this.joinTotal(place, at);
  }

  // What the outputs up to this one have added to dX, dW and db.
  paintBackward(at) {
    const { scene, dark } = this;
    const made = accumulate(this, at.n);
    const limits = {
      x: absMax(scene.dx.values),
      w: absMax(scene.dw.values),
      b: absMax(scene.db.values),
    };
    const [, W, C] = scene.x.shape;
    const [, FH, FW, depth] = scene.w.shape;
    this.inputs.forEach((slice, c) =>
      slice.paint((r, q) => made.dx[(r * W + q) * C + c], limits.x, "signed", dark),
    );
    this.filters.forEach(({ slices, bias }, k) => {
      slices.forEach((slice, c) =>
        slice.paint(
          (u, v) => made.dw[((k * FH + u) * FW + v) * depth + c],
          limits.w,
          "signed",
          dark,
        ),
      );
      bias.paint(() => made.db[k], limits.b, "signed", dark);
    });
    this.outputs.forEach((slice, k) =>
      slice.paint((i, j) => scene.dy.at(i, j, k), absMax(scene.dy.values), "signed", dark),
    );
  }

  // From the total at the foot of the ledger to the row of its output; it stops at the edge, not to cross the others.
  joinTotal({ i, k }, at) {
    const { layout } = this;
    const slice = this.outputs[k];
    const [x, y] = [slice.x - 4, slice.corner(i, 0)[1] + slice.cell / 2];
    const [left, foot] = [layout.ledgerX + layout.totalX + 6, layout.ledgerHeight - 16];
    const gutter = layout.outputX - 24; // right of the sums
    const shown = at.total && !this.backward && !this.model.get("predict");
    const turn = clamp(y - foot, -12, 12); // up or down, wherever the output lies
    const way = `M${left} ${foot}H${gutter - 12}Q${gutter} ${foot} ${gutter} ${foot + turn}C${gutter} ${y} ${gutter} ${y} ${x} ${y}`;
    set(this.pointer, { d: shown ? `${way}M${x} ${y}l-7 -4v8z` : "" });
  }
}

const STRIPES_FROM = 6; // in smaller cells a stripe would hide the value

function stripe(parent, x, y, side, attributes) {
  if (side < STRIPES_FROM) return;
  const thick = Math.max(side * 0.14, 1.5);
  svg(
    "rect",
    { x: x + 1, y: y + side - thick - 1, width: side - 2, height: thick, ...attributes },
    parent,
  );
}

// Lines between the corners of two boxes [x, y, width, height].
function join(lines, from, to) {
  lines.forEach((line, n) => {
    const [right, down] = [n % 2, n >> 1];
    set(line, {
      x1: from[0] + right * from[2],
      y1: from[1] + down * from[3],
      x2: to[0] + right * to[2],
      y2: to[1] + down * to[3],
    });
  });
}
