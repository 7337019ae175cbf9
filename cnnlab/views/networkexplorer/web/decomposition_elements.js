// What is drawn of a decomposed unit: rows of maps and weights that meet at a plus, or one map, a formula and one map.

import { svg } from "../../shared/web/dom.js";
import { MapImage } from "../../shared/web/maps.js";
import { NE } from "./layout.js";

export const DECOMPOSED = {
  top: 62,
  rows: 8,
  map: 88,
  label: 44,
  x: 52,
  slice: 64,
  sum: 66,
  wires: 74,
  ledger: 716,
};

export const REST = -1; // stands for all parts that have no row
const NUMBER = 92; // the side of a result that is a single number

export class DecompositionElements {
  constructor(drawing) {
    this.drawing = drawing;
    this.group = svg("g", { class: "decomposition" }, drawing.body);
    /** @type {import("./parts.js").Decomposed} */
    this.u = null; // the unit that is drawn, or null
    this.scene = null;
    this.page = 0; // of its parts
    /** @type {number[]} */
    this.order = []; // of its parts
    this.spots = []; // the maps that can be pointed at: {map, kind, part}
    this.body = null; // what is drawn over the wires
    this.wires = null;
  }

  // Is the result a single number, not a map?
  get isNumber() {
    return this.u.out[0] * this.u.out[1] === 1;
  }

  title(x, words, anchor = "middle", y = 48) {
    svg("text", { x, y, class: "head detail", "text-anchor": anchor }, this.body, words);
  }

  // A map of its own proportions in a box, its top left corner or, with `centre`, its middle at a point.
  map(x, y, most, rows, columns, { centre = false, kind, part = null }) {
    const scale = most / Math.max(rows, columns);
    const [width, height] = [columns * scale, rows * scale];
    const box = { x: centre ? x - width / 2 : x, y: centre ? y - height / 2 : y, width, height };
    const map = new MapImage(this.body, box, rows, columns, {
      "data-part": part,
      "data-kind": kind,
    });
    this.spots.push({ map, kind, part });
    return map;
  }

  buildSum() {
    const { u, drawing } = this;
    const { say } = drawing;
    const lines = this.parts.length + (this.others ? 1 : 0);
    const step = Math.min((NE.high - DECOMPOSED.top) / lines, DECOMPOSED.map + 12);
    this.step = step;
    const middle = DECOMPOSED.top + (NE.high - DECOMPOSED.top) / 2;
    const first = middle - (lines * step) / 2 + step / 2;
    const at = this.across(Math.min(DECOMPOSED.map, step - 7));
    this.title(at.x, say("networkexplorer.reads"));
    if (u.w) this.title(at.slice, say("networkexplorer.times"));
    this.title(at.each, say(u.w ? "networkexplorer.gives" : "networkexplorer.as_it_is"));
    this.rows = this.parts.map((p, n) => this.row(p, first + n * step, at, middle));
    this.bands = this.rows.map(({ p, y }) => ({ y, part: p }));
    this.wide = at.plus - 20;
    if (this.others) this.restRow(first + (lines - 1) * step, at, middle);
    this.plus(at.plus, middle);
    this.outcome(at.plus + 52, middle);
  }

  // Where things stand across the drawing: the middles of the maps, where the sums begin, and the plus.
  across(side) {
    const { u } = this;
    const slice = u.w ? Math.min(side, DECOMPOSED.slice) : 0;
    const x = DECOMPOSED.x + side / 2;
    const [sliceX, each] = [
      x + side / 2 + 38 + slice / 2,
      x + side / 2 + (u.w ? slice + 72 : 40) + side / 2,
    ];
    const sum = each + side / 2 + 8;
    return {
      side,
      x,
      slice: sliceX,
      sliceSide: slice,
      each,
      sum,
      plus: sum + DECOMPOSED.sum + DECOMPOSED.wires,
    };
  }

  // The parts that have a row: a page of them, where they are too many.
  get parts() {
    return this.order.slice(this.page * DECOMPOSED.rows, (this.page + 1) * DECOMPOSED.rows);
  }

  // How many have none.
  get others() {
    return this.u.left + this.order.length - this.parts.length;
  }

  row(p, y, at, middle) {
    const { u } = this;
    const [FH, FW] = u.w ? u.w.shape.slice(-2) : [0, 0];
    const centre = { centre: true, part: p };
    const row = { p, y, sum: svg("text", { x: at.sum, y: y + 5, class: "score-word" }, this.body) };
    if (u.sources[p] > 0)
      svg(
        "text",
        { x: DECOMPOSED.label, y: y + 5, class: "back", "text-anchor": "end", "data-part": p },
        this.body,
        `◂ ${u.units[p]}`,
      );
    row.x = this.map(at.x, y, at.side, ...u.size, { ...centre, kind: "x" });
    if (u.w) {
      row.w = this.map(at.slice, y, Math.min(at.sliceSide, FH * 24), FH, FW, {
        ...centre,
        kind: "w",
      });
      const sign = (x, words) =>
        svg("text", { x, y: y + 6, class: "sign", "text-anchor": "middle" }, this.body, words);
      sign(at.slice - at.sliceSide / 2 - 19, "×");
      sign(at.each - at.side / 2 - 17, "=");
      row.lines = [0, 1].map(() => svg("line", { class: "to-slice" }, this.wires));
    }
    row.each = this.map(at.each, y, at.side, ...(this.wholeWindow ? u.size : u.out), {
      ...centre,
      kind: "y",
    });
    this.wire(at, y, middle);
    return row;
  }

  // Does the only window span the whole map? Then what a part gives is drawn pixel by pixel, as in a Linear.
  get wholeWindow() {
    return this.u.dense;
  }

  restRow(y, at, middle) {
    const { others, drawing } = this;
    const turns = this.order.length > DECOMPOSED.rows;
    this.bands.push({ y, part: REST });
    svg(
      "text",
      {
        x: at.sum - 10,
        y: y + 5,
        class: turns ? "back" : "score-word",
        "text-anchor": "end",
        "data-act": "turn",
      },
      this.body,
      drawing.say(turns ? "networkexplorer.others_turn" : "networkexplorer.others", {
        count: others,
      }),
    );
    this.restSum = svg("text", { x: at.sum, y: y + 5, class: "score-word" }, this.body);
    this.wire(at, y, middle);
  }

  wire({ sum, plus }, y, middle) {
    const x = sum + DECOMPOSED.sum;
    svg(
      "path",
      {
        d: `M${x} ${y}C${x + 45} ${y} ${plus - 50} ${middle} ${plus - 12} ${middle}`,
        class: "wire",
      },
      this.wires,
    );
  }

  plus(x, middle) {
    const { u, body } = this;
    svg("circle", { cx: x, cy: middle, r: 12, class: "plus" }, body);
    svg("text", { x, y: middle + 7, class: "sign", "text-anchor": "middle" }, body, "+");
    svg("path", { d: `M${x + 12} ${middle}h34`, class: "wire" }, this.wires);
    if (!u.bias) return;
    svg("path", { d: `M${x} ${middle - 120}v108`, class: "wire" }, this.wires);
    this.title(x, this.drawing.say("networkexplorer.bias"), "middle", middle - 146);
    this.biasCell = svg(
      "rect",
      { x: x - 28, y: middle - 140, width: 56, height: 22, class: "cell" },
      body,
    );
    this.biasWord = svg(
      "text",
      { x, y: middle - 124, class: "score-word", "text-anchor": "middle" },
      body,
    );
  }

  // The map it makes, and below it what the layers after it make of that, value by value.
  outcome(x, middle) {
    const { u, drawing } = this;
    const many = u.then.length;
    const side = this.isNumber ? NUMBER : Math.min(DECOMPOSED.ledger - x - 24, many ? 150 : 190);
    const y = middle - (many ? 52 : 0);
    this.result = this.map(x + side / 2, y, side, ...u.out, { centre: true, kind: "result" });
    this.title(
      x + side / 2,
      drawing.say("networkexplorer.unit", { unit: u.unit }),
      "middle",
      this.result.y - 8,
    );
    const size = Math.min(90, (DECOMPOSED.ledger - x - 28) / Math.max(1, many) - 8);
    this.thens = u.then.map((step, n) => {
      const at = x + 20 + n * (size + 8);
      const top = this.result.y + this.result.height + 32;
      const kind = this.scene.nodes[step.node].words[0];
      svg("text", { x: at, y: top - 8, class: "head detail" }, this.body, `↓ ${kind}`);
      const map = this.map(at, top, size - 10, ...u.out, { kind: "result" });
      return { ...step, map };
    });
  }

  // Pooling and all that treats values by themselves: one map, a formula, one map.
  buildSingle() {
    const { u, drawing } = this;
    const { say } = drawing;
    const middle = DECOMPOSED.top + (NE.high - DECOMPOSED.top) / 2 - 20;
    const source = this.scene.nodes[u.sources[0]];
    this.title(170, say("networkexplorer.reads_map", { unit: u.units[0], layer: source.name }));
    if (u.sources[0] > 0)
      svg(
        "text",
        { x: 170, y: middle + 146, class: "back", "text-anchor": "middle", "data-part": 0 },
        this.body,
        `◂ ${say("networkexplorer.unit", { unit: u.units[0] })}`,
      );
    this.rows = [
      { p: 0, x: this.map(170, middle, 240, ...u.size, { centre: true, kind: "x", part: 0 }) },
    ];
    this.result = this.map(930, middle, this.isNumber ? NUMBER : 240, ...u.out, {
      centre: true,
      kind: "result",
    });
    this.title(930, say("networkexplorer.unit", { unit: u.unit }));
    this.thens = [];
    this.bands = [];
  }
}
