// The scores: for every class its logit, e to that power, and its share of their sum, which is the softmax.

import { absMax, number, percent, set, svg, unpack } from "../../shared/web/dom.js";
import { NE } from "./layout.js";
import { layerWords } from "./words.js";
import { colourOf, css, inkOn } from "../../shared/web/colour.js";
import { addend, printed } from "./terms.js";
import { fitText, tiny } from "./text.js";

export function unpackedScores(softmax) {
  if (!softmax) return null;
  const {
    values: [largest, sum],
  } = unpack(softmax.totals);
  const [logits, exps, shares] = ["logits", "exps", "shares"].map((name) => [
    ...unpack(softmax[name]).values,
  ]);
  return { ...softmax, largest, sum, logits, exps, shares };
}

export class Scores {
  constructor(drawing) {
    this.drawing = drawing;
    this.group = svg("g", { class: "scores" }, drawing.body);
    this.rows = [];
    this.columns = null; // where they stand
    this.step = 0; // the height of a row
  }

  build(scene) {
    this.group.replaceChildren();
    this.rows = [];
    if (!scene.softmax) return;
    const left = NE.wide - NE.scores;
    this.columns = {
      name: left + 100,
      logit: left + 106,
      exp: left + 158,
      share: left + 206,
      end: NE.wide - 4,
    };
    this.buildHead(scene, left + 134);
    const count = scene.softmax.numbers.length;
    this.step = Math.min(40, (NE.high - NE.head - NE.foot) / count);
    const foot = NE.head + count * this.step + 20;
    this.sum = this.text(this.columns.exp + 20, foot, "middle", "score-word", "");
    for (let at = 0; at < count; at++) this.rows.push(this.row(NE.head + at * this.step));
  }

  buildHead(scene, middle) {
    const { say } = this.drawing;
    const { logit, exp, share } = this.columns;
    const layer = layerWords(say, scene, [scene.nodes.length - 1]);
    this.text(middle, 12, "middle", "head detail", layer);
    this.text(middle, 27, "middle", "head what", say("networkexplorer.scores"));
    this.under = this.text(middle, 42, "middle", "head detail", "");
    this.text(logit + 22, 57, "middle", "head detail", say("networkexplorer.logit"));
    this.text(exp + 20, 57, "middle", "head detail", say("networkexplorer.exp"));
    this.text(share, 57, "start", "head detail", say("networkexplorer.share"));
  }

  text(x, y, anchor, kind, words) {
    return svg("text", { x, y, class: kind, "text-anchor": anchor }, this.group, words);
  }

  row(y) {
    const { group, step } = this;
    const { name, logit, exp, share } = this.columns;
    const middle = y + step / 2;
    const word = (x, anchor, kind = "") =>
      svg("text", { x, y: middle + 5, class: `score-word ${kind}`, "text-anchor": anchor }, group);
    const cell = { x: logit, y: y + 2, width: 44, height: step - 4 };
    return {
      back: svg(
        "rect",
        { x: name - 100, y: y + 1, width: NE.scores - 2, height: step - 2, class: "score-row" },
        group,
      ),
      name: word(name, "end"),
      cell: set(svg("rect", cell, group), { class: "cell" }),
      box: cell,
      logit: word(logit + 22, "middle", "digit-like"),
      exp: word(exp + 20, "middle"),
      bar: svg(
        "rect",
        { x: share, y: y + step * 0.62, height: Math.max(4, step * 0.24), class: "score-bar" },
        group,
      ),
      share: svg("text", { x: share, y: y + step * 0.5, class: "score-word" }, group),
    };
  }

  paint(scene) {
    const { softmax } = scene;
    if (!softmax) return;
    const { dark, say } = this.drawing;
    const limit = absMax(softmax.logits);
    softmax.numbers.forEach((k, at) => {
      const row = this.rows[at];
      const rgb = colourOf(softmax.logits[at], limit, "signed", dark);
      const share = Number.isFinite(softmax.shares[at]) ? softmax.shares[at] : 0;
      row.cell.style.fill = css(rgb);
      row.logit.style.fill = inkOn(rgb);
      row.logit.textContent = number(softmax.logits[at], 2);
      fitText(row.name, `${k === softmax.truth ? "✓ " : ""}${softmax.classes[at]}`, 98);
      row.exp.textContent = tiny(softmax.exps[at]);
      row.bar.setAttribute("width", Math.max(1, (this.columns.end - this.columns.share) * share));
      row.share.textContent = percent(softmax.shares[at]);
      set(row.back, {
        class: `score-row ${k === softmax.best ? "best" : ""} ${k === softmax.truth ? "true" : ""}`,
        "data-class": k,
      });
      row.name.style.fontWeight = k === softmax.best ? 700 : "";
    });
    this.under.textContent =
      softmax.numbers.length < softmax.of
        ? say("networkexplorer.some", { shown: softmax.numbers.length, of: softmax.of })
        : "";
    this.sum.textContent = `Σ ${number(softmax.sum, 2)}`;
  }

  find(x, y) {
    if (!this.rows.length || x < NE.wide - NE.scores || y < NE.head) return null;
    const at = Math.floor((y - NE.head) / this.step);
    return at < this.rows.length ? at : null;
  }

  light(at) {
    this.rows.forEach((row, n) => row.back.classList.toggle("lit", n === at));
  }

  boxOf(scene, k) {
    const at = scene.softmax.numbers.indexOf(k);
    return at < 0 ? null : this.rows[at].box;
  }

  // Where the curves to a class end: before its name, not over it.
  doorOf(scene, k) {
    const at = scene.softmax.numbers.indexOf(k);
    return { x: NE.wide - NE.scores + 6, y: NE.head + (at + 0.5) * this.step, width: 0, height: 0 };
  }

  // The share of a class with all its numbers.
  words({ softmax }, at, key = "networkexplorer.softmax") {
    const { say } = this.drawing;
    const values = {
      name: softmax.classes[at],
      logit: printed(softmax.logits[at]),
      largest: printed(softmax.largest),
      taken: addend(softmax.largest),
    };
    return say(key, {
      ...values,
      exp: number(softmax.exps[at], 4),
      sum: number(softmax.sum, 4),
      share: percent(softmax.shares[at]),
    });
  }
}
