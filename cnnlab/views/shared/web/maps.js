// Maps as images: one table of shades for all pixels, red above zero and blue below, or grey; pink is no number.

import { HOLE, colourOf } from "./colour.js";
import { set, svg } from "./dom.js";

export const MAP_SHADES = 256; // from the lowest to the highest value
const shadeTables = new Map();

// A colour as four bytes in the order of an image.
export const wordOf = ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

export function shadesOf(palette, dark) {
  const key = `${palette},${dark}`;
  if (!shadeTables.has(key)) {
    const value = (n) => (palette === "grey" ? n / MAP_SHADES : (2 * n) / MAP_SHADES - 1);
    const table = Uint32Array.from({ length: MAP_SHADES + 2 }, (_, n) =>
      wordOf(n > MAP_SHADES ? HOLE : colourOf(value(n), 1, palette, dark)),
    );
    shadeTables.set(key, table);
  }
  return shadeTables.get(key);
}

// The pixels of `values` between the ends [low, high] as an ImageData of that many rows and columns.
export function shaded(values, rows, columns, [low, high], palette, dark) {
  const table = shadesOf(palette, dark);
  const image = new ImageData(columns, rows);
  const words = new Uint32Array(image.data.buffer);
  const factor = MAP_SHADES / (high - low || 1);
  for (let n = 0; n < words.length; n++) {
    const shade = (values[n] - low) * factor + 0.5;
    words[n] =
      table[
        shade >= 0 ? (shade < MAP_SHADES ? shade | 0 : MAP_SHADES) : shade < 0 ? 0 : MAP_SHADES + 1
      ];
  }
  return image;
}

// A map in a box of the drawing. It has `rows` and `columns`; `find` tells the cell under a point.
export class MapImage {
  /** @param {import("./types.js").Box} box */
  constructor(parent, box, rows, columns, more = {}) {
    this.x = box.x;
    this.y = box.y;
    this.width = box.width;
    this.height = box.height;
    this.rows = rows;
    this.columns = columns;
    this.image = svg(
      "image",
      { ...box, preserveAspectRatio: "none", class: "pixels", ...more },
      parent,
    );
    this.frame = svg("rect", { ...box, class: "frame" }, parent);
    this.canvas = set(document.createElement("canvas"), { width: columns, height: rows });
    this.pen = this.canvas.getContext("2d");
  }

  paint(values, ends, palette, dark) {
    this.put(shaded(values, this.rows, this.columns, ends, palette, dark));
  }

  put(pixels) {
    this.pen.putImageData(pixels, 0, 0);
    this.image.setAttribute("href", this.canvas.toDataURL());
  }

  find(px, py) {
    const row = Math.floor(((py - this.y) * this.rows) / this.height);
    const column = Math.floor(((px - this.x) * this.columns) / this.width);
    return row >= 0 && row < this.rows && column >= 0 && column < this.columns
      ? { row, column }
      : null;
  }

  // The outline of a block of cells, not smaller than can be seen.
  outline(row, column, high = 1, wide = 1, least = 8) {
    const [cellHigh, cellWide] = [this.height / this.rows, this.width / this.columns];
    const [h, w] = [Math.max(high * cellHigh, least), Math.max(wide * cellWide, least)];
    const x = this.x + (column + wide / 2) * cellWide - w / 2;
    const y = this.y + (row + high / 2) * cellHigh - h / 2;
    return `M${x} ${y}h${w}v${h}h${-w}z`;
  }
}

// Red, green and blue maps (3, H, W) as one image.
export function coloured(values, rows, columns, [low, high]) {
  const image = new ImageData(columns, rows);
  const size = rows * columns;
  const share = 255 / (high - low || 1);
  for (let n = 0; n < size; n++) {
    for (let c = 0; c < 3; c++) image.data[4 * n + c] = (values[c * size + n] - low) * share;
    image.data[4 * n + 3] = 255;
  }
  return image;
}

// The ends of the colours of a map, by what shares a scale: the unit, the layer or the network.
export function endsOf(scene, node, scope, position = 0) {
  if (node === scene.nodes[0]) return scene.ends;
  const limit =
    scope === "network"
      ? scene.limit
      : scope === "layer"
        ? node.limit
        : (node.largest[position] ?? node.limit);
  return [-limit, limit];
}

// What is drawn in grey: the image itself; all else is signed.
export const paletteOf = (scene, node) => (node === scene.nodes[0] ? "grey" : "signed");
