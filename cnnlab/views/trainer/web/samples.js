// The images on the right, each with the classes that the net finds likeliest.

import { reconcile, setText, shortWord, svg, unpack } from "../../shared/web/dom.js";
import { TRAINER, tenth } from "./layout.js";
import { asOf } from "./text.js";

// Eight images, each with the classes the net finds likeliest; the true one is green.
export class Samples {
  constructor(parent, say, album) {
    this.say = say;
    this.album = album;
    this.group = svg("g", { class: "samples" }, parent);
    this.title = svg(
      "text",
      { x: TRAINER.right.x, y: TRAINER.right.y - 7, class: "slice-title" },
      this.group,
    );
    this.body = svg("g", {}, this.group);
  }

  paint(seen, { classes, held_out }, chosen) {
    const images = unpack(seen.images);
    const title = this.say(held_out ? "trainer.samples" : "trainer.samples_trained");
    setText(
      this.title,
      seen.cell ? `${this.words(seen.cell, classes)}${asOf(seen, this.say)}` : title,
    );
    const sample = (answer, n) =>
      this.sample(answer, n, this.album.url(answer.n, images, n + 1), classes, answer.n === chosen);
    reconcile(this.body, seen.answers.slice(1).map(sample));
  }

  // Which confusion is shown, and which of its images.
  words({ truth, answer, first, of }, classes) {
    const said = {
      truth: classes[truth],
      answer: classes[answer],
      first: first + 1,
      last: Math.min(first + 8, of),
      of,
    };
    return this.say(of ? "trainer.cell" : "trainer.no_cell", said);
  }

  sample({ n: number, truth, best }, n, href, classes, chosen) {
    const { x, y, width, height } = TRAINER.right;
    const [px, py, side] = [
      x + (n % 2) * (width / 2 + 4),
      y + 2 + Math.floor(n / 2) * (height / 4),
      64,
    ];
    const at = { class: "sample", "data-picture": number, transform: `translate(${px},${py})` };
    return [
      "g",
      at,
      [
        ["rect", { width: width / 2 - 8, height: side, class: "hit" }],
        ["image", { width: side, height: side, href, class: "pixels" }],
        ["rect", { width: side, height: side, class: chosen ? "frame chosen" : "frame" }],
        ...scoreBars(
          { x: side + 6, width: width / 2 - side - 10, row: 22 },
          { truth, best },
          classes,
        ),
      ],
    ];
  }
}

// Bars of the best classes; the true one is green and has a tick.
export function scoreBars({ x, width, row }, { truth, best }, classes) {
  return best.flatMap(([k, share], n) => [
    [
      "rect",
      {
        x,
        y: n * row,
        width: Math.max(1, tenth(width * share)),
        height: row - 4,
        class: `score ${k === truth ? "right" : "wrong"}`,
      },
    ],
    [
      "text",
      { x: x + 3, y: n * row + row / 2 + 2, class: "score-word small" },
      shortWord(`${k === truth ? "✓ " : ""}${classes[k]}`, width / 7.2),
    ],
  ]);
}
