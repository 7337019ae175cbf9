// The grid of threads: a square each, blocks with a line around them; threads without an output are hollow.

import { svg } from "../../shared/web/dom.js";

export class ThreadGrid {
  constructor(parent, { x, y, cell }, { block, blocks }, [OH, OW]) {
    const [rows, columns] = blocks.map((n) => n * block);
    this.x = x;
    this.y = y;
    this.cell = cell;
    this.rows = rows;
    this.columns = columns;
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) this.thread(parent, i, j, i < OH && j < OW);
    const side = block * cell;
    for (let i = 0; i < blocks[0]; i++)
      for (let j = 0; j < blocks[1]; j++)
        svg(
          "rect",
          { x: x + j * side, y: y + i * side, width: side, height: side, class: "block" },
          parent,
        );
  }

  thread(parent, i, j, works) {
    const inset = Math.max(0.12 * this.cell, 1);
    const size = this.cell - 2 * inset;
    const place = {
      x: this.x + j * this.cell + inset,
      y: this.y + i * this.cell + inset,
      width: size,
      height: size,
      rx: size / 4,
    };
    svg("rect", { ...place, class: works ? "thread" : "thread idle" }, parent);
  }

  find(px, py) {
    const [i, j] = [Math.floor((py - this.y) / this.cell), Math.floor((px - this.x) / this.cell)];
    return i >= 0 && i < this.rows && j >= 0 && j < this.columns ? { i, j } : null;
  }

  outline(cells) {
    const s = this.cell;
    return cells.map(([i, j]) => `M${this.x + j * s} ${this.y + i * s}h${s}v${s}h${-s}z`).join("");
  }
}

// A line of code in pieces that stay whole where it is broken: before each "=" and "+".
export const codePieces = (line) => line.split(/ (?=[=+] )/);
