// The sparse matrix of one filter, small, and its present row, large: weights at the cells that the window reads, nothing
// elsewhere. Column n belongs to cell n of the flat input.

import { colourOf, css, inkOn } from "../../shared/web/colour.js";
import { number, reconcile, svg } from "../../shared/web/dom.js";
import { MapImage } from "../../shared/web/maps.js";
import { DIGITS_FROM } from "../../shared/web/slice.js";

export class SparseMatrix {
  constructor(parent, layout, rows, columns) {
    this.layout = layout;
    this.rows = rows;
    this.columns = columns;
    const { x, y, width, height, row } = layout;
    svg("rect", { x, y, width, height, class: "ground" }, parent);
    this.map = new MapImage(parent, { x, y, width, height }, rows, columns);
    this.rects = Array.from({ length: columns }, (_, n) =>
      svg(
        "rect",
        { x: x + n * row.wide, y: row.y, width: row.wide, height: row.high, class: "cell empty" },
        parent,
      ),
    );
    svg("rect", { x, y: row.y, width, height: row.high, class: "frame" }, parent);
    this.digits =
      row.wide < DIGITS_FROM
        ? []
        : this.rects.map((_, n) =>
            svg(
              "text",
              {
                x: x + (n + 0.5) * row.wide,
                y: row.y + row.high / 2,
                class: "digit",
                style: "font-size: 11px",
              },
              parent,
            ),
          );
    this.hues = svg("g", {}, parent);
  }

  // weight(place, cell) is null where the window does not read the cell.
  paint(weight, limit, dark) {
    const pixels = new ImageData(this.columns, this.rows);
    for (let p = 0; p < this.rows; p++)
      for (let n = 0; n < this.columns; n++) {
        const value = weight(p, n);
        if (value !== null)
          pixels.data.set(
            [...colourOf(value, limit, "signed", dark), 255],
            4 * (p * this.columns + n),
          );
      }
    this.map.put(pixels);
  }

  // entries: {cell, value, hue} of the present row.
  paintRow(entries, limit, dark) {
    for (const rect of this.rects) rect.setAttribute("class", "cell empty");
    for (const rect of this.rects) rect.style.fill = "";
    for (const digit of this.digits) digit.textContent = "";
    for (const { cell, value } of entries)
      this.paintCell(cell, value, colourOf(value, limit, "signed", dark));
    const { x, row } = this.layout;
    const stripes = entries.map(({ cell, hue }) => [
      "rect",
      {
        x: x + cell * row.wide + 0.5,
        y: row.y + row.high + 1.5,
        width: Math.max(row.wide - 1, 1.5),
        height: 4,
        fill: hue,
      },
    ]);
    reconcile(this.hues, stripes);
  }

  paintCell(cell, value, rgb) {
    this.rects[cell].setAttribute("class", "cell");
    this.rects[cell].style.fill = css(rgb);
    if (!this.digits.length) return;
    this.digits[cell].textContent = number(value, 2);
    this.digits[cell].style.fill = inkOn(rgb);
  }

  // The entry of the matrix under a point, or null.
  find(px, py) {
    const at = this.map.find(px, py);
    return at && { p: at.row, cell: at.column };
  }

  // The cell of the present row under a point, or null.
  findCell(px, py) {
    const { x, row } = this.layout;
    const cell = Math.floor((px - x) / row.wide);
    return py >= row.y && py < row.y + row.high && cell >= 0 && cell < this.columns ? cell : null;
  }

  rowPath(p) {
    const high = this.layout.height / this.rows;
    return `M${this.layout.x} ${this.layout.y + p * high}h${this.layout.width}v${high}h${-this.layout.width}z`;
  }

  // A line around row p, and an arrow at its end.
  markPath(p) {
    const { x, y, width, height } = this.layout;
    const high = height / this.rows;
    const [top, middle] = [y + p * high - 1.5, y + (p + 0.5) * high];
    return `M${x - 1.5} ${top}h${width + 3}v${high + 3}h${-width - 3}zM${x + width + 4} ${middle}l9 -5v10z`;
  }

  // As the marks want it: cells of the present row.
  outline(cells) {
    const { x, row } = this.layout;
    return cells
      .map((n) => `M${x + n * row.wide} ${row.y}h${row.wide}v${row.high}h${-row.wide}z`)
      .join("");
  }
}
