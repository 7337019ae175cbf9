// The ActivationGallery's drawing: the image, the maps of a page, and the chosen one large under the image. A place
// of a map is outlined together with what it sees of the image.

import { GalleryDrawing } from "../../galleries/web/drawing.js";
import { fieldMarks } from "../../galleries/web/patches.js";
import { colourOf, css, inkOn } from "../../shared/web/colour.js";
import { number, shortWord, svg, unpack } from "../../shared/web/dom.js";
import { MapImage } from "../../shared/web/maps.js";

const MAPS = {
  width: 1180,
  height: 462,
  image: { x: 2, y: 28, side: 198 },
  large: { x: 2, y: 258, side: 198 },
  tiles: { x: 226, y: 28, width: 600, height: 426 },
  patches: { x: 850, y: 28, width: 328, height: 430 },
  columns: 3,
};

export class MapsDrawing extends GalleryDrawing {
  constructor(parts, model) {
    super(parts, model, MAPS);
    this.beside = svg("g", { class: "beside" }, this.body);
    this.imageTitle = svg(
      "text",
      { x: MAPS.image.x, y: MAPS.image.y - 9, class: "head" },
      this.body,
    );
    this.field = svg("g", { class: "fields" }, this.body);
    this.spot = ["mark-back", "mark-front"].map((part) =>
      svg("path", { class: `mark ${part} lit` }, this.body),
    );
    this.map = null; // the chosen one, large
    this.values = null; // of it
    this.sheet = null; // where the image stands, and the side of a pixel
  }

  unpacked(packed) {
    this.paintImage(packed);
    return {
      fields: packed.fields.map(({ rows, columns }) => ({
        rows: unpack(rows),
        columns: unpack(columns),
      })),
    };
  }

  // The image, at its own proportions.
  paintImage({ image, pixels: [H, W], image_title }) {
    this.beside.replaceChildren();
    this.imageTitle.textContent = shortWord(image_title, 25);
    const scale = MAPS.image.side / Math.max(H, W);
    const { x, y } = MAPS.image;
    const box = { x, y, width: W * scale, height: H * scale };
    this.sheet = { ...box, scale };
    const found = unpack(image);
    const bytes = { ...found, shape: [1, ...found.shape] };
    svg(
      "image",
      { ...box, preserveAspectRatio: "none", class: "pixels", href: this.patches.url(bytes, 0) },
      this.beside,
    );
    svg("rect", { ...box, class: "frame" }, this.beside);
  }

  paintLarge() {
    const { detail, large, dark } = this;
    const { x, y, side } = MAPS.large;
    const values = unpack(detail.map);
    const [H, W] = values.shape;
    large.replaceChildren();
    svg("text", { x, y: y - 9, class: "head" }, large, detail.heading);
    this.limitShown = this.limitOfLarge();
    const scale = (H * W === 1 ? 90 : side) / Math.max(H, W);
    this.map = new MapImage(large, { x, y, width: W * scale, height: H * scale }, H, W, {
      "data-kind": "large",
    });
    this.values = values;
    this.map.paint(values.values, [-this.limitShown, this.limitShown], "signed", dark);
    if (H * W > 1) return;
    const rgb = colourOf(values.values[0], this.limitShown, "signed", dark);
    svg(
      "rect",
      { x, y, width: scale, height: scale, class: "cell", style: `fill: ${css(rgb)}` },
      large,
    );
    svg(
      "text",
      {
        x: x + scale / 2,
        y: y + scale / 2 + 7,
        class: "large-value",
        "text-anchor": "middle",
        style: `fill: ${inkOn(rgb)}`,
      },
      large,
      number(values.values[0]),
    );
  }

  // A place of the large map or of a tile; of a tile that is shrunk, the place in the middle of what its cell covers.
  find(px, py) {
    const at = this.detail && this.map?.find(px, py);
    if (at)
      return {
        n: this.scene.units.indexOf(this.detail.unit),
        unit: this.detail.unit,
        i: at.row,
        j: at.column,
        value: this.values.at(at.row, at.column),
      };
    const tile = this.tiles.find(px, py);
    if (!tile || tile.row === undefined) return tile;
    const [H, W] = this.scene.shape;
    const { h, w } = this.tiles;
    const [i, j] = [
      Math.floor(((tile.row + 0.5) * H) / h),
      Math.floor(((tile.column + 0.5) * W) / w),
    ];
    return {
      ...tile,
      i,
      j,
      value: this.scene.tiles.at(tile.n, 0, tile.row, tile.column),
      about: h !== H || w !== W,
    };
  }

  hover(at) {
    const { svgElement } = this.parts;
    this.mark(at);
    if (!at) return void (svgElement.dataset.lit = "");
    if (at.i === undefined && this.tiles.h * this.tiles.w === 1)
      Object.assign(at, { i: 0, j: 0, value: this.scene.tiles.at(at.n, 0, 0, 0) });
    const { unit, i, j, value } = at;
    const seen = i === undefined ? null : this.seenBy(at);
    svgElement.dataset.lit = JSON.stringify({
      unit,
      i,
      j,
      value,
      box: seen?.box,
      seen: seen?.seen,
    });
    if (i === undefined) return this.say("activationgallery.large", { unit });
    return this.words(at, seen);
  }

  words({ unit, i, j, value, about }, seen) {
    const numbers = { unit, i, j, value: number(value) };
    if (about) return this.say("activationgallery.about", numbers);
    if (!seen) return this.say("activationgallery.value_plain", numbers);
    const [top, bottom, left, right] = seen.seen;
    if (top >= bottom || left >= right) return this.say("activationgallery.value_blind", numbers);
    return this.say("activationgallery.value", {
      ...numbers,
      top,
      bottom: bottom - 1,
      left,
      right: right - 1,
    });
  }

  // The field of a place: {box, seen}, each [top, bottom, left, right].
  seenBy({ n, i, j }) {
    const table = this.scene.fields[this.scene.field_of[Math.max(0, n)]];
    if (!table) return null;
    const row = (part) => table.rows.at(i, part);
    const column = (part) => table.columns.at(j, part);
    return {
      box: [row(0), row(1), column(0), column(1)],
      seen: [row(2), row(3), column(2), column(3)],
    };
  }

  // Outline the place on its tile and on the large map, and its field on the image.
  mark(at) {
    this.field.replaceChildren();
    const placed = at && at.i !== undefined;
    const outline = placed ? this.inLarge(at) + this.inTile(at) : "";
    for (const path of this.spot) path.setAttribute("d", outline);
    const seen = placed && this.seenBy(at);
    if (seen) fieldMarks(this.field, this.sheet, seen.box, seen.seen, 14);
  }

  inLarge({ unit, i, j }) {
    const isShown = this.detail?.unit === unit && this.map && this.map.rows > 1;
    return isShown ? this.map.outline(i, j) : "";
  }

  inTile({ n, i, j }) {
    if (n < 0 || this.tiles.h * this.tiles.w === 1) return "";
    const { x, y, width, height } = this.tiles.boxOf(n);
    const [H, W] = this.scene.shape;
    const [high, wide] = [Math.max(height / H, 7), Math.max(width / W, 7)];
    return `M${x + ((j + 0.5) * width) / W - wide / 2} ${y + ((i + 0.5) * height) / H - high / 2}h${wide}v${high}h${-wide}z`;
  }
}
