// The scores: for every class its logit, e to that power, and its share of their sum, which is the softmax.

import { absMax, clamp, number, set, svg, unpack } from "../../shared/web/dom.js";
import { NE } from "./layout.js";
import { layerWords } from "./words.js";
import { colourOf, css, inkOn } from "../../shared/web/colour.js";
import { addend, printed } from "./terms.js";

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
  constructor(picture) {
    this.picture = picture;
    this.group = svg("g", { class: "scores" }, picture.body);
  }

  build(scene) {
    this.group.replaceChildren();
    this.rows = [];
    const { softmax } = scene;
    if (!softmax) return;
    const say = this.picture.say;
    const [left, top] = [NE.wide - NE.scores, NE.head];
    this.columns = {
      name: left + 100,
      logit: left + 106,
      exp: left + 158,
      share: left + 206,
      end: NE.wide - 4,
    };
    const { logit, exp, share } = this.columns;
    const title = (x, words, anchor = "middle", y = 57) =>
      svg("text", { x, y, class: "head detail", "text-anchor": anchor }, this.group, words);
    title(left + 134, layerWords(say, scene, [scene.nodes.length - 1]), "middle", 12);
    svg(
      "text",
      { x: left + 134, y: 27, class: "head what", "text-anchor": "middle" },
      this.group,
      say("networkexplorer.scores"),
    );
    this.under = title(left + 134, "", "middle", 42);
    title(logit + 22, say("networkexplorer.logit"));
    title(exp + 20, say("networkexplorer.exp"));
    title(share, say("networkexplorer.share"), "start");
    const count = softmax.numbers.length;
    this.step = Math.min(40, (NE.high - top - NE.foot) / count);
    this.sum = svg(
      "text",
      {
        x: exp + 20,
        y: top + count * this.step + 20,
        class: "score-word",
        "text-anchor": "middle",
      },
      this.group,
    );
    for (let at = 0; at < count; at++) this.rows.push(this.row(top + at * this.step));
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
    const { dark, say } = this.picture;
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
    const { say } = this.picture;
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

const tiny = (value) => (value > 0 && value < 0.001 ? "<.001" : number(value, 3));

function percent(share) {
  const value = 100 * share;
  return Number.isFinite(value)
    ? `${value < 0.05 && value > 0 ? "<0.1" : value.toFixed(value >= 99.95 ? 0 : 1)} %`
    : "NaN";
}

// Words in a text element, smaller if they would not fit into `room`, but never too small to read.
export function fitText(element, words, room, largest = 14, letter = 0.56) {
  element.textContent = words;
  element.style.fontSize = `${clamp(room / (letter * words.length), 12, largest)}px`;
}
