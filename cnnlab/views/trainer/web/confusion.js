// The confusion matrix: how often each class was taken for which other.

import { colourOf, css, inkOn } from "../../shared/web/colour.js";
import { absMax, reconcile, setText, shortWord, svg, unpack } from "../../shared/web/dom.js";
import { TRAINER } from "./layout.js";
import { asOf, thousands } from "./text.js";

// Rows are the truth, columns what the net said; a click shows the images of a cell.
export class Confusion {
  constructor(parent, say) {
    this.say = say;
    this.group = svg("g", { class: "confusion" }, parent);
    this.title = svg(
      "text",
      { x: TRAINER.right.x, y: TRAINER.right.y - 7, class: "slice-title" },
      this.group,
    );
    this.body = svg("g", {}, this.group);
  }

  plan(K) {
    const { x, y, width, height } = TRAINER.right;
    const side = Math.min((width - 118) / K, (height - 90) / K, 40);
    return { side, left: x + 86, top: y + 84 };
  }

  paint(seen, { classes, all }, cell, dark) {
    const counts = unpack(seen.confusion);
    const [K] = counts.shape;
    const { shown } = seen;
    const { side, left, top } = (this.at = { ...this.plan(K), K, shown });
    setText(
      this.title,
      this.words(seen, K < classes.length && { K: classes.length, shown: K }, all),
    );
    const limit = absMax(counts.values);
    const names =
      side > 11
        ? Array.from({ length: K }, (_, k) => this.name(shortWord(classes[shown[k]], 11), k))
        : [];
    const places = Array.from({ length: K * K }, (_, n) => [Math.floor(n / K), n % K]);
    const cells = places.map(([row, column]) =>
      this.cell(counts.at(row, column), row, column, limit, dark),
    );
    const [row, column] = cell.slice(0, 2).map((k) => shown.indexOf(k));
    const chosen =
      row >= 0 && column >= 0
        ? [
            [
              "rect",
              {
                x: left + column * side,
                y: top + row * side,
                width: side,
                height: side,
                class: "chosen-cell",
              },
            ],
          ]
        : [];
    reconcile(
      this.body,
      [names, cells, chosen].map((made) => ["g", {}, made.flat(made === chosen ? 0 : 1)]),
    );
  }

  // How many images, of which step's net, and how many of the classes.
  words(seen, part, all) {
    const sample =
      seen.evaluated_images < all
        ? `, ${this.say("trainer.of_sample", { count: thousands(seen.evaluated_images) })}`
        : "";
    const matrix = this.say("trainer.matrix");
    const leftOut = part ? this.say("trainer.matrix_part", part) : "";
    return `${matrix}${sample}${asOf(seen, this.say)}${leftOut && `, ${leftOut}`}`;
  }

  name(word, k) {
    const { side, left, top } = this.at;
    return [
      [
        "text",
        { x: left - 5, y: top + (k + 0.5) * side + 4, class: "small", "text-anchor": "end" },
        word,
      ],
      [
        "text",
        {
          transform: `translate(${left + (k + 0.5) * side + 4},${top - 5}) rotate(-60)`,
          class: "small",
        },
        word,
      ],
    ];
  }

  cell(count, row, column, limit, dark) {
    const { side, left, top } = this.at;
    // Errors are red, right answers blue, both by their number.
    const rgb = colourOf(
      row === column ? -count : count,
      row === column ? limit : limit / 3,
      "signed",
      dark,
    );
    const at = { x: left + column * side, y: top + row * side };
    const made = [
      [
        "rect",
        {
          ...at,
          width: side,
          height: side,
          class: "cell",
          style: `fill: ${css(rgb)}`,
          "data-cell": `${row},${column}`,
        },
      ],
    ];
    if (!count || side < 15) return made;
    const style = `font-size: ${Math.min(14, side * (count > 99 ? 0.46 : 0.56))}px; fill: ${inkOn(rgb)}`;
    return [
      ...made,
      ["text", { x: at.x + side / 2, y: at.y + side / 2, class: "digit", style }, count],
    ];
  }

  // The cell [truth, answer] under a point, or null.
  find(px, py) {
    if (!this.at) return null;
    const [row, column] = [
      (py - this.at.top) / this.at.side,
      (px - this.at.left) / this.at.side,
    ].map(Math.floor);
    const { K, shown } = this.at;
    return row >= 0 && column >= 0 && row < K && column < K ? [shown[row], shown[column]] : null;
  }
}
