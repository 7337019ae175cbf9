// The painting of the Im2col view: built once for a geometry, after that only attributes change.

import { set, svg, unpack } from "../../shared/web/dom.js";
import { Painting } from "../../shared/web/frame.js";
import { IM, im2colLayout } from "./layout.js";
import { ProductStrip } from "./strip.js";
import { wordLines, writeLines } from "../../shared/web/lines.js";
import { Marks, Slice } from "../../shared/web/slice.js";
import { SparseMatrix } from "./sparse.js";
import { codePieces, ThreadGrid } from "./threads.js";
import { hueOf, legend } from "../../shared/web/colour.js";

const THREAD_FONT = 15;

export class Im2colPicture extends Painting {
  take(scene) {
    for (const name of ["x", "w", "b", "y", "sums", "cols", "copies"])
      if (scene[name]) scene[name] = unpack(scene[name]);
    this.scene = scene;
    this.guessed = new Map();
    const { x, w, pads, rows, columns, overhang, threads } = scene;
    const key = JSON.stringify([
      x.shape,
      w.shape,
      pads,
      rows,
      columns,
      overhang,
      threads?.block,
      this.model.get("language"),
    ]);
    if (key !== this.key) this.build();
    this.key = key;
    if (scene.outputs) this.index();
    this.recolour();
  }

  // taps[p] has for each input cell the number of the tap that reads it.
  index() {
    const { copies } = this.scene;
    this.tapAt = Array.from({ length: copies.shape[1] }, () => new Map());
    for (let r = 0; r < copies.shape[0]; r++)
      this.tapAt.forEach((taps, p) => copies.at(r, p) >= 0 && taps.set(copies.at(r, p), r));
  }

  build() {
    this.body?.remove();
    const { scene } = this;
    const layout = (this.layout = im2colLayout(scene));
    set(this.drawing, {
      viewBox: `-4 0 ${IM.wide + 8} ${IM.high + 4}`,
      preserveAspectRatio: "xMinYMin meet",
    });
    this.body = svg("g", {}, this.drawing);
    this.heading(0, "im2col.window");
    this.inputs = this.buildInputs();
    for (const slice of this.inputs) this.buildMisfit(slice);
    this.strip = new ProductStrip(this.body, layout, layout.taps, scene.w.shape[0], this.say);
    if (scene.outputs) this.buildOutputs();
    this.reads = Object.fromEntries(
      ["lit", "pinned"].map((kind) => [kind, svg("path", { class: `reads ${kind}` }, this.body)]),
    );
    if (scene.outputs) this.buildWindow();
    this.marks = Object.fromEntries(
      ["lit", "active", "pair", "pinned", "selected"].map((kind) => [
        kind,
        new Marks(this.body, kind),
      ]),
    );
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
    const [[x, y], s] = [slice.corner(-slice.top, -slice.left), slice.cell];
    for (const row of unread[0])
      svg(
        "rect",
        { x, y: slice.corner(row, 0)[1], width: slice.width, height: s, class: "dropped" },
        this.body,
      );
    for (const column of unread[1])
      svg(
        "rect",
        { x: slice.corner(0, column)[0], y, width: s, height: slice.height, class: "dropped" },
        this.body,
      );
    if (!overhang.some(Boolean)) return;
    svg(
      "path",
      { d: spanOf(slice, overhang[0] ?? first[0], overhang[1] ?? first[1]), class: "overhang" },
      this.body,
    );
  }

  buildOutputs() {
    const { scene, layout, body } = this;
    const [OH, OW, K] = scene.y.shape;
    const [taps, places] = scene.cols.shape;
    this.output = new Slice(body, {
      ...layout.outputAt,
      rows: OH,
      columns: OW,
      cell: layout.cell,
      title: " ",
    });
    this.outputTitle = this.output.group.querySelector(".slice-title");
    this.heading(layout.columnsX, "im2col.columns", 13, { rows: taps, places });
    this.columns = new Slice(body, {
      ...layout.columnsAt,
      rows: taps,
      columns: places,
      cell: layout.columnCell,
    });
    set(this.columns.group, { "data-name": "X_col" });
    this.product = new Slice(body, {
      ...layout.productAt,
      rows: K,
      columns: places,
      cell: layout.columnCell,
      title: this.say("im2col.product"),
    });
    this.tapHues = Array.from({ length: taps }, (_, r) =>
      svg(
        "rect",
        {
          x: layout.columnsX - 7,
          y: IM.heading + r * layout.columnCell,
          width: 4,
          height: layout.columnCell - 0.5,
        },
        body,
      ),
    );
    this.sparseTitle = this.heading(0, "im2col.sparse", IM.second + 9);
    this.sparse = new SparseMatrix(body, layout.sparse, places, scene.x.values.length);
    this.heading(layout.threads.x, "im2col.threads");
    this.threads = new ThreadGrid(body, layout.threads, scene.threads, [OH, OW]);
    this.rowMark = svg("path", { class: "row-mark" }, body);
    this.lines = [0, 1, 2].map(() => svg("g", {}, body));
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

  hue(r) {
    const [, FH, FW, C] = this.scene.w.shape;
    return hueOf(Math.floor(r / C), FH * FW, this.dark, FW);
  }

  weight(k, r) {
    return this.scene.w.values[k * this.layout.taps + r];
  }

  // Colours and digits of everything that does not depend on the tick.
  recolour() {
    const { scene, dark, layout } = this;
    const { x, w } = scene.limits;
    this.inputs.forEach((slice, c) =>
      slice.paint((r, q) => scene.x.at(r, q, c), x, "signed", dark),
    );
    this.strip.paintWeights(
      (k, r) => this.weight(k, r),
      (k) => scene.b.at(k),
      w,
      dark,
    );
    this.parts.scales.replaceChildren();
    for (const [name, end] of [
      ["x", "x"],
      ["W", "w"],
      ["V", "y"],
    ])
      if (scene.limits[end]) legend(this.parts.scales, name, scene.limits[end], "signed", dark);
    this.painted = this.filter = null;
    if (!scene.outputs) return;
    this.columns.paint((r, p) => scene.cols.at(r, p), x, "signed", dark);
    this.tapHues.forEach((bar, r) => (bar.style.fill = this.hue(r)));
    for (const bar of this.body.querySelectorAll(".window .hue"))
      bar.style.fill = this.hue(bar.dataset.hue * scene.x.shape[2]);
  }

  // The place of output number n, in the order of the trace: filter by filter, row by row; p counts the places.
  place(n) {
    const OW = this.scene.y.shape[1];
    const [k, p] = [Math.floor(n / this.layout.places), n % this.layout.places];
    return { k, p, i: Math.floor(p / OW), j: p % OW };
  }

  // The input cell that entry (r, p) of X_col is a copy of, [row, column, channel]; it may lie in the padding.
  source(r, p) {
    const { rows, columns, w, y } = this.scene;
    const { u, v, c } = this.tap(r);
    return [rows[Math.floor(p / y.shape[1])][u], columns[p % y.shape[1]][v], c];
  }

  // Which weight of a filter stands at place r of its row.
  tap(r) {
    const [, , FW, C] = this.scene.w.shape;
    return { u: Math.floor(r / (FW * C)), v: Math.floor(r / C) % FW, c: r % C };
  }

  // The products of output n: [{r, cell, value, weight, product}, …]; cell is −1 in the padding.
  terms(n) {
    const { k, p } = this.place(n);
    return Array.from({ length: this.layout.taps }, (_, r) => {
      const [cell, value, weight] = [
        this.scene.copies.at(r, p),
        this.scene.cols.at(r, p),
        this.weight(k, r),
      ];
      return { r, cell, value, weight, product: cell < 0 ? 0 : value * weight };
    });
  }

  // at = {n, taps, total, upto}: output n with its first taps multiplied; share is how far the window has moved there.
  paint(at, share = 1) {
    if (!this.scene.outputs) return;
    this.now = at.n;
    this.moveWindow(at.n, share);
    const key = JSON.stringify(at);
    if (key === this.painted) return;
    this.painted = key;
    const place = this.place(at.n);
    const terms = this.terms(at.n);
    if (this.filter !== place.k) this.showFilter(place.k);
    this.paintOutputs(at, place.k);
    this.paintProducts(at, place, terms);
    this.paintThread(place);
    this.markNow(at, place, terms);
  }

  showFilter(k) {
    this.filter = k;
    const { scene, dark } = this;
    const weight = (p, cell) =>
      this.tapAt[p].has(cell) ? this.weight(k, this.tapAt[p].get(cell)) : null;
    this.sparse.paint(weight, scene.limits.w, dark);
    this.sparseTitle.textContent = this.say("im2col.sparse", {
      k,
      rows: this.layout.places,
      columns: scene.x.values.length,
    });
    this.outputTitle.textContent = this.say("convolution.output", { k });
  }

  paintOutputs(at, k) {
    const { scene, dark, layout } = this;
    const OW = scene.y.shape[1];
    const hidden = this.model.get("predict");
    const value = (k, p) => {
      const n = k * layout.places + p;
      if (hidden) return this.guessed.get(n) ?? "?";
      return n < at.upto || (n === at.n && at.total)
        ? scene.y.at(Math.floor(p / OW), p % OW, k)
        : null;
    };
    this.output.paint((i, j) => value(k, i * OW + j), scene.limits.y, "signed", dark);
    this.product.paint(value, scene.limits.y, "signed", dark);
  }

  paintProducts(at, { i, j, k, p }, terms) {
    const { scene, dark } = this;
    const hidden = this.model.get("predict") && !this.guessed.has(at.n);
    const words = {
      p,
      sum: scene.sums.at(i, j, k),
      bias: scene.b.at(k),
      total: at.total ? scene.y.at(i, j, k) : null,
    };
    this.strip.paint(terms, at.taps, hidden, words, scene.limits.x, dark);
    const entries = terms
      .filter(({ cell }) => cell >= 0)
      .map(({ r, cell, weight }) => ({ cell, value: weight, hue: this.hue(r) }));
    this.sparse.paintRow(entries, scene.limits.w, dark);
  }

  paintThread({ i, j, k }) {
    const {
      threads: { rows, columns },
      y,
    } = this.scene;
    const rest = [
      this.say("im2col.thread_k", { k }),
      this.say("im2col.guard", { OH: y.shape[0], OW: y.shape[1] }),
    ];
    [codePieces(rows[i].line), codePieces(columns[j].line), rest].forEach((pieces, n) => {
      const box = this.layout.threads.lineAt(n);
      writeLines(
        this.lines[n],
        box,
        wordLines(
          pieces.map((text) => ({ text })),
          box,
          THREAD_FONT,
          1.3,
        ),
      );
    });
  }

  // The present output in all pictures; while a step is one multiply, also the present product.
  markNow(at, { i, j, k, p }, terms) {
    const { layout } = this;
    this.marks.active.show([
      [this.output, [[i, j]]],
      [this.threads, [[i, j]]],
      [this.product, [[k, p]]],
      [around(this.columns, 0, p, layout.taps, 1)],
      [around(this.strip.weights, k, 0, 1, layout.taps)],
    ]);
    this.rowMark.setAttribute("d", this.sparse.markPath(p));
    const single = !at.total && this.model.get("granularity") === "multiply";
    this.marks.pair.show(single ? this.pairsOf(terms[at.taps - 1], p, k) : []);
  }

  // One product wherever it is drawn.
  pairsOf({ r, cell }, p, k) {
    const [row, column, channel] = this.source(r, p);
    const { weights, column: values, products } = this.strip;
    return [
      [this.inputs[channel], [[row, column]]],
      [this.columns, [[r, p]]],
      [weights, [[k, r]]],
      [values, [[0, r]]],
      [products, [[0, r]]],
      ...(cell < 0 ? [] : [[this.sparse, [cell]]]),
    ];
  }

  moveWindow(n, share) {
    const { rows, columns } = this.scene;
    const [now, before] = [this.place(n), this.place(Math.max(0, n - 1))];
    const ease = now.k === before.k ? share * share * (3 - 2 * share) : 1;
    this.windows.forEach((group, c) => {
      const [to, from] = [now, before].map(({ i, j }) =>
        this.inputs[c].corner(rows[i][0], columns[j][0]),
      );
      const [x, y] = [0, 1].map((axis) => from[axis] + (to[axis] - from[axis]) * ease);
      group.setAttribute("transform", `translate(${x},${y})`);
    });
  }
}

// The path around the cells from the first to the last of these rows and columns.
function spanOf(slice, rows, columns) {
  return around(
    slice,
    rows[0],
    columns[0],
    rows.at(-1) - rows[0] + 1,
    columns.at(-1) - columns[0] + 1,
  ).outline();
}

// A block of cells of a slice, as the marks take it.
export function around(slice, row, column, high, wide) {
  const [x, y] = slice.corner(row, column);
  return {
    outline: () => `M${x} ${y}h${wide * slice.cell}v${high * slice.cell}h${-wide * slice.cell}z`,
  };
}
