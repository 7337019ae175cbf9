// A slice is one channel of a volume, drawn as a grid: cells with digits where they are large enough, else an image.
// Its places are counted as in the image: the padding ring begins at row −top and column −left.

import { number, set, svg, widthOf } from "./dom.js";
import { colourOf, css, inkOn } from "./colour.js";

export const DIGITS_FROM = 15; // smaller cells show no digits
const WIDE_FROM = 36; // larger cells have room for three digits of a fraction
const NO_PADS = [
  [0, 0],
  [0, 0],
];
const IMAGE_OVER = 700; // cells: beyond this, one image instead of so many elements

export class Slice {
  /**
   * @param {object} options
   * @param {number} options.x the left edge
   * @param {number} options.y the top edge
   * @param {number} options.rows
   * @param {number} options.columns
   * @param {number} options.cell the side of a cell
   * @param {number[][]} [options.pads] [[top, bottom], [left, right]]
   * @param {string} [options.padded] what stands in the cells of the padding
   * @param {string} [options.title]
   * @param {boolean} [options.asImage] no grid, no digits
   */
  constructor(parent, options) {
    const { x, y, rows, columns, cell, pads = NO_PADS } = options;
    const { padded = "0", title = "", asImage = false } = options;
    this.rows = rows;
    this.columns = columns;
    this.cell = cell;
    this.title = title;
    const [[top, bottom], [left, right]] = pads;
    this.top = top;
    this.bottom = bottom;
    this.left = left;
    this.right = right;
    this.width = (columns + this.left + this.right) * cell;
    this.height = (rows + this.top + this.bottom) * cell;
    this.x = x;
    this.y = y;
    this.group = svg("g", { transform: `translate(${x},${y})`, class: "slice" }, parent);
    if (title) svg("text", { y: -6, class: "slice-title" }, this.group, title);
    if (this.top + this.bottom + this.left + this.right) this.drawPadding(padded);
    this.asImage = asImage || rows * columns > IMAGE_OVER;
    /** @type {any[]} */
    this.rects = [];
    /** @type {any[]} */
    this.digits = [];
    if (this.asImage) this.drawImage();
    else this.drawCells();
    svg(
      "rect",
      {
        x: this.left * cell,
        y: this.top * cell,
        width: columns * cell,
        height: rows * cell,
        class: "frame",
      },
      this.group,
    );
  }

  // Padding is zeros that are stored nowhere: hatched, with a faint 0.
  drawPadding(padded) {
    const { cell } = this;
    svg("rect", { width: this.width, height: this.height, class: "padding" }, this.group);
    if (cell < DIGITS_FROM) return;
    for (let r = -this.top; r < this.rows + this.bottom; r++)
      for (let c = -this.left; c < this.columns + this.right; c++) {
        if (this.holds(r, c)) continue;
        const [px, py] = this.inner(r, c);
        const place = {
          x: px + cell / 2,
          y: py + cell / 2,
          class: "digit padding-digit",
          style: `font-size: ${cell * 0.5}px`,
        };
        svg("text", place, this.group, padded);
      }
  }

  drawCells() {
    const { cell } = this;
    const size = { width: cell, height: cell, class: "cell" };
    for (let r = 0; r < this.rows; r++)
      for (let c = 0; c < this.columns; c++) {
        const [px, py] = this.inner(r, c);
        this.rects.push(svg("rect", { x: px, y: py, ...size }, this.group));
        if (cell < DIGITS_FROM) continue;
        this.digits.push(
          svg("text", { x: px + cell / 2, y: py + cell / 2, class: "digit" }, this.group),
        );
      }
  }

  drawImage() {
    const { cell } = this;
    this.canvas = document.createElement("canvas");
    set(this.canvas, { width: this.columns, height: this.rows });
    const size = {
      width: this.columns * cell,
      height: this.rows * cell,
      preserveAspectRatio: "none",
    };
    this.image = svg(
      "image",
      { x: this.left * cell, y: this.top * cell, ...size, class: "pixels" },
      this.group,
    );
  }

  // value(row, column) gives a number, null for a cell not computed yet, or a string to show as it is.
  paint(value, limit, palette, dark) {
    if (this.asImage) return this.paintImage(value, limit, palette, dark);
    let widest = 1;
    for (let n = 0; n < this.rects.length; n++)
      widest = Math.max(widest, this.paintCell(n, value, limit, palette, dark));
    this.group.style.fontSize = `${this.cell * Math.min(0.56, 0.9 / widest)}px`; // one size for all, as none weighs more
  }

  paintCell(n, value, limit, palette, dark) {
    const shown = value(Math.floor(n / this.columns), n % this.columns);
    const isNumber = typeof shown === "number";
    const rgb = isNumber ? colourOf(shown, limit, palette, dark) : null;
    this.rects[n].setAttribute("class", isNumber ? "cell" : "cell empty");
    this.rects[n].style.fill = rgb ? css(rgb) : "";
    const digit = this.digits[n];
    if (!digit) return 0;
    const text = isNumber ? number(shown, this.cell < WIDE_FROM ? 2 : 3) : (shown ?? "");
    digit.textContent = text;
    digit.style.fill = rgb ? inkOn(rgb) : "";
    return widthOf(text);
  }

  paintImage(value, limit, palette, dark) {
    const pen = this.canvas.getContext("2d");
    const pixels = pen.createImageData(this.columns, this.rows);
    for (let n = 0; n < this.rows * this.columns; n++) {
      const shown = value(Math.floor(n / this.columns), n % this.columns);
      const rgb =
        typeof shown === "number" ? colourOf(shown, limit, palette, dark) : [128, 128, 128];
      pixels.data.set([...rgb, typeof shown === "number" ? 255 : 40], 4 * n);
    }
    pen.putImageData(pixels, 0, 0);
    this.image.setAttribute("href", this.canvas.toDataURL());
  }

  holds(r, c) {
    return r >= 0 && r < this.rows && c >= 0 && c < this.columns;
  }

  inner(r, c) {
    return [(c + this.left) * this.cell, (r + this.top) * this.cell];
  }

  // The top left corner of a cell, in the coordinates of the drawing.
  corner(r, c) {
    const [px, py] = this.inner(r, c);
    return [this.x + px, this.y + py];
  }

  // The cell under a point of the drawing, or null.
  find(px, py) {
    const c = Math.floor((px - this.x) / this.cell) - this.left;
    const r = Math.floor((py - this.y) / this.cell) - this.top;
    const inside =
      r >= -this.top &&
      r < this.rows + this.bottom &&
      c >= -this.left &&
      c < this.columns + this.right;
    return inside ? { row: r, column: c } : null;
  }

  // One path around each of the cells [[row, column], …], or within it by this part of its side.
  outline(cells, inset = 0) {
    const [gap, s] = [inset * this.cell, (1 - 2 * inset) * this.cell];
    return cells
      .map(
        ([r, c]) =>
          `M${this.corner(r, c)
            .map((at) => at + gap)
            .join(" ")}h${s}v${s}h${-s}z`,
      )
      .join("");
  }
}

// Outlines of cells in a white and a dark stroke, so that they show on every colour.
export class Marks {
  constructor(parent, kind, inset = 0) {
    this.inset = inset;
    this.back = svg("path", { class: `mark mark-back ${kind}` }, parent);
    this.front = svg("path", { class: `mark mark-front ${kind}` }, parent);
  }

  /** @param {any[][]} pairs [[slice or another Outlined, its cells [[row, column], …]], …] */
  show(pairs) {
    const path = pairs.map(([slice, cells]) => slice.outline(cells, this.inset)).join("");
    this.back.setAttribute("d", path);
    this.front.setAttribute("d", path);
  }
}

// Marks of these kinds by their kind.
/** @returns {Record<string, Marks>} */
export const marksOf = (parent, kinds, insets = {}) =>
  Object.fromEntries(kinds.map((kind) => [kind, new Marks(parent, kind, insets[kind])]));

// Rows and columns of a slice that no window reads are crossed out.
export function crossOut(parent, slice, [rows, columns]) {
  const [x, y] = slice.corner(-slice.top, -slice.left);
  const { width, height, cell } = slice;
  for (const row of rows)
    svg("rect", { x, y: slice.corner(row, 0)[1], width, height: cell, class: "dropped" }, parent);
  for (const column of columns) {
    const left = slice.corner(0, column)[0];
    svg("rect", { x: left, y, width: cell, height, class: "dropped" }, parent);
  }
}

// Slow at both ends: the part of the way at that part of the time.
export const ease = (share) => share * share * (3 - 2 * share);

// Between two points [x, y], for the part of the way that is gone.
export const between = (from, to, share) =>
  from.map((start, axis) => start + (to[axis] - start) * ease(share));

// A block of cells of a slice, as the marks take it.
export function around(slice, row, column, high, wide) {
  const [x, y] = slice.corner(row, column);
  return {
    outline: () => `M${x} ${y}h${wide * slice.cell}v${high * slice.cell}h${-wide * slice.cell}z`,
  };
}
