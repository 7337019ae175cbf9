// The drawing of the Convolution view: its elements are built once for a geometry, then only attributes change.

import { hueOf, legend } from "../../shared/web/colour.js";
import { absMax, clamp, set, unpack } from "../../shared/web/dom.js";
import { between } from "../../shared/web/slice.js";
import { ConvolutionElements } from "./elements.js";
import { accumulate, backwardEntries, forwardEntries } from "./entries.js";
import { outputPlace, tapsOf } from "./taps.js";

export class ConvolutionDrawing extends ConvolutionElements {
  constructor(parts, model) {
    super(parts, model);
    this.key = "";
    /** @type {Map<number, number>} */
    this.guessed = new Map();
  }

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

  paintTick(at) {
    if (this.backward) this.paintBackward(at);
    else this.paintOutputs(at);
    this.paintLedger(at);
    const { i, j, k } = outputPlace(this.scene, at.n);
    this.marks.active.show([[this.outputs[k], [[i, j]]]]);
    this.markPair(at);
  }

  // While a step is one multiply: the input cell and the weight that meet.
  markPair(at) {
    const single = !at.total && this.model.get("granularity") === "multiply";
    const place = outputPlace(this.scene, at.n);
    const tap = single ? tapsOf(this.scene, place).flat()[at.taps - 1] : null;
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

  moveWindow(at, share) {
    const { scene, layout } = this;
    const now = outputPlace(scene, at.n);
    const before = outputPlace(scene, Math.max(0, at.n - 1));
    const same = before.k === now.k;
    this.showFilter(now.k);
    this.windows.forEach(({ over, under, lines, size }, c) => {
      const slice = this.inputs[layout.first[now.k] + c];
      const to = slice.corner(scene.rows[now.i][0], scene.columns[now.j][0]);
      const from = same ? slice.corner(scene.rows[before.i][0], scene.columns[before.j][0]) : to;
      const [x, y] = between(from, to, share);
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

  paintLedger(at) {
    const place = outputPlace(this.scene, at.n);
    const taps = tapsOf(this.scene, place);
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
    const sums = accumulate(scene, at.n);
    const limits = {
      x: absMax(scene.dx.values),
      w: absMax(scene.dw.values),
      b: absMax(scene.db.values),
    };
    const [, W, C] = scene.x.shape;
    const [, FH, FW, depth] = scene.w.shape;
    this.inputs.forEach((slice, c) =>
      slice.paint((r, q) => sums.dx[(r * W + q) * C + c], limits.x, "signed", dark),
    );
    this.filters.forEach(({ slices, bias }, k) => {
      slices.forEach((slice, c) =>
        slice.paint(
          (u, v) => sums.dw[((k * FH + u) * FW + v) * depth + c],
          limits.w,
          "signed",
          dark,
        ),
      );
      bias.paint(() => sums.db[k], limits.b, "signed", dark);
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
