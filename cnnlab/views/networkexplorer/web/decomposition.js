// The drawing of a decomposed unit: what it reads at the left, in a row for each part its weights and what the part
// gives; all meet at a plus with the bias, and make the map at the right. For any place in it, the numbers.

import { absMax, clamp, set, svg } from "../../shared/web/dom.js";
import { DECOMPOSED, DecompositionElements } from "./decomposition_elements.js";
import { decoded, nearestOutput, strongestAt } from "./parts.js";
import { kindWords, layerWords } from "./words.js";
import { endsOf, paletteOf } from "../../shared/web/maps.js";
import { paintSums } from "./sums.js";
import { printed } from "./terms.js";
import { colourOf, css, inkOn, legend } from "../../shared/web/colour.js";
import { paintFormula } from "./formula.js";

export class DecompositionDrawing extends DecompositionElements {
  hide() {
    this.u = null;
    this.group.replaceChildren();
  }

  show(packed, scene, place, from = null) {
    this.u = decoded(packed, scene);
    this.scene = scene;
    this.page = 0;
    this.order = strongestAt(this.u, place, DECOMPOSED.rows);
    this.draw(place);
    if (from) this.fly(from);
  }

  // The next page of parts, where they are too many for a row each.
  turn(by, place) {
    if (!this.order || this.order.length <= DECOMPOSED.rows) return;
    const pages = Math.ceil(this.order.length / DECOMPOSED.rows);
    this.page = (this.page + by + pages) % pages;
    this.draw(place);
  }

  draw(place) {
    this.spots = [];
    this.focus = null; // the part whose window is written out
    this.productLimit = null;
    this.group.replaceChildren();
    svg("text", { x: 8, y: 18, class: "decomposition-title" }, this.group, this.titleWords());
    this.wires = svg("g", { class: "wires" }, this.group);
    this.body = svg("g", {}, this.group);
    if (this.u.rule === "sum") this.buildSum();
    else this.buildSingle();
    this.marks = ["mark-back", "mark-front"].map((kind) =>
      svg("path", { class: `mark ${kind} place` }, this.group),
    );
    this.ledger = svg("g", { class: "ledger" }, this.group);
    this.colour();
    this.paint(place);
  }

  titleWords() {
    const {
      u,
      scene,
      drawing: { say },
    } = this;
    const node = scene.nodes[u.node];
    const chain = [u.node, ...u.then.map((step) => step.node)];
    const words = {
      layers: layerWords(say, scene, chain),
      kind: kindWords(say, scene, chain),
      size: node.size,
    };
    return say("networkexplorer.decomposed", { unit: u.unit, of: node.shape.at(-1), ...words });
  }

  // Over the numbers: the place they belong to, or what they show where there is only one.
  headWords(i, j) {
    const {
      u,
      isNumber,
      drawing: { say, model },
    } = this;
    if (!isNumber)
      return say(
        model.get("place").length ? "networkexplorer.place_kept" : "networkexplorer.place",
        { i, j },
      );
    if (u.rule === "sum") return say("networkexplorer.all_of_it");
    return say(u.hands_on ? "networkexplorer.whence" : "networkexplorer.how");
  }

  // The maps come from where they stood among all layers, and the rest appears.
  fly(boxOf) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    const { u, scene, result, rows } = this;
    const from = (n, unit) =>
      boxOf(n, scene.nodes[n].flat ? unit : scene.nodes[n].units.indexOf(unit));
    const maps = [
      [result, from(u.node, u.unit)],
      ...rows.map((row) => [row.x, from(u.sources[row.p], u.units[row.p])]),
    ];
    for (const [map, box] of maps) if (box) flight(map, box);
    this.group.animate([{ opacity: 0.2 }, { opacity: 1 }], {
      duration: FLIGHT,
      easing: "ease-out",
    });
  }

  // The colours of all maps, which stay while a place is looked at.
  colour() {
    const { u, scene, drawing, rows } = this;
    const { dark, scope } = drawing;
    const sums = u.rule === "sum" ? [...(u.y?.values ?? []), ...u.result.values] : u.result.values;
    this.limits = { y: absMax(sums), w: u.w ? absMax(u.w.values) : 1 };
    const node = scene.nodes[u.node];
    const own =
      u.rule === "sum" ? this.limits.y : endsOf(scene, node, scope, node.units.indexOf(u.unit))[1];
    for (const row of rows) {
      const source = scene.nodes[u.sources[row.p]];
      row.x.paint(
        u.maps[row.p],
        endsOf(scene, source, scope, source.units.indexOf(u.units[row.p])),
        paletteOf(scene, source),
        dark,
      );
      if (row.each) this.colourEach(row, dark);
    }
    this.result.paint(u.result.values, [-own, own], "signed", dark);
    for (const { map, y } of this.thens) map.paint(y.values, [-own, own], "signed", dark);
    if (this.isNumber) this.digit(own, dark);
    this.scales();
  }

  digit(limit, dark) {
    const { x, y, width, height } = this.result;
    const value = this.u.result.values[0];
    const word = svg(
      "text",
      { x: x + width / 2, y: y + height / 2 + 7, class: "number", "text-anchor": "middle" },
      this.body,
      printed(value),
    );
    const rgb = colourOf(value, limit, "signed", dark);
    this.result.frame.style.fill = css(rgb);
    word.style.fill = inkOn(rgb);
  }

  colourEach(row, dark) {
    const { u, limits } = this;
    const cells = row.each.rows * row.each.columns;
    const products = () =>
      Float64Array.from(u.maps[row.p], (value, n) => value * u.w.values[row.p * cells + n]);
    const values = this.wholeWindow
      ? products()
      : u.y.values.subarray(row.p * cells, (row.p + 1) * cells);
    const limit = this.wholeWindow
      ? (this.productLimit ??= absMax(
          this.rows.flatMap(({ p }) =>
            Array.from(u.maps[p], (value, n) => value * u.w.values[p * cells + n]),
          ),
        ))
      : limits.y;
    row.each.paint(values, [-limit, limit], "signed", dark);
  }

  scales() {
    const { u, drawing, limits, scene } = this;
    const { parts, dark, say } = drawing;
    parts.scales.replaceChildren();
    const source = scene.nodes[u.sources[0]];
    const ends = endsOf(scene, source, drawing.scope, source.units.indexOf(u.units[0]));
    legend(
      parts.scales,
      say("networkexplorer.scale_maps"),
      ends[1],
      paletteOf(scene, source),
      dark,
    );
    if (u.w) legend(parts.scales, say("networkexplorer.scale_weights"), limits.w, "signed", dark);
    if (u.rule === "sum")
      legend(parts.scales, say("networkexplorer.scale_sums"), limits.y, "signed", dark);
  }

  // Show the numbers of a place of the result; `focus` is the part whose window is written out.
  paint(place, focus = this.focus) {
    const { u } = this;
    const [i, j] = [0, 1].map((axis) => clamp(place[axis], 0, u.out[axis] - 1));
    this.place = [i, j];
    this.focus = focus;
    this.markPlace(i, j);
    if (u.rule === "sum") paintSums(this, i, j);
    else paintFormula(this, i, j);
  }

  // The window in every map that is read, and the place in every map that is made.
  markPlace(i, j) {
    const read = this.wholeWindow ? [] : this.rows.flatMap((row) => this.readOutlines(row, i, j));
    const made = [this.result, ...this.thens.map((step) => step.map)].map((map) =>
      map.outline(i, j),
    );
    for (const path of this.marks) path.setAttribute("d", [...read, ...made].join(""));
    for (const row of this.rows) if (row.w) this.paintWeights(row, i, j);
  }

  readOutlines(row, i, j) {
    const down = this.u.rows[i] ?? [];
    const across = this.u.columns[j] ?? [];
    const outlines = [];
    if (down.length && across.length) outlines.push(this.window(row, down, across));
    if (row.each) outlines.push(row.each.outline(i, j));
    return outlines;
  }

  window(row, down, across) {
    const [top, left] = [down[0][0], across[0][0]];
    const [high, wide] = [down.at(-1)[0] - top + 1, across.at(-1)[0] - left + 1];
    const { x } = row;
    const [cellHigh, cellWide] = [x.height / x.rows, x.width / x.columns];
    row.lines?.forEach((line, n) =>
      set(line, {
        x1: x.x + (left + wide) * cellWide,
        y1: x.y + (top + n * high) * cellHigh,
        x2: row.w.x,
        y2: row.w.y + n * row.w.height,
      }),
    );
    return x.outline(top, left, high, wide);
  }

  // The weights of a row: one slice for all places, or, where they are not shared, another for each.
  paintWeights(row, i, j) {
    const { w } = this.u;
    const size = row.w.rows * row.w.columns;
    const local = w.shape.length === 5;
    if (row.painted && !local) return;
    const [, OH, OW] = w.shape;
    const slice = local ? (row.p * OH + i) * OW + j : row.p;
    const weights = w.values.subarray(slice * size, (slice + 1) * size);
    const limit = this.limits.w;
    row.w.paint(weights, [-limit, limit], "signed", this.drawing.dark);
    row.painted = true;
  }

  // What lies under a point: {place, part} or null. A row answers over all its width, its number too.
  find(x, y) {
    for (const { map, kind, part } of this.spots) {
      const at = map.find(x, y);
      if (!at) continue;
      if (kind === "w" || (kind !== "result" && this.wholeWindow))
        return { place: this.place, part };
      if (kind === "x")
        return {
          place: [nearestOutput(this.u.rows, at.row), nearestOutput(this.u.columns, at.column)],
          part,
        };
      return { place: [at.row, at.column], part };
    }
    const band = this.bands.find(
      ({ y: middle }) => x < this.wide && Math.abs(y - middle) <= this.step / 2,
    );
    return band ? { place: this.place, part: band.part } : null;
  }
}

const FLIGHT = 380; // milliseconds

function flight({ image, frame, x, y, width, height }, from) {
  const start = `translate(${from.x - x}px, ${from.y - y}px) scale(${from.width / width}, ${from.height / height})`;
  for (const element of [image, frame]) {
    element.style.transformOrigin = `${x}px ${y}px`;
    element.animate([{ transform: start }, { transform: "none" }], {
      duration: FLIGHT,
      easing: "ease-in-out",
    });
  }
}
