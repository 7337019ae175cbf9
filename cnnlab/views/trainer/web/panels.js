// The table of layers, the pictures with their scores, and the confusion matrix.

import { colourOf, css, inkOn } from "../../shared/web/colour.js";
import { absMax, clamp, reconcile, setText, svg, unpack } from "../../shared/web/dom.js";
import { CHANGES, GOOD_CHANGE, tenth, thousands, TRAINER } from "./layout.js";
import { share } from "./hover.js";

const LIGHTS_SHOWN = 32;

// How far along the scale of changes a share of the weights' size lies.
const changeAt = (value) =>
  tenth(
    ((Math.log(clamp(value, ...CHANGES)) - Math.log(CHANGES[0])) /
      Math.log(CHANGES[1] / CHANGES[0])) *
      TRAINER.table.ratio,
  );

// A row for each layer with weights: by how much it changes in a step, and a light for each filter, crossed if dead.
export class LayerTable {
  constructor(parent, say) {
    this.say = say;
    const { x, y, name, ratio, number } = TRAINER.table;
    this.group = svg("g", { class: "layer-table" }, parent);
    this.title = svg("text", { x, y: y - 14, class: "slice-title" }, this.group);
    svg("text", { x: x + name, y: y - 20, class: "small" }, this.group, say("trainer.change"));
    svg(
      "text",
      { x: x + name + ratio + number + 12, y: y - 20, class: "small" },
      this.group,
      say("trainer.lights"),
    );
    for (const [n, value] of GOOD_CHANGE.entries()) {
      const at = {
        x: x + name + changeAt(value) + (n ? -6 : 10),
        y: y - 5,
        "text-anchor": n ? "start" : "end",
      };
      svg("text", { ...at, class: "tick small" }, this.group, share(value));
    }
    this.rows = svg("g", {}, this.group);
  }

  paint({ table }) {
    const { most } = TRAINER.table;
    const shown = table.length > most ? [...table.slice(0, most - 1), table.at(-1)] : table;
    const part = { shown: shown.length, count: table.length };
    setText(
      this.title,
      shown === table ? this.say("trainer.layers") : this.say("trainer.layers_part", part),
    );
    reconcile(
      this.rows,
      shown.map((row, n) => ["g", { "data-layer": row.name }, this.row(row, n)]),
    );
  }

  row({ name, ratio, dead }, n) {
    const { x, y, row, name: wide, ratio: bar, number: room } = TRAINER.table;
    const py = y + n * row;
    const [low, high] = GOOD_CHANGE.map(changeAt);
    const made = [
      ["text", { x, y: py + 11 }, short(name, 17)],
      ["rect", { x: x + wide, y: py, width: bar, height: 13, class: "scale" }],
      ["rect", { x: x + wide + low, y: py, width: high - low, height: 13, class: "good-change" }],
    ];
    if (ratio !== null)
      made.push([
        "rect",
        { x: x + wide + changeAt(ratio) - 2, y: py - 2, width: 4, height: 17, class: "change" },
      ]);
    made.push([
      "text",
      { x: x + wide + bar + 6, y: py + 11, class: "small" },
      ratio === null ? "–" : share(ratio),
    ]);
    return dead ? [...made, ...this.lights(dead, x + wide + bar + room + 12, py)] : made;
  }

  lights(dead, x, y) {
    const made = dead.slice(0, LIGHTS_SHOWN).map((isDead, k) => {
      const at = {
        x: x + (k % 16) * 6.8,
        y: y + Math.floor(k / 16) * 8,
        width: 5.6,
        height: dead.length > 16 ? 6.5 : 12,
      };
      return [
        "rect",
        {
          ...at,
          class: isDead ? "light dead" : "light",
          "data-dead": String(isDead),
          "data-filter": k,
        },
      ];
    });
    const count = dead.filter(Boolean).length;
    const words = {
      x: x + Math.min(dead.length, 16) * 6.8 + 4,
      y: y + 11,
      class: "small bad-word",
    };
    return count ? [...made, ["text", words, this.say("trainer.dead", { count })]] : made;
  }
}

// Eight pictures, each with the classes the net finds likeliest; the true one is green.
export class Samples {
  constructor(parent, say, album) {
    Object.assign(this, { say, album });
    this.group = svg("g", { class: "samples" }, parent);
    this.title = svg(
      "text",
      { x: TRAINER.right.x, y: TRAINER.right.y - 7, class: "slice-title" },
      this.group,
    );
    this.body = svg("g", {}, this.group);
  }

  paint(seen, { classes, held_out }, chosen) {
    const pictures = unpack(seen.pictures);
    const title = this.say(held_out ? "trainer.samples" : "trainer.samples_trained");
    setText(
      this.title,
      seen.cell ? `${this.words(seen.cell, classes)}${asOf(seen, this.say)}` : title,
    );
    const sample = (answer, n) =>
      this.sample(
        answer,
        n,
        this.album.url(answer.n, pictures, n + 1),
        classes,
        answer.n === chosen,
      );
    reconcile(this.body, seen.answers.slice(1).map(sample));
  }

  // Which confusion is shown, and which of its pictures.
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

// Which step's net the matrix and its cells are of, where it is not the one that is shown.
const asOf = ({ step, judged }, say) =>
  judged === step ? "" : ` (${say("trainer.at_step", { step: thousands(judged) })})`;

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
      short(`${k === truth ? "✓ " : ""}${classes[k]}`, width / 7.2),
    ],
  ]);
}

export const short = (word, most) =>
  word.length <= most ? word : `${word.slice(0, Math.max(1, Math.floor(most) - 1))}…`;

// Rows are the truth, columns what the net said; a click shows the pictures of a cell.
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
        ? Array.from({ length: K }, (_, k) => this.name(short(classes[shown[k]], 11), k))
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

  // How many pictures, of which step's net, and how many of the classes.
  words(seen, part, all) {
    const sample =
      seen.judges < all
        ? `, ${this.say("trainer.of_sample", { count: thousands(seen.judges) })}`
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
