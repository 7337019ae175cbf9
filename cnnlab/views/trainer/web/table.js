// The table of layers: by how much each changes in a step, and which of its filters are dead.

import { clamp, percent, reconcile, setText, shortWord, svg } from "../../shared/web/dom.js";
import { CHANGES, GOOD_CHANGE, TRAINER, tenth } from "./layout.js";

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
      svg("text", { ...at, class: "tick small" }, this.group, percent(value));
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
      ["text", { x, y: py + 11 }, shortWord(name, 17)],
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
      ratio === null ? "–" : percent(ratio),
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
