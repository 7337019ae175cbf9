// The products that all four parts of the drawing share: the weights of each filter in a row, under them the present column of
// X_col, under that the products, and at the right the biases, the sum and the output.

import { absMax, inBrackets, number, svg } from "../../shared/web/dom.js";
import { Slice } from "../../shared/web/slice.js";

export class ProductStrip {
  constructor(parent, strip, taps, K, say) {
    const { x, cell, y } = strip;
    this.say = say;
    this.strip = strip;
    const [above, group] = ["W_row", "strip"].map((name) =>
      svg("g", { "data-name": name }, parent),
    );
    this.weights = new Slice(above, { x, y, rows: K, columns: taps, cell });
    this.biases = new Slice(above, { x: strip.biasX, y, rows: K, columns: 1, cell });
    this.column = new Slice(group, { x, y: strip.columnY, rows: 1, columns: taps, cell });
    this.products = new Slice(group, { x, y: strip.productY, rows: 1, columns: taps, cell });
    for (const slice of [this.column, this.products]) slice.paint(() => null, 1, "signed", false);
    for (let k = 0; k < K; k++) this.name(parent, y + k * cell, say("im2col.row", { k }));
    this.columnName = this.name(parent, strip.columnY, "");
    this.name(parent, strip.productY, say("im2col.products"));
    const bias = { x: strip.biasX + cell + 6, y: y + cell / 2 + 4, class: "strip-label" };
    svg("text", bias, parent, say("im2col.bias"));
    const sumY = strip.columnY + Math.max(cell * 0.7, 14);
    const totalY = Math.max(strip.productY + cell * 0.8, sumY + 20);
    this.sum = svg("text", { x: strip.biasX, y: sumY, class: "strip-sum" }, parent);
    this.total = svg("text", { x: strip.biasX, y: totalY, class: "strip-total" }, parent);
  }

  // The name of a row, left of it.
  name(parent, top, words) {
    const { x, cell } = this.strip;
    const style = `font-size: ${Math.min(13, cell + 1)}px`;
    const place = { x: x - 6, y: top + cell / 2 + 4, "text-anchor": "end" };
    return svg("text", { ...place, class: "strip-label", style }, parent, words);
  }

  paintWeights(weight, bias, limit, dark) {
    this.weights.paint(weight, limit, "signed", dark);
    this.biases.paint(bias, limit, "signed", dark);
  }

  // terms: [{value, product}, …] of the present output, of which `shown` are multiplied; words: {p, sum, bias, total}.
  paint(terms, shown, hidden, words, limit, dark) {
    const largest = absMax(terms.map(({ product }) => product));
    this.column.paint((_, r) => terms[r].value, limit, "signed", dark);
    this.products.paint(
      (_, r) => (r >= shown ? null : hidden ? "?" : terms[r].product),
      largest,
      "signed",
      dark,
    );
    this.columnName.textContent = this.say("im2col.column", words);
    const done = shown >= terms.length;
    const sofar = terms.slice(0, shown).reduce((sum, { product }) => sum + product, 0);
    const unknown = hidden ? "?" : null;
    this.sum.textContent = done
      ? `${unknown ?? number(words.sum)} + ${inBrackets(words.bias)}`
      : `${unknown ?? number(sofar)} + …`;
    this.total.textContent = words.total === null ? "" : `= ${unknown ?? number(words.total)}`;
  }

  // What of the strip lies under a point: {part, k, r}, or null.
  find(px, py) {
    for (const part of ["weights", "biases", "column", "products"]) {
      const at = this[part].find(px, py);
      if (at) return { part, k: at.row, r: at.column };
    }
    return null;
  }
}
