// Images as pixels: a drawn canvas, the colours of values, and one table of shades for all pixels of a map.

import { colourOf } from "../../shared/web/colour.js";
import { clamp, set, svg } from "../../shared/web/dom.js";

export const CHANNELS = ["red", "green", "blue"];
const NO_PADDING = [
  [0, 0],
  [0, 0],
];

// An image of H x W pixels, each `scale` units a side, with the padding around it hatched.
export class Pixels {
  constructor(parent, { x, y, H, W, scale, title, pads = NO_PADDING }) {
    this.x = x;
    this.y = y;
    this.H = H;
    this.W = W;
    this.scale = scale;
    const [[top, bottom], [left, right]] = pads;
    const group = svg("g", { class: "slice" }, parent);
    const corner = { x: x - left * scale, y: y - top * scale };
    svg("text", { x: corner.x, y: corner.y - 6, class: "slice-title" }, group, title);
    const around = {
      ...corner,
      width: (left + W + right) * scale,
      height: (top + H + bottom) * scale,
    };
    if (top + bottom + left + right) svg("rect", { ...around, class: "padding" }, group);
    const size = { x, y, width: W * scale, height: H * scale };
    this.image = svg("image", { ...size, preserveAspectRatio: "none", class: "pixels" }, group);
    svg("rect", { ...size, class: "frame" }, group);
    this.canvas = document.createElement("canvas");
    set(this.canvas, { width: W, height: H });
  }

  // rgba: four bytes for each pixel, row by row.
  paint(rgba) {
    this.canvas.getContext("2d").putImageData(new ImageData(rgba, this.W, this.H), 0, 0);
    this.image.setAttribute("href", this.canvas.toDataURL());
  }

  // The pixel under a point of the drawing, or null.
  find(px, py) {
    const row = Math.floor((py - this.y) / this.scale);
    const column = Math.floor((px - this.x) / this.scale);
    return row >= 0 && row < this.H && column >= 0 && column < this.W ? { row, column } : null;
  }
}

// The bytes of an array (H, W, 1 or 3), its values decoded: from 0 to the limit in grey or colour, or signed, one channel
// in red and blue, three around a middle grey.
export function colourPixels({ shape, values }, decode, limit, signed, dark) {
  const [H, W, C] = shape;
  const rgba = new Uint8ClampedArray(4 * H * W).fill(255);
  if (C === 1) return paintScale(rgba, values, decode, limit, signed ? "signed" : "grey", dark);
  const zero = signed ? 127.5 : 0;
  const share = (signed ? 127.5 : 255) / limit;
  for (let n = 0; n < H * W; n++)
    for (let c = 0; c < 3; c++) rgba[4 * n + c] = zero + share * decode(values[3 * n + c]);
  return rgba;
}

const SHADES = 256; // on each side of zero: colours are mixed once, not once a pixel

function paintScale(rgba, values, decode, limit, palette, dark) {
  const shades = Array.from({ length: 2 * SHADES + 1 }, (_, n) =>
    colourOf(limit * (n / SHADES - 1), limit, palette, dark),
  );
  values.forEach((value, n) => {
    const share = clamp(decode(value) / limit, -1, 1);
    rgba.set(shades[Math.round(SHADES * (1 + share))] ?? shades[SHADES], 4 * n);
  });
  return rgba;
}
