// A unit unfolded: what it reads at the left, in a row for each part its weights and what the part gives; all meet at a
// plus with the bias, and make the map at the right. For any place in it, the numbers.

import { absMax, clamp, set, svg, unpack } from "../../shared/web/dom.js";
import { UNFOLD, UnfoldDrawing } from "./build.js";
import { kindWords, layerWords } from "./words.js";
import { endsOf, paletteOf } from "../../shared/web/maps.js";
import { paintSums, printed } from "./terms.js";
import { colourOf, css, inkOn, legend } from "../../shared/web/colour.js";
import { paintFormula } from "./steps.js";

// The arrays of an unfolding, as functions of places; maps that the scene holds are not sent again.
function decoded(unfolding, scene) {
  const arrays = {};
  for (const name of ["x", "y", "w", "bias", "rest", "result", "divisors", "scale"])
    if (unfolding[name]) arrays[name] = unpack(unfolding[name]);
  const size = arrays.x?.shape.slice(1) ?? scene.nodes[unfolding.sources[0]].shape.slice(0, 2);
  const cells = size[0] * size[1];
  const part = (values, p) => values.subarray(p * cells, (p + 1) * cells);
  const ofScene = (p) => {
    const node = scene.nodes[unfolding.sources[p]];
    return part(node.values.values, node.units.indexOf(unfolding.units[p]));
  };
  const maps = unfolding.units.map((_, p) => (arrays.x ? part(arrays.x.values, p) : ofScene(p)));
  const then = unfolding.then.map((step) => ({
    ...step,
    y: unpack(step.y),
    scale: step.scale && unpack(step.scale),
  }));
  return { ...unfolding, ...arrays, then, size, maps, out: arrays.result.shape };
}

export class Unfold extends UnfoldDrawing {
  hide() {
    this.u = null;
    this.group.replaceChildren();
  }

  show(unfolding, scene, place, from = null) {
    this.u = decoded(unfolding, scene);
    Object.assign(this, { scene, page: 0, order: strongestAt(this.u, place) });
    this.draw(place);
    if (from) this.fly(from);
  }

  // The next page of parts, where they are too many for a row each.
  turn(by, place) {
    if (!this.order || this.order.length <= UNFOLD.rows) return;
    const pages = Math.ceil(this.order.length / UNFOLD.rows);
    this.page = (this.page + by + pages) % pages;
    this.draw(place);
  }

  draw(place) {
    Object.assign(this, { spots: [], focus: null, productLimit: null });
    this.group.replaceChildren();
    svg("text", { x: 8, y: 18, class: "unfold-title" }, this.group, this.titleWords());
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
      picture: { say },
    } = this;
    const node = scene.nodes[u.node];
    const chain = [u.node, ...u.then.map((step) => step.node)];
    const words = {
      layers: layerWords(say, scene, chain),
      kind: kindWords(say, scene, chain),
      size: node.size,
    };
    return say("networkexplorer.unfolded", { unit: u.unit, of: node.shape.at(-1), ...words });
  }

  // Over the numbers: the place they belong to, or what they show where there is only one.
  headWords(i, j) {
    const {
      u,
      isNumber,
      picture: { say, model },
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
    const { u, scene, picture, rows } = this;
    const { dark, scope } = picture;
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
    const { u, picture, limits, scene } = this;
    const { parts, dark, say } = picture;
    parts.scales.replaceChildren();
    const source = scene.nodes[u.sources[0]];
    const ends = endsOf(scene, source, picture.scope, source.units.indexOf(u.units[0]));
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
    const { u, rows } = this;
    const outlines = [];
    const [down, across] = [u.rows[i] ?? [], u.columns[j] ?? []];
    for (const row of rows) {
      if (down.length && across.length && !this.wholeWindow)
        outlines.push(this.window(row, down, across));
      if (row.each && !this.wholeWindow) outlines.push(row.each.outline(i, j));
      if (row.w && u.w.shape.length === 5) this.localSlice(row, i, j);
    }
    for (const map of [this.result, ...this.thens.map((step) => step.map)])
      outlines.push(map.outline(i, j));
    for (const path of this.marks) path.setAttribute("d", outlines.join(""));
    rows.forEach((row) => row.w && u.w.shape.length === 3 && !row.painted && this.slice(row));
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

  slice(row) {
    const size = row.w.rows * row.w.columns;
    row.w.paint(
      this.u.w.values.subarray(row.p * size, (row.p + 1) * size),
      [-this.limits.w, this.limits.w],
      "signed",
      this.picture.dark,
    );
    row.painted = true;
  }

  localSlice(row, i, j) {
    const size = row.w.rows * row.w.columns;
    const [, OH, OW] = this.u.w.shape;
    const at = ((row.p * OH + i) * OW + j) * size;
    row.w.paint(
      this.u.w.values.subarray(at, at + size),
      [-this.limits.w, this.limits.w],
      "signed",
      this.picture.dark,
    );
  }

  // What lies under a point: {place, part} or null. A row answers over all its width, its number too.
  find(x, y) {
    for (const { map, kind, part } of this.spots) {
      const at = map.find(x, y);
      if (!at) continue;
      if (kind === "w" || (kind !== "result" && this.wholeWindow))
        return { place: this.place, part };
      if (kind === "x")
        return { place: [nearest(this.u.rows, at.row), nearest(this.u.columns, at.column)], part };
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

// The output whose window lies nearest to a place of the input.
function nearest(windows, at) {
  const far = windows.map((pairs) =>
    pairs.length ? Math.abs((pairs[0][0] + pairs.at(-1)[0]) / 2 - at) : Infinity,
  );
  return Math.max(0, far.indexOf(Math.min(...far)));
}

// The parts in the order of the rows: all in their own order, or of very many the strongest at the place first.
function strongestAt(u, [i, j]) {
  const order = u.units.map((_, p) => p);
  if (u.rule !== "sum" || order.length <= UNFOLD.rows) return order;
  const size = (p) => Math.abs(u.y.at(p, Math.min(i, u.out[0] - 1), Math.min(j, u.out[1] - 1)));
  return order.sort((a, b) => size(b) - size(a) || a - b);
}
