// The units of a page as tiles: maps, filters in colour, or filters whose slices stand side by side, each with its number.

import { colourOf, css, inkOn } from "../../shared/web/colour.js";
import { number, set, shortWord, svg } from "../../shared/web/dom.js";
import { coloured, shaded } from "../../shared/web/maps.js";

const DIGITS_AT = 38; // a cell as wide as a number
const DIGITS_MOST = 420; // cells with digits on a page

// Cells with their numbers, where they are wide enough. value(row, column); colour(value), if it is not signed.
export function cellGrid(
  parent,
  { x, y, rows, columns, cell },
  value,
  limit,
  dark,
  colour = (shown) => colourOf(shown, limit, "signed", dark),
) {
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) {
      const shown = value(r, c);
      const rgb = colour(shown);
      svg(
        "rect",
        {
          x: x + c * cell,
          y: y + r * cell,
          width: cell,
          height: cell,
          class: "cell",
          style: `fill: ${css(rgb)}`,
        },
        parent,
      );
      if (cell < DIGITS_AT) continue;
      const place = {
        x: x + (c + 0.5) * cell,
        y: y + (r + 0.5) * cell,
        class: "digit in-cell",
        style: `fill: ${inkOn(rgb)}`,
      };
      svg("text", place, parent, number(shown, 2));
    }
}

export class UnitTiles {
  constructor(parent, box, say) {
    this.box = box;
    this.say = say;
    /** @type {import("./drawing.js").GalleryScene} */
    this.scene = null;
    this.tiles = [];
    this.count = 0;
    this.C = 0; // the slices of a unit, and their size
    this.h = 0;
    this.w = 0;
    this.slices = 1; // drawn beside each other
    this.group = svg("g", { class: "tiles" }, parent);
    this.marks = ["chosen", "lit"].map((kind) =>
      ["mark-back", "mark-front"].map((part) =>
        svg("path", { class: `mark ${part} ${kind}` }, parent),
      ),
    );
  }

  // scene: {plan, units, marks, names, tiles (n, C, h, w), coloured}
  build(scene) {
    this.scene = scene;
    const [count, C, h, w] = scene.tiles.shape;
    const { plan } = scene;
    this.count = count;
    this.C = C;
    this.h = h;
    this.w = w;
    this.slices = scene.coloured ? 1 : C;
    const { line, lines, cell, side, label, gap } = plan;
    this.wide = this.slices > 1 ? (line * (w + 1) - 1) * cell : w * cell;
    this.high = this.slices > 1 ? Math.max(16, (lines * (h + 1) - 1) * cell) : h * cell;
    this.stepX = this.slices > 1 ? side + this.wide + 2 * gap : Math.max(this.wide, 14) + gap;
    this.stepY = this.high + label + gap;
    this.inCells =
      this.slices === 1 &&
      !scene.coloured &&
      (h * w === 1 || (cell >= DIGITS_AT && count * h * w <= DIGITS_MOST));
    this.group.replaceChildren();
    this.tiles = scene.units.map((unit, n) => this.tile(unit, n));
  }

  // The top left corner of a tile, its label left out.
  corner(n) {
    const { across, side, label } = this.scene.plan;
    return [
      this.box.x + (n % across) * this.stepX + side,
      this.box.y + Math.floor(n / across) * this.stepY + label,
    ];
  }

  boxOf(n) {
    const [x, y] = this.corner(n);
    return { x, y, width: this.wide, height: this.high };
  }

  tile(unit, n) {
    const { scene, h, w } = this;
    const { label, side, line, lines, cell } = scene.plan;
    const box = this.boxOf(n);
    const mark = scene.marks[n];
    const group = svg(
      "g",
      { class: "tile", "data-unit": unit, "data-mark": mark || null },
      this.group,
    );
    if (label || side) this.label(group, unit, n, box, mark);
    const drawn = { group, box, mark };
    if (this.inCells) drawn.cells = svg("g", {}, group);
    else {
      const size = this.slices > 1 ? [line * (w + 1) - 1, lines * (h + 1) - 1] : [w, h];
      drawn.canvas = set(document.createElement("canvas"), { width: size[0], height: size[1] });
      drawn.image = svg(
        "image",
        {
          ...box,
          height: size[1] * cell,
          preserveAspectRatio: "none",
          class: "pixels",
          "data-unit": unit,
        },
        group,
      );
    }
    if (this.slices === 1)
      svg("rect", { ...box, class: mark === "dead" ? "frame dead" : "frame" }, group);
    return drawn;
  }

  // Over a tile, or at its side; a mark takes the place of its name where there is only one line.
  label(group, unit, n, box, mark) {
    const { side } = this.scene.plan;
    const text = svg("text", labelPlace(box, side), group);
    const below = side && this.high >= 26; // then there are two lines for it
    const words = mark ? this.say(`gallery.mark_${mark}`) : "";
    if (words && !below) svg("tspan", { class: "bad-word" }, text, side ? words : `${words} `);
    if (!words || below || !side) svg("tspan", {}, text, this.nameOf(unit, n));
    if (words && below) svg("tspan", { class: "bad-word", x: box.x - 8, dy: 14 }, text, words);
  }

  nameOf(unit, n) {
    const name = this.scene.names?.[n];
    return name === undefined ? String(unit) : shortWord(name, this.stepX / 6.6);
  }

  // limitOf(n) is the end of the colours of tile n.
  paint(limitOf, dark) {
    this.tiles.forEach((tile, n) => {
      const limit = limitOf(n);
      if (tile.cells) this.paintCells(tile, n, limit, dark);
      else this.paintImage(tile, n, limit, dark);
    });
  }

  paintCells({ cells, box }, n, limit, dark) {
    cells.replaceChildren();
    const { h, w, scene } = this;
    cellGrid(
      cells,
      { ...box, rows: h, columns: w, cell: scene.plan.cell },
      (r, c) => scene.tiles.at(n, 0, r, c),
      limit,
      dark,
    );
  }

  paintImage({ canvas, image }, n, limit, dark) {
    const { C, h, w, scene } = this;
    const pen = canvas.getContext("2d");
    const part = (c, count = 1) =>
      scene.tiles.values.subarray((n * C + c) * h * w, (n * C + c + count) * h * w);
    if (scene.coloured) pen.putImageData(coloured(part(0, 3), h, w, [-limit, limit]), 0, 0);
    else
      for (let c = 0; c < this.slices; c++) {
        const [column, row] = [c % scene.plan.line, Math.floor(c / scene.plan.line)];
        pen.putImageData(
          shaded(part(c), h, w, [-limit, limit], "signed", dark),
          column * (w + 1),
          row * (h + 1),
        );
      }
    image.setAttribute("href", canvas.toDataURL());
  }

  // What lies under a point: {n, unit} and, on a cell, {slice, row, column}.
  find(px, py) {
    if (!this.scene?.tiles) return null;
    const { across, side, label, cell } = this.scene.plan;
    const column = Math.floor((px - this.box.x) / this.stepX);
    const row = Math.floor((py - this.box.y) / this.stepY);
    const n = row * across + column;
    if (column < 0 || column >= across || row < 0 || n >= this.count) return null;
    const [x, y] = this.corner(n);
    if (px > x + this.wide || py > y + this.high || px < x - side || py < y - label) return null;
    const at = { n, unit: this.scene.units[n] };
    return { ...at, ...this.cellAt(Math.floor((py - y) / cell), Math.floor((px - x) / cell)) };
  }

  // The cell of a tile, so many cells down and across; null on its label and between slices.
  cellAt(down, across) {
    const { h, w, slices } = this;
    if (down < 0 || across < 0) return null;
    if (slices === 1)
      return { slice: 0, row: Math.min(down, h - 1), column: Math.min(across, w - 1) };
    const row = down % (h + 1);
    const column = across % (w + 1);
    const { line } = this.scene.plan;
    const slice = Math.floor(down / (h + 1)) * line + Math.floor(across / (w + 1));
    return row === h || column === w || slice >= slices ? null : { slice, row, column };
  }

  // Outline a unit: kind 0 is the one shown large, 1 the one pointed at; n is −1 for none.
  outline(kind, n) {
    const box = n >= 0 && n < this.count ? this.boxOf(n) : null;
    const d = box
      ? `M${box.x - 2} ${box.y - 2}h${box.width + 4}v${box.height + 4}h${-box.width - 4}z`
      : "";
    for (const path of this.marks[kind]) path.setAttribute("d", d);
  }

  hide() {
    this.scene = null;
    this.group.replaceChildren();
    [0, 1].forEach((kind) => this.outline(kind, -1));
  }
}

const labelPlace = ({ x, y, width }, side) =>
  side
    ? { x: x - 8, y: y + 12, "text-anchor": "end", class: "unit-label" }
    : { x: x + width / 2, y: y - 7, "text-anchor": "middle", class: "unit-label" };
