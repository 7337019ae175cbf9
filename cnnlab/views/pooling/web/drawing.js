// The drawing of the Pooling view: its elements are built once for a geometry, then only attributes change.

import { legend } from "../../shared/web/colour.js";
import { absMax, number, set, svg, unpack } from "../../shared/web/dom.js";
import { between, DIGITS_FROM } from "../../shared/web/slice.js";
import { PoolingElements } from "./elements.js";
import { cellsOf, pooledPlace, Received, routeOf, windowWinner } from "./windows.js";

export class PoolingDrawing extends PoolingElements {
  constructor(parts, model) {
    super(parts, model);
    this.key = "";
    /** @type {Map<number, number>} */
    this.guessed = new Map();
    /** @type {Received | null} dX, on the way back */
    this.received = null;
  }

  take(scene) {
    const open = (from, names) =>
      names.forEach((name) => from[name] && (from[name] = unpack(from[name])));
    open(scene, ["x", "y", "switches", "dy", "dx"]);
    if (scene.shift) open((scene.shift = { ...scene.shift }), ["x", "y", "switches", "changed"]);
    this.scene = scene;
    this.F = scene.kernel_size;
    this.backward = Boolean(scene.dy);
    this.guessed = new Map();
    this.received = this.backward ? new Received(scene) : null;
    const { x, pads, rows, columns, overhang, empty, past, unread, shift } = scene;
    const read = [x.shape, pads, rows, columns, overhang, empty, past, unread];
    const key = JSON.stringify([...read, this.F, Boolean(shift), this.backward]);
    if (key !== this.key) this.build();
    this.key = key;
    this.recolour();
  }

  recolour() {
    const { scene, dark } = this;
    if (!this.backward)
      this.inputs.forEach((slices, c) =>
        slices.forEach((slice, n) =>
          slice.paint(
            (r, q) => (n ? scene.shift.x : scene.x).at(r, q, c),
            scene.limits.x,
            scene.palette,
            dark,
          ),
        ),
      );
    else
      this.outputs.forEach(([slice], c) =>
        slice.paint((i, j) => scene.dy.at(i, j, c), absMax(scene.dy.values), "signed", dark),
      );
    this.paintDots();
    this.paintScales();
    this.painted = null;
  }

  paintScales() {
    const { scene, dark } = this;
    const { x, y } = scene.limits;
    const forward = [
      ["x", x, scene.palette],
      ["V", y, scene.palette],
    ];
    const scales = this.backward
      ? [
          ["dX", absMax(scene.dx.values), "signed"],
          ["dY", absMax(scene.dy.values), "signed"],
        ]
      : forward.filter(([, limit]) => limit);
    this.parts.scales.replaceChildren();
    for (const [name, limit, palette] of scales)
      legend(this.parts.scales, name, limit, palette, dark);
  }

  // A dot on every cell that wins a window.
  paintDots() {
    const { scene, layout } = this;
    this.dots.replaceChildren();
    const asked = this.model.get("switches") || this.backward;
    if (!scene.switches || !asked || this.model.get("predict")) return;
    const [, W, C] = scene.x.shape;
    const [dx, r] = layout.cell < DIGITS_FROM ? [0.5, 0.26] : [0.83, 0.11];
    this.inputs.forEach((slices, c) =>
      slices.forEach((slice, n) => {
        const { values } = n ? scene.shift.switches : scene.switches;
        for (const place of new Set(values.filter((_, at) => at % C === c))) {
          const [x, y] = slice.corner(Math.floor(place / W), place % W);
          const size = {
            cx: x + dx * slice.cell,
            cy: y + (1 - dx) * slice.cell,
            r: Math.max(r * slice.cell, 1.5),
          };
          svg("circle", { ...size, class: "dot", "data-switch": place }, this.dots);
        }
      }),
    );
  }

  paintTick(at) {
    const place = pooledPlace(this.scene, at.n);
    if (this.backward) this.paintBackward(at);
    else this.paintOutputs(at);
    this.paintLens(place, at.n);
    this.marks.active.show(this.outputs[place.c].map((slice) => [slice, [[place.i, place.j]]]));
    this.point(place);
  }

  hidden(n) {
    return this.model.get("predict") && !this.backward && !this.guessed.has(n);
  }

  paintOutputs(at) {
    const { scene, dark } = this;
    const { palette, limits } = scene;
    const [OH, OW] = scene.y.shape;
    const predict = this.model.get("predict");
    const isKnown = (n) => n < at.upto || n === at.n;
    this.outputs.forEach((slices, c) =>
      slices.forEach((slice, which) => {
        const { y } = which ? scene.shift : scene;
        const value = (i, j) => {
          const n = (c * OH + i) * OW + j;
          if (predict) return this.guessed.get(n) ?? "?";
          return isKnown(n) ? y.at(i, j, c) : null;
        };
        slice.paint(value, limits.y, palette, dark);
      }),
    );
    if (scene.shift) this.markChanged(isKnown);
  }

  // The outputs that are not the same any more where the image is moved.
  markChanged(isKnown) {
    const { shift, y } = this.scene;
    const [OH, OW] = y.shape;
    const { changed } = this.marks;
    const changedIn = (c) =>
      Array.from({ length: OH * OW }, (_, n) => [Math.floor(n / OW), n % OW]).filter(
        ([i, j]) => shift.changed.at(i, j, c) && isKnown((c * OH + i) * OW + j),
      );
    const thick = Math.min(2.6, 0.16 * this.layout.outputCell);
    changed.front.style.strokeWidth = thick;
    changed.back.style.strokeWidth = 2 * thick;
    changed.show(this.outputs.map((slices, c) => [slices[1], changedIn(c)]));
  }

  moveWindow({ n }, share) {
    const { scene, layout, F } = this;
    const now = pooledPlace(this.scene, n);
    const before = pooledPlace(this.scene, Math.max(0, n - 1));
    this.windows.forEach(({ group, lines }, which) => {
      const slice = this.inputs[now.c][which];
      const to = slice.corner(scene.rows[now.i][0], scene.columns[now.j][0]);
      const from =
        before.c === now.c ? slice.corner(scene.rows[before.i][0], scene.columns[before.j][0]) : to;
      const [x, y] = between(from, to, share);
      group.setAttribute("transform", `translate(${x},${y})`);
      this.wire(lines, x, y, F * layout.cell, this.outputs[now.c][which], now);
    });
  }

  // From the window at (x, y) to the lens beside it or, where there is a column a channel, down to its output.
  wire(lines, x, y, side, output, { i, j }) {
    const { layout } = this;
    if (layout.one && this.scene.shift) return;
    const lens = this.lenses.at(-1).slice;
    const [left, top] = output.corner(i, j);
    const ends = layout.one
      ? [
          [x + side, y, lens.x, lens.y],
          [x + side, y + side, lens.x, lens.y + lens.height],
        ]
      : [
          [x, y + side, left, top],
          [x + side, y + side, left + output.cell, top],
        ];
    ends.forEach(([x1, y1, x2, y2], n) => set(lines[n], { x1, y1, x2, y2 }));
  }

  paintLens(place, n) {
    const { scene, say, dark } = this;
    const { shift } = scene;
    const hidden = this.hidden(n);
    const winners = hidden ? [] : this.windows.map((_, which) => windowWinner(scene, place, which));
    const rings = winners.map((cell) => (cell ? [cell.u, cell.v] : null));
    const look = { limit: scene.limits.x, palette: scene.palette, dark };
    const lens = (title, { x, y, ledgers }, which) => ({
      ...look,
      title,
      value: (u, v) => this.under(x, place, u, v),
      winner: rings[which] ?? null,
      ledger: [
        [ledgers[n], ""],
        [`= ${hidden ? "?" : number(y.at(place.i, place.j, place.c))}`, "total"],
      ],
    });
    const first = lens(say("pooling.lens", place), scene, 0);
    if (this.backward) {
      this.lenses[0].show({ ...first, ledger: [[scene.ledgers[n], ""]] });
      this.paintShares(place, rings[0] ?? null);
    } else this.lenses[0].show(first);
    if (shift) this.lenses[1].show(lens(say("pooling.lens_moved"), shift, 1));
    this.ring.around(
      winners.flatMap((cell, which) =>
        cell ? [[this.inputs[place.c][which], [cell.row, cell.column]]] : [],
      ),
    );
  }

  // The value of x under a cell of the window, null outside the image.
  under(x, place, u, v) {
    const { row, column, inside } = cellsOf(this.scene, place)[u * this.F + v];
    return inside ? x.at(row, column, place.c) : null;
  }

  paintShares(place, winner) {
    const shares = new Map(
      routeOf(this.scene, place).map(({ u, v, share }) => [u * this.F + v, share]),
    );
    const value = (u, v) =>
      this.under(this.scene.x, place, u, v) === null ? null : (shares.get(u * this.F + v) ?? 0);
    this.lenses[1].show({
      title: this.say("pooling.lens_back"),
      value,
      winner,
      limit: absMax(this.scene.dx.values),
      palette: "signed",
      dark: this.dark,
      ledger: [["", ""]],
    });
  }

  // What the outputs up to this one have added to dX.
  paintBackward(at) {
    const { scene, dark } = this;
    const dx = this.received.upTo(at.n);
    const [, W, C] = scene.x.shape;
    this.inputs.forEach(([slice], c) =>
      slice.paint((r, q) => dx[(r * W + q) * C + c], absMax(scene.dx.values), "signed", dark),
    );
  }

  // An arrow from the lens to its output or, on the way back, from the output to the lens.
  point({ i, c }) {
    const { layout } = this;
    const slice = this.outputs[c][0];
    if (!layout.one || this.scene.shift) return;
    const lens = this.lenses.at(-1).slice;
    const [x, y] = [slice.x - 5, slice.corner(i, 0)[1] + slice.cell / 2];
    const [left, middle] = [lens.x + lens.width + 8, lens.y + lens.height / 2];
    set(this.pointer, { d: `M${left} ${middle}C${x - 10} ${middle} ${x - 60} ${y} ${x} ${y}` });
    set(this.head, {
      d: this.backward ? `M${left - 4} ${middle}l12 -6v12z` : `M${x + 4} ${y}l-12 -6v12z`,
    });
  }
}
