// The drawing of the Im2col view: its elements are built once for a geometry, then only attributes change.

import { hueOf, legend } from "../../shared/web/colour.js";
import { unpack } from "../../shared/web/dom.js";
import { wordLines, writeLines } from "../../shared/web/lines.js";
import { around, between } from "../../shared/web/slice.js";
import { Im2colElements } from "./elements.js";
import { im2colPlace, sourceOf, termsOf, weightAt } from "./taps.js";
import { codePieces } from "./threads.js";

const THREAD_FONT = 15;

export class Im2colDrawing extends Im2colElements {
  constructor(parts, model) {
    super(parts, model);
    this.key = "";
    /** @type {Map<number, number>} */
    this.guessed = new Map();
    /** @type {number | null} the filter whose matrix is painted */
    this.filter = null;
    /** @type {Map<number, number>[]} for each place: by input cell, the number of the tap that reads it */
    this.tapAt = [];
  }

  take(scene) {
    for (const name of ["x", "w", "b", "y", "sums", "cols", "copies"])
      if (scene[name]) scene[name] = unpack(scene[name]);
    this.scene = scene;
    this.guessed = new Map();
    const { x, w, pads, rows, columns, overhang, threads } = scene;
    const key = JSON.stringify([
      ...[x.shape, w.shape, pads, rows, columns, overhang, threads?.block],
      this.model.get("language"),
    ]);
    if (key !== this.key) this.build();
    this.key = key;
    if (scene.outputs) this.index();
    this.recolour();
  }

  index() {
    const { copies } = this.scene;
    this.tapAt = Array.from({ length: copies.shape[1] }, () => new Map());
    for (let r = 0; r < copies.shape[0]; r++)
      this.tapAt.forEach((taps, p) => copies.at(r, p) >= 0 && taps.set(copies.at(r, p), r));
  }

  hue(r) {
    const [, FH, FW, C] = this.scene.w.shape;
    return hueOf(Math.floor(r / C), FH * FW, this.dark, FW);
  }

  // Colours and digits of everything that does not depend on the tick.
  recolour() {
    const { scene, dark } = this;
    const { x, w } = scene.limits;
    this.inputs.forEach((slice, c) =>
      slice.paint((r, q) => scene.x.at(r, q, c), x, "signed", dark),
    );
    this.strip.paintWeights(
      (k, r) => weightAt(scene, k, r),
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

  paintTick(at) {
    const place = im2colPlace(this.scene, at.n);
    const terms = termsOf(this.scene, at.n);
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
      this.tapAt[p].has(cell) ? weightAt(scene, k, this.tapAt[p].get(cell)) : null;
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
    const value = (filter, p) => {
      const n = filter * layout.places + p;
      if (hidden) return this.guessed.get(n) ?? "?";
      const isKnown = n < at.upto || (n === at.n && at.total);
      return isKnown ? scene.y.at(Math.floor(p / OW), p % OW, filter) : null;
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
    const { threads, y } = this.scene;
    const [OH, OW] = y.shape;
    const guards = [this.say("im2col.thread_k", { k }), this.say("im2col.guard", { OH, OW })];
    const lines = [codePieces(threads.rows[i].line), codePieces(threads.columns[j].line), guards];
    lines.forEach((pieces, n) => {
      const box = this.layout.threads.lineAt(n);
      const tokens = pieces.map((text) => ({ text }));
      writeLines(this.lines[n], box, wordLines(tokens, box, THREAD_FONT, 1.3));
    });
  }

  // The present output in all parts of the drawing; while a step is one multiply, also the present product.
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
    const [row, column, channel] = sourceOf(this.scene, r, p);
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

  moveWindow({ n }, share) {
    const { rows, columns } = this.scene;
    const [now, before] = [n, Math.max(0, n - 1)].map((one) => im2colPlace(this.scene, one));
    const part = now.k === before.k ? share : 1;
    this.windows.forEach((group, c) => {
      const [to, from] = [now, before].map(({ i, j }) =>
        this.inputs[c].corner(rows[i][0], columns[j][0]),
      );
      const [x, y] = between(from, to, part);
      group.setAttribute("transform", `translate(${x},${y})`);
    });
  }
}
