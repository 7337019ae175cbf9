// Filters and maps as one image: tiles side by side, on one scale that is symmetric about zero.

import { set, setText, svg, unpack } from "../../shared/web/dom.js";
import { MAP_SHADES, shadesOf, wordOf } from "../../shared/web/maps.js";

const MOST_URLS = 500;
const HOLE_LEVEL = -128; // a level that means: no number

// The shade of each level from −127 to 127, and of the hole before them, as words of an image.
function shadesOfLevels(dark) {
  const table = shadesOf("signed", dark);
  return (level) =>
    table[level === HOLE_LEVEL ? MAP_SHADES + 1 : Math.round(((level + 127) * MAP_SHADES) / 254)];
}

export class TileImage {
  constructor(parent, box, name) {
    this.box = box;
    this.group = svg("g", { class: `tiles slice ${name}`, "data-tiles": name }, parent);
    this.title = svg("text", { x: box.x, y: box.y - 7, class: "slice-title" }, this.group);
    this.image = svg("image", { class: "pixels", preserveAspectRatio: "none" }, this.group);
    this.canvas = document.createElement("canvas");
    this.plan = null; // how the tiles are laid out
  }

  // found: {tiles: packed (K, C, h, w), limit, depth}, or null where there are none.
  paint(found, title, dark) {
    setText(this.title, title);
    this.plan = null;
    if (!found) return this.image.removeAttribute("href");
    const tiles = unpack(found.tiles);
    const coloured = tiles.shape[1] === 3 && found.depth === 3;
    const plan = tilePlan(tiles.shape, this.box, coloured);
    this.plan = plan;
    set(this.canvas, {
      width: plan.columns * (plan.w + plan.gap) - plan.gap,
      height: plan.rows * (plan.h + plan.gap) - plan.gap,
    });
    const pen = this.canvas.getContext("2d");
    const pixels = pen.createImageData(this.canvas.width, this.canvas.height);
    fillTiles(pixels, tiles, plan, coloured, shadesOfLevels(dark));
    pen.putImageData(pixels, 0, 0);
    const size = { width: this.canvas.width * plan.scale, height: this.canvas.height * plan.scale };
    set(this.image, { x: this.box.x, y: this.box.y, ...size, href: this.canvas.toDataURL() });
  }

  // The tile {k, c} under a point of the drawing: filter or map k, and its slice c; or null.
  find(px, py) {
    if (!this.plan) return null;
    const { K, C, h, w, gap, columns, rows, slices, scale } = this.plan;
    const column = Math.floor((px - this.box.x) / (scale * (w + gap)));
    const row = Math.floor((py - this.box.y) / (scale * (h + gap)));
    if (row < 0 || column < 0 || row >= rows || column >= columns) return null;
    if (slices) return column < K && row < C ? { k: column, c: row } : null;
    return row * columns + column < K ? { k: row * columns + column, c: 0 } : null;
  }
}

// How tiles are laid out in a box: a filter with depth is a column of its slices; others fill rows.
export function tilePlan([K, C, h, w], { width, height }, coloured) {
  const gap = Math.max(1, Math.round(Math.min(h, w) / 8));
  const scaleOf = (columns, rows) =>
    Math.min(width / (columns * (w + gap) - gap), height / (rows * (h + gap) - gap));
  if (C > 1 && !coloured)
    return {
      K,
      C,
      h,
      w,
      gap,
      columns: K,
      rows: C,
      slices: true,
      scale: Math.min(12, scaleOf(K, C)),
    };
  const best = Array.from({ length: K }, (_, n) => n + 1)
    .map((columns) => ({ columns, rows: Math.ceil(K / columns) }))
    .reduce((a, b) => (scaleOf(b.columns, b.rows) > scaleOf(a.columns, a.rows) ? b : a));
  return {
    K,
    C,
    h,
    w,
    gap,
    ...best,
    slices: false,
    scale: Math.min(16, scaleOf(best.columns, best.rows)),
  };
}

function fillTiles(pixels, tiles, { K, C, h, w, gap, columns, slices }, coloured, shade) {
  const { values } = tiles;
  const words = new Uint32Array(pixels.data.buffer);
  const depth = coloured ? 1 : C;
  for (let k = 0; k < K; k++)
    for (let c = 0; c < depth; c++) {
      const [column, row] = slices ? [k, c] : [k % columns, Math.floor(k / columns)];
      for (let n = 0; n < h * w; n++) {
        const at = (channel) => values[(k * C + channel) * h * w + n];
        const colour = coloured ? wordOf([at(0) + 128, at(1) + 128, at(2) + 128]) : shade(at(c));
        const px = column * (w + gap) + (n % w);
        const py = row * (h + gap) + Math.floor(n / w);
        words[py * pixels.width + px] = colour;
      }
    }
}

// Images as they are, values 0 to 255, grey or in colour; each is made once.
export class Album {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.urls = new Map();
  }

  // The address of image `number` of the data, which is the n-th of those that came.
  url(number, images, n) {
    if (this.urls.size > MOST_URLS) this.urls.clear();
    if (!this.urls.has(number)) this.urls.set(number, imageUrl(this.canvas, images, n));
    return this.urls.get(number);
  }
}

function imageUrl(canvas, images, n) {
  const [, H, W, C] = images.shape;
  set(canvas, { width: W, height: H });
  const pen = canvas.getContext("2d");
  const pixels = pen.createImageData(W, H);
  for (let p = 0; p < H * W; p++) {
    const at = (c) => images.values[(n * H * W + p) * C + Math.min(c, C - 1)];
    pixels.data.set([at(0), at(C < 3 ? 0 : 1), at(C < 3 ? 0 : 2), 255], 4 * p);
  }
  pen.putImageData(pixels, 0, 0);
  return canvas.toDataURL();
}
