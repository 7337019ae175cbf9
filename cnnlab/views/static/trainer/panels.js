// The table of layers, the pictures with their scores, and the confusion matrix.

const LIGHTS_SHOWN = 32;

// A row for each layer with weights: by how much it changes in a step, and a light for each filter, crossed if dead.
class LayerTable {
  constructor(parent, say) {
    this.say = say;
    const { x, y, name, ratio } = TRAINER.table;
    this.group = svg("g", { class: "layer-table" }, parent);
    this.title = svg("text", { x, y: y - 14, class: "slice-title" }, this.group);
    svg("text", { x: x + name, y: y - 14, class: "small" }, this.group, say("trainer.change"));
    svg("text", { x: x + name + ratio + 12, y: y - 14, class: "small" }, this.group, say("trainer.lights"));
    this.rows = svg("g", {}, this.group);
  }

  paint(table) {
    this.rows.replaceChildren();
    const { most } = TRAINER.table;
    const shown = table.length > most ? [...table.slice(0, most - 1), table.at(-1)] : table;
    const part = { shown: shown.length, count: table.length };
    this.title.textContent = shown === table ? this.say("trainer.layers") : this.say("trainer.layers_part", part);
    shown.forEach((row, n) => this.row(row, n));
  }

  row({ name, gradient, ratio, dead }, n) {
    const { x, y, row, name: wide, ratio: bar } = TRAINER.table;
    const py = y + n * row;
    const group = svg("g", { "data-layer": name }, this.rows);
    svg("text", { x, y: py + 11 }, group, short(name, 17));
    const across = (value) => ((Math.log(clamp(value, ...CHANGES)) - Math.log(CHANGES[0])) / Math.log(CHANGES[1] / CHANGES[0])) * bar;
    svg("rect", { x: x + wide, y: py, width: bar, height: 13, class: "scale" }, group);
    const [low, high] = GOOD_CHANGE.map(across);
    svg("rect", { x: x + wide + low, y: py, width: high - low, height: 13, class: "good-change" }, group);
    if (ratio !== null) {
      svg("rect", { x: x + wide + across(ratio) - 2, y: py - 2, width: 4, height: 17, class: "change" }, group);
      svg("title", {}, group, this.say("trainer.row", { name, gradient: number(gradient), ratio: ratio.toExponential(1) }));
    }
    if (dead) this.lights(group, dead, x + wide + bar + 12, py);
  }

  lights(group, dead, x, y) {
    dead.slice(0, LIGHTS_SHOWN).forEach((isDead, k) => {
      const at = { x: x + (k % 16) * 6.8, y: y + Math.floor(k / 16) * 8, width: 5.6, height: dead.length > 16 ? 6.5 : 12 };
      svg("rect", { ...at, class: isDead ? "light dead" : "light", "data-dead": String(isDead) }, group);
    });
    const count = dead.filter(Boolean).length;
    if (count) svg("text", { x: x + Math.min(dead.length, 16) * 6.8 + 4, y: y + 11, class: "small bad-word" }, group, this.say("trainer.dead", { count }));
  }
}

// Eight pictures, each with the classes the net finds likeliest; the true one is green.
class Samples {
  constructor(parent, say) {
    Object.assign(this, { say, canvas: document.createElement("canvas") });
    this.group = svg("g", { class: "samples" }, parent);
    this.title = svg("text", { x: TRAINER.right.x, y: TRAINER.right.y - 7, class: "slice-title" }, this.group);
    this.body = svg("g", {}, this.group);
  }

  paint(seen, classes, chosen) {
    const pictures = unpack(seen.pictures);
    this.title.textContent = seen.cell ? this.words(seen.cell, classes) : this.say("trainer.samples");
    this.body.replaceChildren();
    seen.answers.slice(1).forEach((answer, n) => this.sample(answer, n, pictureUrl(this.canvas, pictures, n + 1), classes, answer.n === chosen));
  }

  // Which confusion is shown, and which of its pictures.
  words({ truth, answer, first, of }, classes) {
    const said = { truth: classes[truth], answer: classes[answer], first: first + 1, last: Math.min(first + 8, of), of };
    return this.say(of ? "trainer.cell" : "trainer.no_cell", said);
  }

  sample({ n: number, truth, best }, n, href, classes, chosen) {
    const { x, y, width, height } = TRAINER.right;
    const [px, py, side] = [x + (n % 2) * (width / 2 + 4), y + 2 + Math.floor(n / 2) * (height / 4), 64];
    const group = svg("g", { class: "sample", "data-picture": number, transform: `translate(${px},${py})` }, this.body);
    svg("rect", { width: width / 2 - 8, height: side, class: "hit" }, group);
    svg("image", { width: side, height: side, href, class: "pixels" }, group);
    svg("rect", { width: side, height: side, class: chosen ? "frame chosen" : "frame" }, group);
    scoreBars(group, { x: side + 6, width: width / 2 - side - 10, row: 22 }, { truth, best }, classes);
  }
}

// Bars of the best classes, with the truth below if it is not among them.
function scoreBars(group, { x, width, row }, { truth, best }, classes) {
  best.forEach(([k, share], n) => {
    const kind = k === truth ? "right" : "wrong";
    svg("rect", { x, y: n * row, width: Math.max(1, width * share), height: row - 4, class: `score ${kind}` }, group);
    svg("text", { x: x + 3, y: n * row + row / 2 + 2, class: "score-word small" }, group, short(classes[k], width / 8.4));
  });
}

const short = (word, most) => (word.length <= most ? word : `${word.slice(0, Math.max(1, Math.floor(most) - 1))}…`);

// Rows are the truth, columns what the net said; a click shows the pictures of a cell.
class Confusion {
  constructor(parent, say) {
    this.say = say;
    this.group = svg("g", { class: "confusion" }, parent);
    svg("text", { x: TRAINER.right.x, y: TRAINER.right.y - 7, class: "slice-title" }, this.group, say("trainer.matrix"));
    this.body = svg("g", {}, this.group);
  }

  plan(K) {
    const { x, y, width, height } = TRAINER.right;
    const side = Math.min((width - 118) / K, (height - 90) / K, 40);
    return { side, left: x + 86, top: y + 84 };
  }

  paint(packed, classes, cell, dark) {
    const counts = unpack(packed);
    const [K] = counts.shape;
    const { side, left, top } = (this.at = { ...this.plan(K), K });
    const limit = reach(counts.values);
    this.body.replaceChildren();
    for (let k = 0; k < K && side > 11; k++) {
      svg("text", { x: left - 5, y: top + (k + 0.5) * side + 4, class: "small", "text-anchor": "end" }, this.body, short(classes[k], 11));
      const turned = `translate(${left + (k + 0.5) * side + 4},${top - 5}) rotate(-60)`;
      svg("text", { transform: turned, class: "small" }, this.body, short(classes[k], 11));
    }
    for (let row = 0; row < K; row++)
      for (let column = 0; column < K; column++) this.cell(counts.at(row, column), row, column, limit, dark);
    const [row, column] = cell;
    if (cell.length) svg("rect", { x: left + column * side, y: top + row * side, width: side, height: side, class: "chosen-cell" }, this.body);
  }

  cell(count, row, column, limit, dark) {
    const { side, left, top } = this.at;
    // Errors are red, right answers blue, both by their number.
    const rgb = colourOf(row === column ? -count : count, row === column ? limit : limit / 3, "signed", dark);
    const at = { x: left + column * side, y: top + row * side };
    svg("rect", { ...at, width: side, height: side, class: "cell", style: `fill: ${css(rgb)}`, "data-cell": `${row},${column}` }, this.body);
    if (!count || side < 15) return;
    const size = Math.min(14, side * (count > 99 ? 0.46 : 0.56));
    const text = svg("text", { x: at.x + side / 2, y: at.y + side / 2, class: "digit", style: `font-size: ${size}px` }, this.body, count);
    text.style.fill = inkOn(rgb);
  }

  // The cell [truth, answer] under a point, or null.
  find(px, py) {
    if (!this.at) return null;
    const [row, column] = [(py - this.at.top) / this.at.side, (px - this.at.left) / this.at.side].map(Math.floor);
    return row >= 0 && column >= 0 && row < this.at.K && column < this.at.K ? [row, column] : null;
  }
}
