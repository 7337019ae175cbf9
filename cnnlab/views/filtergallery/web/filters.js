// The FilterGallery's drawing: the filters of a page, and of the chosen one its slices with their numbers.

import { GalleryDrawing } from "../../galleries/web/drawing.js";
import { cellGrid } from "../../galleries/web/tiles.js";
import { colourOf } from "../../shared/web/colour.js";
import { number, svg, unpack } from "../../shared/web/dom.js";
import { coloured, MapImage } from "../../shared/web/maps.js";

const FILTERS = {
  width: 1180,
  height: 478,
  tiles: { x: 2, y: 28, width: 660, height: 442 },
  patches: { x: 680, y: 230, width: 498, height: 244 },
  columns: 5,
  large: { x: 680, y: 28 },
};

export class FiltersDrawing extends GalleryDrawing {
  constructor(parts, model) {
    super(parts, model, FILTERS);
    /** @type {any[]} */
    this.spots = []; // the slices that are shown large
  }

  unpacked(packed) {
    return { stats: unpack(packed.stats) };
  }

  // The chosen filter: in colour where it reads colours, then slice by slice.
  paintLarge() {
    const { detail, large, dark, say } = this;
    const slices = unpack(detail.slices);
    const [, h, w] = slices.shape;
    const { x, y } = FILTERS.large;
    const { cell, across } = detail;
    large.replaceChildren();
    this.spots = [];
    svg("text", { x, y: y - 9, class: "head" }, large, detail.heading);
    const limit = this.limitOfLarge();
    const place = (n) => ({
      x: x + (n % across) * (w * cell + 12),
      y: y + 18 + Math.floor(n / across) * (h * cell + 22),
      rows: h,
      columns: w,
      cell,
    });
    const title = (at, words) =>
      svg("text", { x: at.x, y: at.y - 5, class: "slice-name" }, large, words);
    if (detail.coloured) this.colourTile(place(0), slices, limit, title);
    detail.channels.forEach((c, n) => {
      const at = place(n + detail.coloured);
      title(at, w * cell < 70 ? String(c) : say("filtergallery.channel", { c }));
      cellGrid(large, at, (r, column) => slices.at(n, r, column), limit, dark);
      svg("rect", { x: at.x, y: at.y, width: w * cell, height: h * cell, class: "frame" }, large);
      this.spots.push({ ...at, channel: c, value: (r, column) => slices.at(n, r, column) });
    });
    if (detail.patch) this.atBest(place(0));
  }

  // The filter times its best patch, cell by cell, and what comes of it.
  atBest({ x, y, rows, columns, cell }) {
    const { detail, large, say, dark } = this;
    const wide = columns * cell;
    const high = rows * cell;
    const middle = y + high / 2;
    const left = x + wide + 34;
    const patch = unpack(detail.patch);
    const [low, end] = detail.bounds;
    const grey = (value) => colourOf((value - low) / (end - low || 1), 1, "grey", dark);
    const sign = { x: left - 17, y: middle + 7, class: "sign", "text-anchor": "middle" };
    svg("text", sign, large, "×");
    const name = { x: left, y: y - 5, class: "slice-name" };
    svg("text", name, large, say("filtergallery.best_patch"));
    const box = { x: left, y, rows, columns, cell };
    cellGrid(large, box, (r, c) => patch.at(r, c), 1, dark, grey);
    svg("rect", { x: left, y, width: wide, height: high, class: "frame" }, large);
    this.outcome(left + wide + 16, middle - 16);
  }

  // The sum of the products, the bias, and the total.
  outcome(x, y) {
    const { detail, large, say } = this;
    const [sum, bias, total] = unpack(detail.terms).values;
    const line = (n, kind, key, value) =>
      svg("text", { x, y: y + 24 * n, class: kind }, large, say(key, { value }));
    line(0, "outcome", "filtergallery.sum", number(sum, 4));
    const addend = bias < 0 ? `(${number(bias, 4)})` : number(bias, 4);
    line(1, "outcome", "filtergallery.plus_bias", addend);
    line(2, "outcome total", "filtergallery.total", number(total, 4));
  }

  // The patches begin below the slices.
  showPatches() {
    if (!this.detail) return;
    const { slices, cell, across } = this.detail;
    const [count, h] = slices.shape;
    const lines = Math.ceil((count + this.detail.coloured) / across);
    const bottom = FILTERS.large.y + lines * (h * cell + 22);
    const top = Math.max(FILTERS.patches.y, bottom + 30);
    this.patches.show(this.detail, this.model.get("whole"), top);
  }

  colourTile(at, slices, limit, title) {
    const [, h, w] = slices.shape;
    title(at, this.say("filtergallery.in_colour"));
    const map = new MapImage(
      this.large,
      { x: at.x, y: at.y, width: w * at.cell, height: h * at.cell },
      h,
      w,
    );
    map.put(coloured(slices.values, h, w, [-limit, limit]));
  }

  // A weight of the filter shown large under a point, or one of a tile.
  find(px, py) {
    for (const { x, y, rows, columns, cell, channel, value } of this.spots) {
      const [row, column] = [Math.floor((py - y) / cell), Math.floor((px - x) / cell)];
      if (row >= 0 && row < rows && column >= 0 && column < columns)
        return {
          n: this.scene.units.indexOf(this.detail.unit),
          unit: this.detail.unit,
          slice: channel,
          row,
          column,
          value: value(row, column),
        };
    }
    return this.tiles.find(px, py);
  }

  // Words for what is pointed at; its numbers are kept where they can be read.
  hover(at) {
    const { svgElement } = this.parts;
    if (!at) return void (svgElement.dataset.lit = "");
    const { n, unit, slice, row, column } = at;
    const [norm, mean, bias] = [0, 1, 2].map((part) =>
      n < 0 ? NaN : this.scene.stats.at(n, part),
    );
    const value =
      at.value ??
      (slice === undefined || this.scene.coloured
        ? undefined
        : this.scene.tiles.at(n, slice, row, column));
    svgElement.dataset.lit = JSON.stringify({ unit, norm, mean, bias, slice, row, column, value });
    const numbers = { unit, norm: number(norm), mean: number(mean), bias: number(bias) };
    const line = this.say(
      Number.isNaN(bias) ? "filtergallery.unit_no_bias" : "filtergallery.unit",
      numbers,
    );
    const weight =
      value === undefined
        ? ""
        : this.say("filtergallery.weight", {
            unit,
            c: slice,
            i: row,
            j: column,
            value: number(value),
          });
    const mark = n < 0 ? "" : this.scene.marks[n];
    return [n < 0 ? "" : line, weight, mark ? this.say(`filtergallery.is_${mark}`) : ""]
      .join(" ")
      .trim();
  }
}
