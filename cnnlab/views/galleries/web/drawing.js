// The drawing of both galleries: tiles to choose from, the chosen unit large, and the patches that excite it most.

import { html, set, svg, unpack } from "../../shared/web/dom.js";
import { Drawing, showProblem, speak } from "../../shared/web/frame.js";
import { UnitTiles } from "./tiles.js";
import { Patches } from "./patches.js";
import { legend } from "../../shared/web/colour.js";

/**
 * @typedef {object} GalleryScene  What Python says of a page of units, its arrays unpacked.
 * @property {string} layer
 * @property {number[]} units  of the page
 * @property {string[]} marks  of each: "dead" or ""
 * @property {string[]} [names]
 * @property {any} plan  how tiles are laid out
 * @property {any} tiles  (units, C, h, w)
 * @property {any} largest  the end of the colours of each unit
 * @property {number} limit  of the layer
 * @property {number} network  and of the whole net
 * @property {boolean} [coloured]
 * @property {boolean} [flat]
 * @property {number} pages
 * @property {[string, string][]} layers
 * @property {any} [problem]
 * @property {string} [note]
 * @property {string} sentence
 */

export class GalleryDrawing extends Drawing {
  // options: height and width of the drawing; tiles and patches, their boxes; columns of patches.
  constructor(parts, model, { width, height, tiles, patches, columns }) {
    super(parts, model);
    set(parts.svgElement, {
      viewBox: `0 0 ${width} ${height}`,
      preserveAspectRatio: "xMidYMin meet",
    });
    this.body = svg("g", {}, parts.svgElement);
    this.heading = svg("text", { x: tiles.x, y: tiles.y - 9, class: "head page-title" }, this.body);
    this.tiles = new UnitTiles(this.body, tiles, this.say);
    this.large = svg("g", { class: "large" }, this.body);
    this.patches = new Patches(this.body, patches, columns, this.say);
    /** @type {any} */
    this.scene = null;
    this.detail = null; // what is shown large, or null
    this.cursor = -1; // the tile pointed at, or −1
    this.numbers = html("b", { class: "numbers" }, parts.lines);
    this.bestWords = html("span", { class: "best-words" }, parts.lines);
  }

  get scope() {
    return this.model.get("scope");
  }

  // What a colour scale ends with, for tile n.
  limitOf(n) {
    const { scene, scope } = this;
    return scope === "unit"
      ? scene.largest.values[n]
      : scope === "network"
        ? scene.network
        : scene.limit;
  }

  // The same for the unit that is shown large.
  limitOfLarge() {
    const { scene, scope, detail } = this;
    return scope === "unit" ? detail.largest : scope === "network" ? scene.network : scene.limit;
  }

  get empty() {
    return !this.scene.units.length;
  }

  takeScene(packed) {
    const { parts } = this;
    this.scene = packed.units.length
      ? {
          ...packed,
          tiles: unpack(packed.tiles),
          largest: unpack(packed.largest),
          ...this.unpacked(packed),
        }
      : packed;
    this.heading.textContent = packed.title ?? "";
    showProblem(parts, this.model, packed.problem);
    parts.problem.classList.toggle("mild", Boolean(packed.problem?.mild));
    if (this.empty) this.tiles.hide();
    else this.tiles.build(this.scene);
    this.cursor = Math.min(this.cursor, packed.units.length - 1);
    this.paint();
    speak(parts, this.model, packed.sentence);
  }

  /**
   * A subclass unpacks what is its own of a scene.
   * @type {(packed: any) => object}
   */
  unpacked() {
    return {};
  }

  // A subclass draws the chosen unit.
  paintLarge() {}

  takeDetail(packed) {
    this.detail = packed.unit === undefined ? null : packed;
    if (!this.detail) {
      this.large.replaceChildren();
      this.patches.hide();
      this.numbers.textContent = this.bestWords.textContent = "";
      return;
    }
    this.numbers.textContent = packed.numbers;
    this.bestWords.textContent = packed.words;
    this.showPatches();
    this.paintLarge();
    this.outline();
  }

  showPatches() {
    if (this.detail) this.patches.show(this.detail, this.model.get("whole"));
  }

  outline() {
    this.tiles.outline(
      0,
      this.empty || !this.detail ? -1 : this.scene.units.indexOf(this.detail.unit),
    );
    this.tiles.outline(1, this.cursor);
  }

  paint() {
    if (!this.empty) this.tiles.paint((n) => this.limitOf(n), this.dark);
    if (this.detail && this.scene.layer === this.detail.layer) this.paintLarge();
    this.outline();
    this.scales();
  }

  scales() {
    const { parts, scope, scene, say, dark } = this;
    parts.scales.replaceChildren();
    if (this.empty) return;
    if (scene.coloured)
      html("span", { class: "legend" }, parts.scales, say("gallery.scale_colour"));
    if (scope === "unit")
      html("span", { class: "legend" }, parts.scales, say("gallery.scale_unit"));
    else
      legend(
        parts.scales,
        say(`gallery.scale_${scope}`),
        scope === "network" ? scene.network : scene.limit,
        "signed",
        dark,
      );
  }
}
