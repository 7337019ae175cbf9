// The painting of the Pooling view: built once for a geometry, after that only attributes change.

import { legend } from "../../shared/web/colour.js";
import { absMax, number, set, svg, unpack } from "../../shared/web/dom.js";
import { DIGITS_FROM, Marks, Slice } from "../../shared/web/slice.js";
import { Painting } from "../../shared/web/frame.js";
import { POOL, poolingLayout } from "./layout.js";
import { PoolingLens, Ring } from "./lens.js";

const PICTURE_BELOW = DIGITS_FROM; // cells without digits are pixels of a picture

export class PoolingPicture extends Painting {
  take(scene) {
    const open = (from, names) =>
      names.forEach((name) => from[name] && (from[name] = unpack(from[name])));
    open(scene, ["x", "y", "switches", "dy", "dx"]);
    if (scene.shift) open((scene.shift = { ...scene.shift }), ["x", "y", "switches", "changed"]);
    this.scene = scene;
    this.F = scene.kernel_size;
    this.backward = Boolean(scene.dy);
    this.guessed = new Map();
    this.made = null;
    const { x, pads, rows, columns, overhang, empty, past, unread } = scene;
    const key = JSON.stringify([
      x.shape,
      pads,
      rows,
      columns,
      overhang,
      empty,
      past,
      unread,
      this.F,
      Boolean(scene.shift),
      this.backward,
    ]);
    if (key !== this.key) this.build();
    this.key = key;
    this.recolour();
  }

  build() {
    this.body?.remove();
    const { scene } = this;
    const lenses = scene.shift || this.backward ? 2 : 1;
    const layout = (this.layout = poolingLayout(scene, lenses, this.F));
    set(this.drawing, {
      viewBox: `-3 0 ${POOL.wide + 6} ${layout.height + 4}`,
      preserveAspectRatio: "xMinYMin meet",
    });
    this.body = svg("g", {}, this.drawing);
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
    this.marks = Object.fromEntries(
      ["changed", "lit", "active", "pinned", "selected"].map((kind) => [
        kind,
        new Marks(this.body, kind, kind === "changed" ? 0.13 : 0),
      ]),
    );
  }

  // inputs[c] and outputs[c] hold one slice, or two where the picture is moved.
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
    const size = { ...sizes, picture: sizes.cell < PICTURE_BELOW };
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
    const s = slice.cell;
    const [x, y] = slice.corner(-slice.top, -slice.left);
    for (const row of scene.unread[0])
      svg(
        "rect",
        { x, y: slice.corner(row, 0)[1], width: slice.width, height: s, class: "dropped" },
        this.body,
      );
    for (const column of scene.unread[1])
      svg(
        "rect",
        { x: slice.corner(0, column)[0], y, width: s, height: slice.height, class: "dropped" },
        this.body,
      );
    const [down, right] = scene.past ?? [0, 0];
    if (down)
      svg(
        "rect",
        {
          x,
          y: y + slice.height,
          width: slice.width + right * s,
          height: down * s,
          class: "beyond",
        },
        this.body,
      );
    if (right)
      svg(
        "rect",
        { x: x + slice.width, y, width: right * s, height: slice.height, class: "beyond" },
        this.body,
      );
    const ends =
      scene.empty ?? scene.overhang.map((places, axis) => (scene.past?.[axis] ? null : places));
    if (!ends.some(Boolean)) return;
    const [rows, columns] = ends.map((places, axis) => places ?? this.firstWindow(axis));
    const [left, top] = slice.corner(rows[0], columns[0]);
    svg(
      "rect",
      { x: left, y: top, width: columns.length * s, height: rows.length * s, class: "overhang" },
      this.body,
    );
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
    const scales = this.backward
      ? [
          ["dX", absMax(scene.dx.values), "signed"],
          ["dY", absMax(scene.dy.values), "signed"],
        ]
      : [
          ["x", scene.limits.x, scene.palette],
          ...(scene.limits.y ? [["V", scene.limits.y, scene.palette]] : []),
        ];
    this.parts.scales.replaceChildren();
    for (const [name, limit, palette] of scales)
      legend(this.parts.scales, name, limit, palette, dark);
    this.painted = null;
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

  // The place of output n, in the order of the trace: channel by channel, row by row.
  place(n) {
    const [OH, OW] = this.scene.y.shape;
    return { c: Math.floor(n / (OH * OW)), i: Math.floor(n / OW) % OH, j: n % OW };
  }

  // The cells of a window, row by row: [{u, v, row, column, inside}, …].
  cells({ i, j }) {
    const { scene } = this;
    const [H, W] = scene.x.shape;
    return scene.rows[i].flatMap((row, u) =>
      scene.columns[j].map((column, v) => ({
        u,
        v,
        row,
        column,
        inside: row >= 0 && row < H && column >= 0 && column < W,
      })),
    );
  }

  // The cell that wins a window of the picture or, for n = 1, of the moved one; undefined where nothing wins.
  winner({ i, j, c }, n = 0) {
    const switches = n ? this.scene.shift.switches : this.scene.switches;
    const place = switches?.at(i, j, c);
    return this.cells({ i, j }).find(
      ({ inside, row, column }) => inside && row * this.scene.x.shape[1] + column === place,
    );
  }

  // at = {n, total, upto}: output n; share is how far the window has moved there.
  paint(at, share = 1) {
    if (!this.scene.outputs) return;
    this.moveWindow(at.n, share);
    const key = JSON.stringify(at);
    if (key === this.painted) return;
    this.painted = key;
    const place = this.place(at.n);
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
    const [OH, OW] = scene.y.shape;
    const predict = this.model.get("predict");
    const known = (n) => n < at.upto || n === at.n;
    const number = (c, i, j) => (c * OH + i) * OW + j;
    this.outputs.forEach((slices, c) =>
      slices.forEach((slice, which) =>
        slice.paint(
          (i, j) => {
            const n = number(c, i, j);
            if (predict) return this.guessed.get(n) ?? "?";
            return known(n) ? (which ? scene.shift.y : scene.y).at(i, j, c) : null;
          },
          scene.limits.y,
          scene.palette,
          dark,
        ),
      ),
    );
    if (!scene.shift) return;
    const changed = (c) =>
      Array.from({ length: OH * OW }, (_, n) => [Math.floor(n / OW), n % OW]).filter(
        ([i, j]) => scene.shift.changed.at(i, j, c) && known(number(c, i, j)),
      );
    const thick = Math.min(2.6, 0.16 * this.layout.outputCell);
    this.marks.changed.front.style.strokeWidth = thick;
    this.marks.changed.back.style.strokeWidth = 2 * thick;
    this.marks.changed.show(this.outputs.map((slices, c) => [slices[1], changed(c)]));
  }

  moveWindow(n, share) {
    const { scene, layout, F } = this;
    const now = this.place(n);
    const before = this.place(Math.max(0, n - 1));
    const ease = share * share * (3 - 2 * share);
    this.windows.forEach(({ group, lines }, which) => {
      const slice = this.inputs[now.c][which];
      const to = slice.corner(scene.rows[now.i][0], scene.columns[now.j][0]);
      const from =
        before.c === now.c ? slice.corner(scene.rows[before.i][0], scene.columns[before.j][0]) : to;
      const [x, y] = [0, 1].map((axis) => from[axis] + (to[axis] - from[axis]) * ease);
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
    const hide = this.hidden(n);
    const winners = hide ? [] : this.windows.map((_, which) => this.winner(place, which));
    const values = (x) => (u, v) => this.at(x, place, u, v);
    const look = { limit: scene.limits.x, palette: scene.palette, dark };
    const ring = (which) => (winners[which] ? [winners[which].u, winners[which].v] : null);
    const made = (ledger, y) => [
      [ledger, ""],
      [`= ${hide ? "?" : number(y.at(place.i, place.j, place.c))}`, "total"],
    ];
    const title = say("pooling.lens", place);
    const first = { title, value: values(scene.x), winner: ring(0), ...look };
    if (this.backward) {
      this.lenses[0].show({ ...first, ledger: [[scene.ledgers[n], ""]] });
      this.paintShares(place, ring(0));
    } else this.lenses[0].show({ ...first, ledger: made(scene.ledgers[n], scene.y) });
    const { shift } = scene;
    if (shift)
      this.lenses[1].show({
        title: say("pooling.lens_moved"),
        value: values(shift.x),
        winner: ring(1),
        ledger: made(shift.ledgers[n], shift.y),
        ...look,
      });
    this.ring.around(
      winners.flatMap((cell, which) =>
        cell ? [[this.inputs[place.c][which], [cell.row, cell.column]]] : [],
      ),
    );
  }

  // The value of x under a cell of the window, null outside the picture.
  at(x, { i, j, c }, u, v) {
    const { row, column, inside } = this.cells({ i, j })[u * this.F + v];
    return inside ? x.at(row, column, c) : null;
  }

  paintShares(place, winner) {
    const shares = new Map(this.route(place).map(({ u, v, share }) => [u * this.F + v, share]));
    const value = (u, v) =>
      this.at(this.scene.x, place, u, v) === null ? null : (shares.get(u * this.F + v) ?? 0);
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

  // What the dY of one output adds to the cells of its window.
  route(place) {
    const { scene } = this;
    const { i, j, c } = place;
    const g = scene.dy.at(i, j, c);
    const inside = this.cells(place).filter((cell) => cell.inside);
    if (scene.mode === "max") return [{ ...this.winner(place), share: g }];
    const part = ({ row, column }) =>
      scene.mode === "average"
        ? 1 / inside.length
        : scene.x.at(row, column, c) / scene.y.at(i, j, c) || 0;
    return inside.map((cell) => ({ ...cell, share: g * part(cell) }));
  }

  // What the outputs up to this one have added to dX.
  paintBackward(at) {
    const { scene, dark } = this;
    const dx = this.received(at.n);
    const [, W, C] = scene.x.shape;
    this.inputs.forEach(([slice], c) =>
      slice.paint((r, q) => dx[(r * W + q) * C + c], absMax(scene.dx.values), "signed", dark),
    );
  }

  received(last) {
    const { scene } = this;
    const [, W, C] = scene.x.shape;
    if (!this.made || this.made.last > last)
      this.made = { last: -1, dx: new Float64Array(scene.x.values.length) };
    while (this.made.last < last) {
      const place = this.place(++this.made.last);
      for (const { row, column, share } of this.route(place))
        this.made.dx[(row * W + column) * C + place.c] += share;
    }
    return this.made.dx;
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
