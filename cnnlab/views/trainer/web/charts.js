// The curves along the steps: training (blue) and held-out images (orange), evaluated by one and the same net, and behind
// them, pale, what the batches gave as they came, each before the net had learnt from it.

import {
  clamp,
  number,
  percent,
  reconcile,
  set,
  setText,
  svg,
  unpack,
} from "../../shared/web/dom.js";
import { highest, powersOfTen, roundUp, smooth, stepAxis } from "./axis.js";
import { TRAINER, tenth } from "./layout.js";
import { thousands } from "./text.js";

const TIMES_A_GUESS = 3; // the loss of a guess, ln of the classes, is what the axis of losses is measured by
const TICKS_APART = 24; // pixels at least

class Chart {
  constructor(parent, box, title) {
    this.box = box;
    this.name = title;
    this.shown = []; // the lines that are drawn: of training and of held-out images
    this.words = String; // how a value is written
    this.last = 1; // the step at the right end
    this.top = 1; // the value at the upper end
    this.drawn = ""; // the ends for which the grid is drawn
    const { x, y, width, height } = box;
    this.group = svg("g", { class: "chart" }, parent);
    svg("text", { x, y: y - 7, class: "slice-title" }, this.group, title);
    svg("rect", { x, y, width, height, class: "frame" }, this.group);
    this.grid = svg("g", {}, this.group);
    this.batches = svg("path", { class: "curve batches" }, this.group);
    this.lines = ["train", "held"].map((kind) => ({
      line: svg("path", { class: `curve ${kind}` }, this.group),
      dots: svg("path", { class: `dots ${kind}` }, this.group),
    }));
    this.beyond = svg(
      "text",
      { x: x + width - 4, y: y + 14, class: "small", "text-anchor": "end" },
      this.group,
    );
    this.checkpoint = svg("line", { y1: y, y2: y + height, class: "checkpoint" }, this.group);
  }

  // batches, train, held: {shape: [2, points], values}, held may be missing; last: the step at the right end; top: of the
  // vertical axis; at: a step or null
  paint({ batches, train, held, last, top, words, at, beyond = "" }) {
    this.last = Math.max(last, 1);
    this.top = top;
    this.words = words;
    this.drawGrid(words);
    setText(this.beyond, beyond);
    this.batches.setAttribute("d", path(smooth(this.points(batches))));
    this.shown = [train, held];
    [train, held].forEach((found, n) => {
      const marks = found ? this.points(found) : [];
      this.lines[n].line.setAttribute("d", path(marks));
      this.lines[n].dots.setAttribute(
        "d",
        marks.length <= 40 ? marks.map(([px, py]) => `M${px - 0.1} ${py}h0.2`).join("") : "",
      );
    });
    set(this.checkpoint, {
      x1: this.across(at ?? 0),
      x2: this.across(at ?? 0),
      visibility: at === null ? "hidden" : "visible",
    });
  }

  across(step) {
    return this.box.x + (stepAxis(step) / stepAxis(this.last)) * this.box.width;
  }

  points({ shape: [, count], values }) {
    const { x, y, width, height } = this.box;
    const scale = width / stepAxis(this.last);
    const place = (_, n) => [
      tenth(x + stepAxis(values[n]) * scale),
      tenth(y + height * (1 - clamp(values[count + n] / this.top, 0, 1))),
    ];
    return Array.from({ length: count }, place);
  }

  drawGrid(words) {
    const { x, y, width, height } = this.box;
    const wanted = `${this.last} ${this.top}`;
    if (wanted === this.drawn) return;
    this.drawn = wanted;
    const across = [0, 0.5, 1].flatMap((share) => {
      const py = y + height * (1 - share);
      const tick = { x: x - 5, y: py + 4, class: "tick small", "text-anchor": "end" };
      return [
        ["line", { x1: x, x2: x + width, y1: py, y2: py, class: "grid" }],
        ["text", tick, words(share * this.top)],
      ];
    });
    const up = powersOfTen(this.last).map((step) => [tenth(this.across(step)), step]);
    const free = up.filter(([px], n) => n === 0 || px - up[n - 1][0] >= TICKS_APART);
    const along = free.flatMap(([px, step]) => [
      ["line", { x1: px, x2: px, y1: y, y2: y + height, class: "grid" }],
      [
        "text",
        { x: px, y: y + height + 15, class: "tick small", "text-anchor": "middle" },
        thousands(step),
      ],
    ]);
    reconcile(this.grid, [...across, ...along]);
  }
}

const path = (points) => points.map(([px, py], n) => `${n ? "L" : "M"}${px} ${py}`).join("");

export class Curves {
  constructor(parent, say) {
    this.say = say;
    this.loss = new Chart(parent, TRAINER.loss, say("trainer.loss"));
    this.accuracy = new Chart(parent, TRAINER.accuracy, say("trainer.accuracy"));
    const { x, y, width, height } = TRAINER.accuracy;
    svg(
      "text",
      { x: x + width, y: y + height + 32, class: "small", "text-anchor": "end" },
      parent,
      say("trainer.steps"),
    );
    this.key(parent, x - 44, y + height + 48, say);
  }

  key(parent, x, y, say) {
    for (const [kind, words, at] of [
      ["train", say("trainer.training"), 0],
      ["held", say("trainer.held_out"), 82],
      ["batches", say("trainer.batches"), 162],
    ]) {
      svg("path", { d: `M${x + at} ${y - 4}h18`, class: `curve ${kind}` }, parent);
      svg("text", { x: x + at + 22, y, class: "small" }, parent, words);
    }
  }

  paint(runState, at, classes) {
    const curves = Object.fromEntries(
      Object.entries(runState.curves).map(([name, line]) => [name, unpack(line)]),
    );
    const last = Math.max(runState.step, ...runState.checkpoints);
    const { batch_loss, train_loss, test_loss, batch_accuracy, train_accuracy, test_accuracy } =
      curves;
    const most = highest(...[batch_loss, train_loss, test_loss].filter(Boolean));
    const top = roundUp(Math.min(most, TIMES_A_GUESS * Math.log(Math.max(2, classes))));
    const beyond = most > top ? this.say("trainer.beyond", { most: number(most, 2) }) : "";
    this.loss.paint({
      batches: batch_loss,
      train: train_loss,
      held: test_loss,
      last,
      top,
      words: (v) => number(v, 2),
      at,
      beyond,
    });
    this.accuracy.paint({
      batches: batch_accuracy,
      train: train_accuracy,
      held: test_accuracy,
      last,
      top: 1,
      words: (share) => percent(share, 2),
      at,
    });
  }

  // The chart under a point of the drawing, or undefined.
  at(px, py) {
    return [this.loss, this.accuracy].find((chart) => inside(chart.box, px, py));
  }

  // The step under a point of the drawing, or null.
  find(px, py) {
    const chart = this.at(px, py);
    return chart ? Math.expm1(((px - chart.box.x) / chart.box.width) * stepAxis(chart.last)) : null;
  }
}

const inside = ({ x, y, width, height }, px, py) =>
  px >= x && px <= x + width && py >= y && py <= y + height;
