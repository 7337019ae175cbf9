// The drawing of the FilterLab: two images in pixels, the weights as cells, and the sum behind one pixel.

import { absMax, html, number, percent, set, svg, unpack } from "../../shared/web/dom.js";
import { Drawing } from "../../shared/web/frame.js";
import { LAB, labLayout } from "./layout.js";
import {
  labBiases,
  labGrids,
  labInput,
  labMisfit,
  labResult,
  labSlices,
  nameMix,
} from "./build.js";
import { legend } from "../../shared/web/colour.js";
import { Marks } from "../../shared/web/slice.js";
import { CHANNELS, colourPixels } from "./pixels.js";
import { shrinkText } from "./grid.js";
import { explainPixel } from "./explain.js";
import { sumWords } from "./words.js";
import { LabWindow } from "./window.js";
import { button, setTrait } from "../../shared/web/controls.js";

const WORTH_SAYING = 0.005; // of all values: what is less is not mentioned

/**
 * @typedef {import("../../shared/web/types.js").Unpacked} Unpacked
 * @typedef {object} LabScene  What Python's scene.scene says, its arrays unpacked.
 * @property {string} mode
 * @property {Unpacked} w  (K, F, F, C)
 * @property {Unpacked} b  (K,)
 * @property {Unpacked} [y]  (OH, OW, K), missing where the filter does not fit
 * @property {number[]} sums  of the weights of each slice
 * @property {number} outputs
 * @property {number[]} [rows]  where the windows begin
 * @property {number[]} [columns]
 * @property {number[][]} pads
 * @property {number[][]} unread
 * @property {(number[] | null)[]} overhang
 * @property {number} [largest]  the end of the scale of the result
 * @property {number[]} [beyond]  shares below 0 and above white
 * @property {number} [clipped]
 * @property {number} [low]  of a result in bytes
 * @property {number} [step]
 * @property {string} note
 * @property {any} problem
 */

export class LabDrawing extends Drawing {
  constructor(parts, model) {
    super(parts, model);
    /** @type {Unpacked} */
    this.x = null; // the image (H, W, C)
    this.white = 1; // the value that is white in it
    this.inputPainted = false;
    /** @type {LabScene} */
    this.scene = null;
    this.key = null; // of what the drawing was built for
    this.explained = null; // the pixel whose sum is shown
    /** @type {import("./grid.js").LabGrid[]} */
    this.grids = [];
    /** @type {import("./pixels.js").Pixels} */
    this.result = null;
  }

  takeImage(image) {
    this.x = unpack(image.x);
    this.white = image.white;
    this.key = null;
  }

  // A new scene: while only numbers change, the drawing stays. Returns whether it was built again.
  take(scene) {
    for (const name of ["w", "b", "y"]) if (scene[name]) scene[name] = unpack(scene[name]);
    this.scene = scene;
    const { mode, w, y, rows, columns, pads, unread, overhang } = scene;
    const key = JSON.stringify([
      this.x.shape,
      mode,
      w.shape,
      y?.shape,
      rows?.slice(0, 2),
      columns?.slice(0, 2),
      pads,
      unread,
      overhang,
    ]);
    const isNew = key !== this.key;
    if (isNew) this.build();
    this.key = key;
    this.recolour();
    return isNew;
  }

  build() {
    this.body?.remove();
    this.layout = labLayout(this);
    set(this.svgElement, {
      viewBox: `-3 0 ${LAB.wide + 6} ${LAB.high}`,
      preserveAspectRatio: "xMinYMin meet",
    });
    this.body = svg("g", {}, this.svgElement);
    this.input = labInput(this.body, this);
    this.inputPainted = false;
    this.result = this.scene.outputs ? labResult(this.body, this) : null;
    this.buildFilter();
    labMisfit(this.body, this);
    this.grids = [];
    if (this.scene.outputs) {
      this.grids = labGrids(this.body, this);
      this.buildLedger();
      this.buildFoot();
      this.window = new LabWindow(this.body, this);
    }
    this.marks = Object.fromEntries(
      ["lit", "pinned", "selected"].map((kind) => [kind, new Marks(this.body, kind)]),
    );
  }

  buildFilter() {
    const { layout, scene, body } = this;
    this.slices = labSlices(body, this);
    if (scene.mode === "mix") nameMix(body, this);
    this.biases = labBiases(body, this);
    const [x, y] = layout.sumAt;
    this.sum = svg("text", { x, y, class: "sum" }, body);
  }

  buildLedger() {
    const { layout, body } = this;
    const [x] = layout.gridAt(0);
    const at = (n) => (n + 0.5) * layout.ledgerCell;
    const text = (place, kind, words = "") => svg("text", { ...place, class: kind }, body, words);
    const right = x + layout.side * layout.ledgerCell + 10;
    this.sums = CHANNELS.map((_, n) =>
      text({ x: right, y: layout.ledgerTop + at(n) + 6 }, "row-sum"),
    );
    this.heads = CHANNELS.map((_, n) =>
      text({ x: x + at(n), y: layout.ledgerTop - 6, "text-anchor": "middle" }, "mix-name"),
    );
    if (layout.times)
      text({ x: layout.times[0], y: layout.times[1] + 7, "text-anchor": "middle" }, "times", "×");
  }

  // At the foot: the window as it looks, the total in numbers, and the pixel that comes of it.
  buildFoot() {
    const { layout, scene } = this;
    const { foot, patch, swatch, middleX, middleWide, totalX } = layout;
    const F = scene.w.shape[1];
    const s = patch / F;
    this.patch = Array.from({ length: patch ? F * F : 0 }, (_, n) =>
      svg(
        "rect",
        { x: middleX + (n % F) * s, y: foot + Math.floor(n / F) * s, width: s, height: s },
        this.body,
      ),
    );
    if (patch)
      svg("rect", { x: middleX, y: foot, width: patch, height: patch, class: "frame" }, this.body);
    const end = middleX + middleWide - swatch;
    this.swatch = svg(
      "rect",
      { x: end, y: foot, width: swatch, height: swatch, class: "swatch" },
      this.body,
    );
    this.total = [0, 1].map((n) =>
      svg("text", { x: totalX, y: foot + 17 + 26 * n, class: n ? "total" : "addends" }, this.body),
    );
  }

  // Colours and digits of all that does not depend on the pixel explained.
  recolour() {
    this.paintImages();
    this.paintWeights();
    this.paintScales();
    this.explained = null;
  }

  get signed() {
    return this.model.get("shown") === "signed";
  }

  // The end of the scale of the result.
  get limit() {
    return this.signed ? this.scene.largest : this.white;
  }

  // A value of the result: in a page that carries many results they are coded in a byte each.
  decoded(code) {
    return this.scene.step === undefined ? code : this.scene.low + code * this.scene.step;
  }

  paintImages() {
    const { x, scene, dark } = this;
    if (!this.inputPainted)
      this.input.paint(colourPixels(x, (value) => value, this.white, false, dark));
    this.inputPainted = true;
    if (scene.outputs)
      this.result.paint(
        colourPixels(scene.y, (code) => this.decoded(code), this.limit, this.signed, dark),
      );
  }

  weight(n, r, c) {
    return this.scene.mode === "mix" ? this.scene.w.at(r, 0, 0, c) : this.scene.w.at(0, r, c, n);
  }

  paintWeights() {
    const { scene, dark, say } = this;
    const limit = absMax([...scene.w.values, ...scene.b.values]);
    this.slices.forEach((slice, n) =>
      slice.paint((r, c) => this.weight(n, r, c), limit, "signed", dark),
    );
    this.biases.forEach((slice, k) => slice.paint(() => scene.b.at(k), limit, "signed", dark));
    shrinkText(
      this.sum,
      scene.mode === "mix" ? say("filterlab.pixel_times") : sumWords(scene, say),
      this.layout.sumRoom,
    );
  }

  paintScales() {
    const { scene, dark, parts, signed } = this;
    parts.scales.replaceChildren();
    if (scene.outputs && !signed) this.tellBeyond();
    if (scene.outputs && signed && scene.clipped >= WORTH_SAYING)
      html(
        "span",
        {},
        parts.scales,
        this.say("filterlab.clipped", {
          share: percent(scene.clipped),
          end: number(scene.largest),
        }),
      );
    legend(parts.scales, "W", absMax(scene.w.values), "signed", dark);
    if (!scene.outputs) return;
    if (signed && scene.y.shape[2] === 3)
      html("span", {}, parts.scales, this.say("filterlab.grey_is_zero"));
    else legend(parts.scales, "V", this.limit, signed ? "signed" : "grey", dark);
  }

  // Which part of the result an image cannot show, and a button that shows it.
  tellBeyond() {
    const { scene, parts, say, model } = this;
    const [below, above] = scene.beyond.map((share) => (share < WORTH_SAYING ? 0 : share));
    if (!below && !above) return;
    const box = html("span", { class: "beyond-scale" }, parts.scales);
    if (below) html("span", {}, box, say("filterlab.below", { share: percent(below) }));
    if (above)
      html(
        "span",
        {},
        box,
        say("filterlab.above", { share: percent(above), white: number(this.white) }),
      );
    button(box, say("filterlab.shown_signed"), say("filterlab.shown_signed"), () =>
      setTrait(model, "shown", "signed"),
    );
  }

  // Show how pixel n is made; upto hides the pixels after it while the window scans.
  paint({ n, upto }) {
    if (!this.scene.outputs) return;
    this.window.cover(upto);
    if (this.explained === n) return;
    this.explained = n;
    this.window.move(n);
    explainPixel(this, n);
  }
}
