// The ledger: every product of the present window, the sum of each channel, the bias, the total. What is printed is
// rounded, what is added is not.

import { svg, widthOf } from "../../shared/web/dom.js";
import { TITLE } from "./layout.js";
import { colourOf, css, hueOf, inkOn } from "../../shared/web/colour.js";

export class Ledger {
  constructor(parent, scene, layout) {
    const [, FH, FW, depth] = scene.w.shape;
    this.FH = FH;
    this.FW = FW;
    this.layout = layout;
    this.pointed = null; // the term of the present multiply
    this.group = svg("g", { transform: `translate(${layout.ledgerX},0)`, class: "ledger" }, parent);
    this.title = svg("text", { y: TITLE - 6, class: "slice-title" }, this.group);
    this.twoLines = layout.termWidth >= 38 && layout.termHeight >= 24;
    this.readable = layout.termHeight >= 12;
    this.blocks = Array.from({ length: depth }, (_, c) => this.block(c));
    const line = (y, more = {}) =>
      svg("text", { y: layout.ledgerHeight - y, class: "ledger-total", ...more }, this.group);
    this.lines = [line(38), line(10), line(8, { x: layout.totalX, "text-anchor": "end" })];
  }

  block(c) {
    const { blockAt, termHeight, sumX } = this.layout;
    const group = svg("g", { transform: `translate(${blockAt(c)})` }, this.group);
    const terms = [];
    for (let u = 0; u < this.FH; u++)
      for (let v = 0; v < this.FW; v++) terms.push(this.term(group, c, u, v));
    const middle = (this.FH * termHeight) / 2;
    const sum = svg("text", { x: sumX, y: middle, class: "ledger-sum" }, group);
    return { terms, sum };
  }

  term(parent, c, u, v) {
    const { termWidth: w, termHeight: h } = this.layout;
    const group = svg(
      "g",
      { transform: `translate(${v * w},${u * h})`, class: "term", "data-term": `${c},${u},${v}` },
      parent,
    );
    const box = svg("rect", { width: w - 2, height: h - 2, rx: 2, class: "term-box" }, group);
    const stripe = svg("rect", { width: Math.min(5, w / 5), height: h - 2, rx: 1 }, group);
    const middle = (w - 2 + Math.min(5, w / 5)) / 2;
    const above = this.twoLines
      ? svg("text", { x: middle, y: h * 0.27, class: "digit term-factors" }, group)
      : null;
    const at = { x: middle, y: this.twoLines ? h * 0.68 : h / 2 - 1, class: "digit term-product" };
    const below = this.readable ? svg("text", at, group) : null;
    return { group, box, stripe, above, below };
  }

  // As large as the line allows, smaller where the words would not fit the box beside its stripe.
  fontSize(text, words) {
    const { termWidth: w, termHeight: h } = this.layout;
    const line = !this.twoLines
      ? 0.7 * h
      : text.classList.contains("term-product")
        ? 0.47 * h
        : 0.38 * h;
    return Math.min(line, (w - 5 - Math.min(5, w / 5)) / widthOf(words), 17);
  }

  // Mark the term of the present multiply, or none.
  point(tap) {
    const chosen = tap && this.blocks[tap.c].terms[tap.u * this.FW + tap.v].group;
    if (this.pointed !== chosen) this.pointed?.classList.remove("now");
    chosen?.classList.add("now");
    this.pointed = chosen;
  }

  // terms[c][u·FW + v] = {factors, product, value, shown}; sums are texts; foot is the sums, the bias and
  // the total, each a list of [text, kind].
  show({ title, terms, sums, limit, foot, dark }) {
    this.title.textContent = title;
    terms.forEach((row, c) => {
      row.forEach((term, n) =>
        this.showTerm(this.blocks[c].terms[n], term, n, row.length, limit, dark),
      );
      this.blocks[c].sum.textContent = sums[c];
    });
    this.lines.forEach((line, n) => {
      line.replaceChildren();
      for (const [text, kind] of foot[n] ?? []) svg("tspan", { class: kind }, line, text);
    });
  }

  showTerm(drawn, { factors, product, value, shown }, n, places, limit, dark) {
    const rgb = shown ? colourOf(value, limit, "signed", dark) : null;
    drawn.box.style.fill = rgb ? css(rgb) : "";
    drawn.stripe.style.fill = hueOf(n, places, dark, this.FW);
    for (const [text, words] of [
      [drawn.above, factors],
      [drawn.below, product],
    ]) {
      if (!text) continue;
      text.textContent = shown ? words : "";
      text.style.fontSize = `${this.fontSize(text, words)}px`;
      text.style.fill = rgb ? inkOn(rgb) : "";
    }
  }
}
