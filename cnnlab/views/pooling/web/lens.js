// The lens: the present window, large, with the winner ringed, and under it how the output is made.

import { svg } from "../../shared/web/dom.js";
import { wordLines, writeLines } from "../../shared/web/lines.js";
import { Slice } from "../../shared/web/slice.js";

export class PoolingLens {
  constructor(parent, layout, n, F) {
    const [x, y] = layout.lensAt(n);
    this.slice = new Slice(parent, { x, y, rows: F, columns: F, cell: layout.lensCell });
    this.title = svg("text", { x, y: y - 6, class: "slice-title" }, parent);
    this.box = layout.ledger(n);
    this.largest = layout.one && this.box.height > 60 ? 22 : 18;
    this.words = svg("g", { class: "ledger" }, parent);
    this.ring = new Ring(parent);
  }

  // value(u, v) of a cell, null outside the image; ledger: [[words, kind], …]; winner [u, v] or null.
  show({ title, value, limit, palette, dark, ledger, winner }) {
    this.title.textContent = title;
    this.slice.paint((u, v) => value(u, v) ?? "–", limit, palette, dark);
    const split = ([words, kind]) =>
      (kind === "total" ? [words] : words.split(" ")).map((text) => ({ text, kind }));
    const tokens = ledger.flatMap(split);
    writeLines(this.words, this.box, wordLines(tokens, this.box, this.largest));
    this.ring.around(winner ? [[this.slice, winner]] : []);
  }
}

// A strong ring around cells, in two strokes so that it shows on every colour.
export class Ring {
  constructor(parent) {
    this.back = svg("path", { class: "ring ring-back" }, parent);
    this.front = svg("path", { class: "ring ring-front" }, parent);
  }

  // pairs: [[slice, [row, column]], …]
  around(pairs) {
    const path = pairs
      .map(([slice, [row, column]]) => {
        const [x, y] = slice.corner(row, column);
        const r = slice.cell * 0.45;
        return `M${x + slice.cell / 2 - r} ${y + slice.cell / 2}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
      })
      .join("");
    this.back.setAttribute("d", path);
    this.front.setAttribute("d", path);
  }
}
