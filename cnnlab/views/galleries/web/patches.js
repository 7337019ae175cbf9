// What excites a unit most: patches of the data with their values, or the whole images with the field outlined.

import { clamp, number, set, shortWord, svg, unpack } from "../../shared/web/dom.js";

const PATCH = { gap: 10, words: 34 }; // between patches; for the two lines below

export class Patches {
  constructor(parent, box, columns, say) {
    this.box = box;
    this.columns = columns;
    this.say = say;
    this.found = null; // what is shown, unpacked
    this.places = []; // where
    this.group = svg("g", { class: "patches" }, parent);
    this.canvas = document.createElement("canvas");
  }

  // found: see galleries/best.py. y is where they begin.
  show(found, whole, y = this.box.y) {
    this.found = {
      ...found,
      values: unpack(found.values),
      patches: unpack(found.patches),
      wholes: unpack(found.wholes),
    };
    const { x, width } = this.box;
    const bottom = this.box.y + this.box.height;
    this.group.replaceChildren();
    svg("text", { x, y: y - 8, class: "head" }, this.group, found.title);
    const count = found.images.length;
    const rows = Math.ceil(9 / this.columns);
    const side = Math.min(
      (width - (this.columns - 1) * PATCH.gap) / this.columns,
      (bottom - y) / rows - PATCH.words - 2,
    );
    this.places = Array.from({ length: count }, (_, p) => ({
      x: x + (p % this.columns) * ((width + PATCH.gap) / this.columns),
      y: y + Math.floor(p / this.columns) * (side + PATCH.words + 2),
      side,
    }));
    this.places.forEach((place, p) => this.patch(p, place, whole));
    if (!count) svg("text", { x, y: y + 20, class: "head" }, this.group, found.words);
  }

  patch(p, place, whole) {
    const { found } = this;
    const attributes = { class: "patch", "data-patch": p, "data-image": found.images[p] };
    const group = svg("g", attributes, this.group);
    const box = this.boxOf(place, whole);
    const { x, y, width, height } = box;
    const corners = { x, y, width, height };
    if (!whole) svg("rect", { ...corners, class: "padding" }, group);
    const url = whole ? this.url(found.wholes, p) : this.url(found.patches, p, this.inside(p));
    svg("image", { ...corners, preserveAspectRatio: "none", class: "pixels", href: url }, group);
    svg("rect", { ...corners, class: "frame" }, group);
    if (whole) fieldMarks(group, box, found.boxes[p], found.seen[p], 4);
    this.patchWords(group, p, place);
  }

  // At its own proportions, in the middle of its place; scale is the side of a pixel.
  boxOf({ x, y, side }, whole) {
    const [rows, columns] = whole ? this.found.size : this.found.pixels;
    const scale = side / Math.max(rows, columns, 1);
    const width = columns * scale;
    const height = rows * scale;
    return { x: x + (side - width) / 2, y: y + (side - height) / 2, width, height, scale };
  }

  patchWords(group, p, { x, y, side }) {
    const { values, labels } = this.found;
    const line = (down, kind, words) =>
      svg(
        "text",
        { x: x + side / 2, "text-anchor": "middle", y: y + side + down, class: kind },
        group,
        words,
      );
    line(14, "patch-value", number(values.values[p]));
    line(28, "patch-label", shortWord(labels[p], (side + PATCH.gap) / 6.4));
  }

  // The part of a patch that holds pixels, in the rows and columns that were sent.
  inside(p) {
    const [, high, wide] = this.found.patches.shape;
    const [top, bottom, left, right] = this.found.inside[p];
    const [down, across] = [high / (this.found.pixels[0] || 1), wide / (this.found.pixels[1] || 1)];
    return [top * down, bottom * down, left * across, right * across];
  }

  // An image of bytes as one that can be drawn; outside of `inside` it lets through what is behind.
  url(images, n, inside = null) {
    const [, H, W, C] = images.shape;
    set(this.canvas, { width: W, height: H });
    const pen = this.canvas.getContext("2d");
    const pixels = pen.createImageData(W, H);
    const [top, bottom, left, right] = inside ?? [0, H, 0, W];
    for (let p = 0; p < H * W; p++) {
      const [row, column] = [Math.floor(p / W) + 0.5, (p % W) + 0.5];
      const seen = row > top && row < bottom && column > left && column < right;
      const at = (c) => images.values[(n * H * W + p) * C + Math.min(c, C - 1)];
      pixels.data.set([at(0), at(1), at(2), seen ? 255 : 0], 4 * p);
    }
    pen.putImageData(pixels, 0, 0);
    return this.canvas.toDataURL();
  }

  find(px, py) {
    return this.places.findIndex(
      ({ x, y, side }) => px >= x && px <= x + side && py >= y && py <= y + side + PATCH.words,
    );
  }

  words(p, flat) {
    const { found } = this;
    const [top, bottom, left, right] = found.seen[p];
    const [i, j] = found.places[p];
    const numbers = {
      picture: found.names[p],
      value: number(found.values.values[p]),
      i,
      j,
      top,
      bottom: bottom - 1,
      left,
      right: right - 1,
    };
    const blind = top >= bottom || left >= right;
    return this.say(
      blind ? "gallery.hover_blind" : flat ? "gallery.hover_score" : "gallery.hover_patch",
      numbers,
    );
  }

  hide() {
    this.found = null;
    this.places = [];
    this.group.replaceChildren();
  }
}

// A field on an image: what is seen of it in full, what reaches beyond the image dashed, but no further than `margin`.
export function fieldMarks(parent, { x, y, width, height, scale }, field, seen, margin) {
  const [top, bottom, left, right] = field;
  const outline = (class_, [t, b, l, r]) => {
    if (b <= t || r <= l) return;
    const [down, up] = [t, b].map((edge) => clamp(edge * scale, -margin, height + margin));
    const [from, to] = [l, r].map((edge) => clamp(edge * scale, -margin, width + margin));
    const box = { x: x + from, y: y + down, width: to - from, height: up - down };
    svg("rect", { ...box, class: `field-back ${class_}` }, parent);
    svg("rect", { ...box, class: `field ${class_}` }, parent);
  };
  const beyond = [top, bottom, left, right].some((edge, n) => edge !== seen[n]);
  if (beyond) outline("beyond-field", [top, bottom, left, right]);
  outline("seen-field", seen);
}
